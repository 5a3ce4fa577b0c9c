"""Lines by column → the cells of a CountTable: what is counted of one place in one second."""

from __future__ import annotations

import numpy as np

from collector.lib.log_buckets import LARGEST_INDEX, SMALLEST_INDEX, bucket_indices
from collector.models.count_table import Column, HistogramTable

_BUCKETS = LARGEST_INDEX - SMALLEST_INDEX + 1


class CellColumns:
    """Lines grouped by (second, place)."""

    def __init__(self, second: Column, place: Column, places: int) -> None:
        """
        Args:
            place: number of what each line is counted under.
            places: how many there are.
        """
        first_second = second.min(initial=0)
        group = (second - first_second) * places + place
        self._order = np.argsort(group, kind="stable")
        ordered = group[self._order]
        self._begins = np.concatenate((np.zeros(1, np.int64), np.flatnonzero(ordered[1:] != ordered[:-1]) + 1))
        #: Lines of each cell.
        self.count: Column = np.diff(self._begins, append=len(group))
        cells = ordered[self._begins]
        self.second: Column = first_second + cells // places
        self.place: Column = cells % places
        self._cell = np.empty(len(group), np.int64)
        self._cell[self._order] = np.repeat(np.arange(len(cells)), self.count)

    def rank(self) -> Column:
        """How many lines of the same cell stand before each line."""
        rank = np.empty(len(self._order), np.int64)
        rank[self._order] = np.arange(len(rank)) - np.repeat(self._begins, self.count)
        return rank

    def sums(self, values: Column) -> Column:
        """Of each cell."""
        return np.add.reduceat(values[self._order], self._begins)

    def histograms(self, values_us: Column) -> HistogramTable:
        """Of each cell, of the values that are not negative."""
        lines = np.flatnonzero(values_us >= 0)
        places = self._cell[lines] * _BUCKETS + (bucket_indices(values_us[lines]) - SMALLEST_INDEX)
        found, count = np.unique(places, return_counts=True)
        return HistogramTable(found // _BUCKETS, found % _BUCKETS + SMALLEST_INDEX, count.astype(np.int64))
