"""
CountTable: the counts of a batch as columns. A row is a cell: runs of one activity on one server in one second with
one status. Columns cost the same for one line as for thousands on their way through collector, Redis and rollup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from collector.models.packed_column import FEW, NOTHING, Column, pack_column, pack_numbers, unpack_column

_EMPTY: Column = np.empty(0, np.int64)
_EMPTY.flags.writeable = False
_CELL_COLUMNS = ("second", "key", "server", "status", "count", "size_bytes")
_ALL_COLUMNS = (*_CELL_COLUMNS, "durations", "stream_ages")


class ActivityCount(msgspec.Struct, array_like=True):
    """One cell as a row: what code that counts line by line fills in, and what tests read."""

    #: Unix second of the lines' own time.
    second: int
    #: Index into LogBatch.keys.
    key: int
    #: Index into LogBatch.servers.
    server: int
    #: A Status.
    status: int
    #: How many lines.
    count: int
    #: How many bytes those lines have, newlines included (so that lines found too old move their bytes, too).
    size_bytes: int
    #: Duration bucket index (collector/lib/log_buckets.py) → count; only what carried a duration.
    durations: dict[int, int] = {}
    #: The same for metrics.stream_age: how long the message waited in its stream, ms.
    stream_ages: dict[int, int] = {}


@dataclass(frozen=True, slots=True)
class HistogramTable:
    """Histograms of cells: one row a cell and bucket. The same pair may come again; then the counts add up."""

    #: Row of the cell in its CountTable.
    cell: Column
    #: Bucket index (collector/lib/log_buckets.py).
    bucket: Column
    #: How many durations fell into it.
    count: Column

    @classmethod
    def of(cls, histograms: Sequence[dict[int, int]]) -> HistogramTable:
        """From one mapping a cell, in the cells' order."""
        rows = [(cell, bucket, n) for cell, each in enumerate(histograms) for bucket, n in each.items()]
        return cls(*_columns(rows, 3))

    @classmethod
    def joined(cls, parts: Sequence[HistogramTable], sizes: Sequence[int]) -> HistogramTable:
        """Of tables of so many cells each, one after the other."""
        starts = np.cumsum([0, *sizes])
        return cls(
            np.concatenate([part.cell + start for part, start in zip(parts, starts, strict=False)]),
            np.concatenate([part.bucket for part in parts]),
            np.concatenate([part.count for part in parts]),
        )

    def __len__(self) -> int:
        return len(self.cell)


@dataclass(frozen=True, slots=True)
class CountTable:
    """
    Cells by column. The same cell may come again in another row; then the counts add up. Columns of a few rows are made
    when somebody looks at them: a trickle's batch is packed without.
    """

    #: Unix second of the lines' own time.
    second: Column
    #: Index into LogBatch.keys.
    key: Column
    #: Index into LogBatch.servers.
    server: Column
    #: A Status.
    status: Column
    #: How many lines.
    count: Column
    #: How many bytes those lines have, newlines included.
    size_bytes: Column
    #: Durations of runs, ms.
    durations: HistogramTable
    #: How long messages waited in their stream, ms.
    stream_ages: HistogramTable
    #: What the columns are made of, where that is a few rows.
    _rows: list[ActivityCount] | None = field(default=None, init=False, repr=False)

    @classmethod
    def of(cls, rows: Iterable[ActivityCount]) -> CountTable:
        """From rows."""
        return cls(*_columns_of(list(rows)))

    @classmethod
    def lazily(cls, rows: Iterable[ActivityCount]) -> CountTable:
        """From rows that were counted here, and are not changed any more."""
        rows = list(rows)
        if len(rows) > FEW:
            return cls(*_columns_of(rows))
        table = cls.__new__(cls)
        object.__setattr__(table, "_rows", rows)
        return table

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """A column that is not made yet."""
            if name not in _ALL_COLUMNS:
                raise AttributeError(f"CountTable has no {name}")
            for column, values in zip(_ALL_COLUMNS, _columns_of(self._rows), strict=True):
                object.__setattr__(self, column, values)
            return getattr(self, name)

    @classmethod
    def joined(cls, tables: Sequence[CountTable]) -> CountTable:
        """The rows of several tables, one after the other."""
        if len(tables) == 1:
            return tables[0]
        cells: list[Any] = [np.concatenate([getattr(table, name) for table in tables]) for name in _CELL_COLUMNS]
        sizes = [len(table) for table in tables]
        parts = ([table.durations for table in tables], [table.stream_ages for table in tables])
        return cls(*cells, *(HistogramTable.joined(part, sizes) for part in parts))

    def __len__(self) -> int:
        return len(self.second if self._rows is None else self._rows)

    def __iter__(self) -> Iterator[ActivityCount]:
        """As rows, each with its own histograms."""
        if self._rows is not None:
            return iter(self._rows)
        rows = [
            ActivityCount(*cell) for cell in zip(*(getattr(self, name).tolist() for name in _CELL_COLUMNS), strict=True)
        ]
        for name in ("durations", "stream_ages"):
            table: HistogramTable = getattr(self, name)
            for cell, bucket, n in zip(table.cell.tolist(), table.bucket.tolist(), table.count.tolist(), strict=True):
                histogram = getattr(rows[cell], name)
                histogram[bucket] = histogram.get(bucket, 0) + n
        return iter(rows)

    @property
    def lines(self) -> int:
        """Lines of all cells."""
        if self._rows is not None:
            return sum([row.count for row in self._rows])
        return _sum(self.count)

    @property
    def total_bytes(self) -> int:
        """Bytes of all cells."""
        if self._rows is not None:
            return sum([row.size_bytes for row in self._rows])
        return _sum(self.size_bytes)

    @property
    def newest_second(self) -> int | None:
        """The last one that any cell has; None without cells."""
        if self._rows is not None:
            return max([row.second for row in self._rows], default=None)
        return int(self.second.max()) if len(self) else None


