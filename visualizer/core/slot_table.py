"""
Sums by slot, by column: what many batches say of one activity on one server in one second, or in a bucket of several.
Their cost grows with distinct slots, not with lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from collector.lib.log_buckets import LARGEST_INDEX, SMALLEST_INDEX
from collector.models.count_table import HistogramTable
from collector.models.packed_column import Column
from visualizer.core.counts import Counts

Times = npt.NDArray[np.float64]
_BUCKETS = LARGEST_INDEX - SMALLEST_INDEX + 1
_STATUSES = 4
#: A table of all that could be counted may be so many times longer than what is.
_FEW_TIMES = 8


@dataclass(frozen=True, slots=True)
class CellTable:
    """Cells of any number of batches, with the ids of the tables. The same cell may come again in another row."""

    #: Unix second.
    second: Column
    #: Id of the activity.
    activity: Column
    #: Id of the server.
    server: Column
    #: A Status.
    status: Column
    #: How many lines.
    count: Column
    #: Unix time of the newest line, as fine as is known.
    last_s: Times
    #: Durations and stream ages, by row of this table.
    durations: HistogramTable
    stream_ages: HistogramTable

    def __len__(self) -> int:
        return len(self.second)

    def where(self, kept: npt.NDArray[np.bool_]) -> CellTable:
        """Only some of the rows."""
        if kept.all():
            return self
        cells: list[Any] = [
            column[kept] for column in (self.second, self.activity, self.server, self.status, self.count, self.last_s)
        ]
        return CellTable(*cells, *histograms_where(kept, self.durations, self.stream_ages))


@dataclass(frozen=True, slots=True)
class SlotTable:
    """Runs by slot: each slot once, in the order of start, activity and server."""

    #: Unix second the slot begins with; 0 in totals.
    start_s: Column
    #: Id of the activity.
    activity: Column
    #: Id of the server; 0 where servers are summed up.
    server: Column
    #: Lines by Status: a row a slot, four columns.
    statuses: Column
    #: Unix time of the newest line.
    last_s: Times
    #: Durations and stream ages by row of this table, sorted, each bucket once.
    durations: HistogramTable
    stream_ages: HistogramTable

    def __len__(self) -> int:
        return len(self.start_s)

    def __iter__(self) -> Iterator[tuple[tuple[int, int, int], Counts]]:
        """((start_s, activity id, server id), counts) of each slot."""
        keys = zip(self.start_s.tolist(), self.activity.tolist(), self.server.tolist(), strict=True)
        durations, stream_ages = (_by_row(each, len(self)) for each in (self.durations, self.stream_ages))
        for row, (key, statuses, last_s) in enumerate(
            zip(keys, self.statuses.tolist(), self.last_s.tolist(), strict=True)
        ):
            counts = Counts()
            counts.statuses, counts.last_s = statuses, last_s
            counts.durations, counts.stream_ages = durations[row], stream_ages[row]
            yield key, counts

    @property
    def open_runs(self) -> Column:
        """Started − ended, by slot."""
        runs: Column = self.statuses[:, 0] - self.statuses[:, 1:].sum(axis=1)
        return runs


def slots_of(cells: CellTable, *, width_s: int) -> SlotTable:
    """The cells summed up in buckets of this width."""
    return _summed(cells, cells.second - cells.second % width_s, cells.server)


def totals_of(slots: SlotTable) -> SlotTable:
    """The same runs by activity and server alone, without histograms."""
    nothing = np.zeros_like(slots.start_s)
    (start_s, activity, server), row = distinct(nothing, slots.activity, slots.server)
    rows = len(start_s)
    statuses = [np.bincount(row, column, rows).astype(np.int64) for column in slots.statuses.T]
    empty = HistogramTable.of([])
    return SlotTable(
        start_s, activity, server, np.stack(statuses, axis=1), newest(slots.last_s, row, rows), empty, empty
    )


def without_servers(cells: CellTable) -> SlotTable:
    """The cells by second and activity."""
    return _summed(cells, cells.second, np.zeros_like(cells.server))


def histograms_where(kept: npt.NDArray[np.bool_], *tables: HistogramTable) -> list[HistogramTable]:
    """Histograms of some of the rows, by their new numbers."""
    row = np.cumsum(kept) - 1
    chosen = [(each, kept[each.cell]) for each in tables]
    return [HistogramTable(row[each.cell[few]], each.bucket[few], each.count[few]) for each, few in chosen]


def grouped(histogram: HistogramTable, row: Column) -> HistogramTable:
    """A histogram by the rows its cells belong to: sorted, each pair of row and bucket once."""
    code = row[histogram.cell] * _BUCKETS + (histogram.bucket - SMALLEST_INDEX)
    if len(code) and (most := int(code.max()) + 1) <= len(code) * _FEW_TIMES:
        # Many entries of few rows, as charts of years have them: without sorting them.
        sums = np.bincount(code, histogram.count, most)
        codes = np.flatnonzero(sums)
        count = sums[codes].astype(np.int64)
    else:
        codes, place = np.unique(code, return_inverse=True)
        count = np.bincount(place, histogram.count, len(codes)).astype(np.int64)
    cell, bucket = np.divmod(codes, _BUCKETS)
    return HistogramTable(cell, bucket + SMALLEST_INDEX, count)


def _summed(cells: CellTable, start_s: Column, server: Column) -> SlotTable:
    (start_s, activity, server), row = distinct(start_s, cells.activity, server)
    rows = len(start_s)
    statuses = np.bincount(row * _STATUSES + cells.status, cells.count, rows * _STATUSES).astype(np.int64)
    return SlotTable(
        start_s,
        activity,
        server,
        statuses.reshape(rows, _STATUSES),
        newest(cells.last_s, row, rows),
        grouped(cells.durations, row),
        grouped(cells.stream_ages, row),
    )


def distinct(*columns: Column) -> tuple[Sequence[Column], Column]:
    """The distinct rows of these columns, sorted, and for each row which of them it is."""
    if not len(columns[0]):
        return columns, np.empty(0, np.int64)
    # One number a row sorts ten times as fast as several. Ids are far apart only where much was deleted.
    lows, spans = _ranges(columns)
    if prod(spans) >= 2**63:
        values, ranks = zip(*(np.unique(column, return_inverse=True) for column in columns), strict=True)
        found, row = distinct(*ranks)
        return [value[rank] for value, rank in zip(values, found, strict=True)], row
    code = np.zeros(len(columns[0]), np.int64)
    for column, low, span in zip(columns, lows, spans, strict=True):
        code = code * span + (column - low)
    codes, row = np.unique(code, return_inverse=True)
    parts = []
    for low, span in zip(reversed(lows), reversed(spans), strict=True):
        codes, part = np.divmod(codes, span)
        parts.append(part + low)
    return parts[::-1], row


def _ranges(columns: Sequence[Column]) -> tuple[list[int], list[int]]:
    lows = [int(column.min()) for column in columns]
    return lows, [int(column.max()) - low + 1 for column, low in zip(columns, lows, strict=True)]


def newest(last_s: Times, row: Column, rows: int) -> Times:
    """The newest of the times of each row."""
    found = np.zeros(rows)
    np.maximum.at(found, row, last_s)
    return found


def _by_row(histogram: HistogramTable, rows: int) -> list[dict[int, int]]:
    """A mapping bucket → count for each row."""
    ends = np.searchsorted(histogram.cell, np.arange(rows), side="right").tolist()
    buckets, counts = histogram.bucket.tolist(), histogram.count.tolist()
    made, start = [], 0
    for end in ends:
        made.append(dict(zip(buckets[start:end], counts[start:end], strict=True)))
        start = end
    return made
