"""Lines by column → the cells of a CountTable: what is counted of one place in one second."""

from __future__ import annotations

import numpy as np

from collector.core.line_index import rows_of
from collector.lib.log_buckets import LARGEST_INDEX, SMALLEST_INDEX, bucket_indices
from collector.models.count_table import HistogramTable
from collector.models.packed_column import Column

_BUCKETS = LARGEST_INDEX - SMALLEST_INDEX + 1
#: Possible cells for each line up to which a flag for each is cheaper than sorting the lines.
_DENSE = 16


class CellColumns:
    """Lines grouped by (second, place)."""

    def __init__(self, second: Column, place: Column, places: int) -> None:
        """
        Args:
            place: number of what each line is counted under.
            places: how many there are.
        """
        first_second = second.min(initial=2**62)
        cells, self._cell = _number((second - first_second) * places + place)
        #: Lines of each cell.
        self.count: Column = np.bincount(self._cell, minlength=len(cells))
        self.second: Column = first_second + cells // places
        self.place: Column = cells % places

    def rank(self) -> Column:
        """How many lines of the same cell stand before each line."""
        order = np.argsort(self._cell, kind="stable")
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order)) - np.repeat(np.cumsum(self.count) - self.count, self.count)
        return rank

    def sums(self, sizes: Column) -> Column:
        """Of each cell; in all less than 2⁵³."""
        return np.bincount(self._cell, weights=sizes, minlength=len(self.count)).astype(np.int64)

    def histograms(self, values_us: Column) -> HistogramTable:
        """Of each cell, of the values that are not negative."""
        lines = rows_of(values_us >= 0)
        places = self._cell[lines] * _BUCKETS + (bucket_indices(values_us[lines]) - SMALLEST_INDEX)
        found, count = _count(places)
        return HistogramTable(found // _BUCKETS, found % _BUCKETS + SMALLEST_INDEX, count)


def _count(values: Column) -> tuple[Column, Column]:
    """The distinct values in their order, and how often each comes. As np.unique, in half its time."""
    if not len(values):
        return values, values
    values = np.sort(values)
    first = rows_of(np.append(True, values[1:] != values[:-1]))
    return values[first], np.diff(first, append=len(values))


def _number(groups: Column) -> tuple[Column, Column]:
    """The distinct groups, none negative, in their order, and for each line which one is its own."""
    most = int(groups.max(initial=0)) + 1
    if most > _DENSE * len(groups):
        return np.unique(groups, return_inverse=True)
    used = np.zeros(most, np.bool_)
    used[groups] = True
    found = rows_of(used)
    numbers = np.empty(most, np.int64)
    numbers[found] = np.arange(len(found))
    return found, numbers[groups]