class PackedCounts(msgspec.Struct, array_like=True):
    """A CountTable on the wire: each field is a packed column."""

    second: bytes
    key: bytes
    server: bytes
    status: bytes
    count: bytes
    size_bytes: bytes
    #: cell, bucket, count
    durations: tuple[bytes, bytes, bytes]
    stream_ages: tuple[bytes, bytes, bytes]


def pack_counts(table: CountTable) -> PackedCounts:
    """The wire form."""
    if table._rows is not None:
        return _pack_rows(table._rows)
    histograms = [
        (pack_column(each.cell), pack_column(each.bucket), pack_column(each.count))
        for each in (table.durations, table.stream_ages)
    ]
    cells: list[Any] = [pack_column(getattr(table, name)) for name in _CELL_COLUMNS]
    return PackedCounts(*cells, *histograms)


def unpack_counts(packed: PackedCounts) -> CountTable:
    """
    The table of a wire form.

    Raises:
        msgspec.ValidationError: a column is damaged, columns differ in length, or a histogram is of no cell.
    """
    cells: list[Any] = [unpack_column(getattr(packed, name)) for name in _CELL_COLUMNS]
    histograms = [HistogramTable(*map(unpack_column, columns)) for columns in (packed.durations, packed.stream_ages)]
    for columns in (cells, *([each.cell, each.bucket, each.count] for each in histograms)):
        if len({len(column) for column in columns}) != 1:
            raise msgspec.ValidationError("columns of counts differ in length")
    for each in histograms:
        if len(each) and not (each.cell.min() >= 0 and each.cell.max() < len(cells[0])):
            raise msgspec.ValidationError("a histogram belongs to no cell")
    return CountTable(*cells, *histograms)


def _columns_of(rows: Sequence[ActivityCount]) -> list[Any]:
    histograms = [HistogramTable.of([r.durations for r in rows]), HistogramTable.of([r.stream_ages for r in rows])]
    return [*_columns([_cell(row) for row in rows], len(_CELL_COLUMNS)), *histograms]


def _cell(row: ActivityCount) -> tuple[int, ...]:
    return row.second, row.key, row.server, int(row.status), row.count, row.size_bytes


def _columns(rows: Sequence[tuple[int, ...]], width: int) -> list[Any]:
    return list(np.array(rows, np.int64).T) if rows else [_EMPTY] * width


def _sum(column: Column) -> int:
    return sum(column.tolist()) if len(column) <= FEW else int(column.sum())


def _pack_rows(rows: Sequence[ActivityCount]) -> PackedCounts:
    columns: Any = zip(*map(_cell, rows), strict=True) if rows else [()] * len(_CELL_COLUMNS)
    cells: list[Any] = [pack_numbers(column) for column in columns]
    histograms = [_pack_histograms([r.durations for r in rows]), _pack_histograms([r.stream_ages for r in rows])]
    return PackedCounts(*cells, *histograms)


def _pack_histograms(histograms: Sequence[dict[int, int]]) -> tuple[bytes, bytes, bytes]:
    if not any(histograms):
        return NOTHING, NOTHING, NOTHING
    rows = [(cell, bucket, n) for cell, each in enumerate(histograms) for bucket, n in each.items()]
    cells, buckets, counts = zip(*rows, strict=True)
    return pack_numbers(cells), pack_numbers(buckets), pack_numbers(counts)
