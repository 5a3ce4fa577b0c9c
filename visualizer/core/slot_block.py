"""
Blocks: up to 60 slots of one activity, of all its servers, packed into one value of SQL. They are packed by column and
compressed: a row of SQL for each would cost several times what is in it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import msgspec
import numpy as np

from collector.models.count_table import HistogramTable
from collector.models.packed_column import Column
from visualizer.core.slot_sums import no_slots
from visualizer.core.slot_table import SlotTable
from visualizer.core.turned_columns import pack_turned, ranges, unpack_turned

#: Of zlib: a block that is written again within a minute need not be small.
_FULL_LEVEL, _GROWING_LEVEL = 6, 1
Packed = tuple[bytes, bytes, bytes]


class PackedBlock(msgspec.Struct, array_like=True):
    """A block before it is compressed, as packed columns."""

    #: Which slot of the block.
    slot: bytes
    #: Id of the server.
    server: bytes
    #: Lines by Status: four times the number of slots, a Status after the other.
    statuses: bytes
    #: Entries of each slot, steps from one bucket index to the next, counts; nothing where no slot has any.
    durations: Packed
    stream_ages: Packed


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(PackedBlock).decode


def encode_blocks(
    slots: SlotTable, *, start_s: int, width_s: int, is_growing: bool = False
) -> Iterator[tuple[int, bytes]]:
    """
    (activity id, stored form) for each activity of a table that `summed` made, with slots of one block.

    Args:
        is_growing: more slots will come.
    """
    order = np.lexsort((slots.server, slots.start_s, slots.activity))
    place, server, statuses = (slots.start_s[order] - start_s) // width_s, slots.server[order], slots.statuses[order]
    durations, stream_ages = (_in_order(each, order) for each in (slots.durations, slots.stream_ages))
    activities, starts = np.unique(slots.activity[order], return_index=True)
    for activity, (start, end) in zip(activities.tolist(), pairwise([*starts.tolist(), len(order)]), strict=True):
        packed = PackedBlock(
            pack_turned(place[start:end]),
            pack_turned(server[start:end]),
            pack_turned(statuses[start:end].T.ravel()),
            _pack_histograms(durations, start, end),
            _pack_histograms(stream_ages, start, end),
        )
        yield activity, zlib.compress(_encode(packed), _GROWING_LEVEL if is_growing else _FULL_LEVEL)


def decode_blocks(
    blocks: Iterable[tuple[int, int, bytes | memoryview]], *, width_s: int, within: tuple[int, int] | None = None
) -> SlotTable:
    """
    The slots of blocks, in the blocks' order.

    Args:
        blocks: (start_s, activity id, stored form) of each.
        within: only slots that begin in [from, until): what else is in a block is not looked at.

    Raises:
        ValueError: one is damaged.
    """
    read = _read(blocks)
    if not read:
        return no_slots()
    packs = [packed for _, _, packed in read]
    try:
        places, sizes = unpack_turned([packed.slot for packed in packs])
        servers = _of_size([packed.server for packed in packs], sizes)
        statuses = _of_size([packed.statuses for packed in packs], 4 * sizes)
        durations, stream_ages = (
            _unpack_histograms(column, sizes)
            for column in zip(*((packed.durations, packed.stream_ages) for packed in packs), strict=True)
        )
    except msgspec.MsgspecError as exc:
        raise ValueError(f"a block of history is damaged: {exc}") from exc
    start_s = np.repeat(np.array([start_s for start_s, _, _ in read], np.int64), sizes) + places * np.int64(width_s)
    from_s, until_s = within or (0, 2**62)
    row = np.flatnonzero((start_s >= from_s) & (start_s < until_s))
    # A block has a Status after the other: row by row in the first of them, and so many further for each next.
    block_rows = np.repeat(sizes, sizes)[row]
    first = (np.arange(len(start_s)) + 3 * np.repeat(np.cumsum(sizes) - sizes, sizes))[row]
    return SlotTable(
        start_s[row],
        np.repeat(np.array([activity for _, activity, _ in read], np.int64), sizes)[row],
        servers[row].astype(np.int64),
        statuses[first[:, None] + block_rows[:, None] * np.arange(4)].astype(np.int64),
        np.zeros(len(row)),
        durations.of(row),
        stream_ages.of(row),
    )


def first_slot_s(blocks: Iterable[tuple[int, int, bytes | memoryview]], *, width_s: int) -> int | None:
    """When the first slot of some blocks begins; None of none. Args and Raises: as decode_blocks."""
    try:
        firsts = [
            start_s + int(unpack_turned([packed.slot])[0].min()) * width_s for start_s, _, packed in _read(blocks)
        ]
    except msgspec.MsgspecError as exc:
        raise ValueError(f"a block of history is damaged: {exc}") from exc
    return min(firsts, default=None)


def _in_order(table: HistogramTable, order: Column) -> HistogramTable:
    """The histograms of rows that are put in another order, sorted."""
    new_row = np.empty_like(order)
    new_row[order] = np.arange(len(order))
    cell = new_row[table.cell]
    # Buckets are in order in each row.
    sort = np.argsort(cell, kind="stable")
    return HistogramTable(cell[sort], table.bucket[sort], table.count[sort])


def _pack_histograms(table: HistogramTable, start: int, end: int) -> Packed:
    low, high = np.searchsorted(table.cell, (start, end))
    if low == high:
        return b"b", b"b", b"b"
    entries = np.bincount(table.cell[low:high] - start, minlength=end - start)
    steps = np.diff(table.bucket[low:high], prepend=0)
    return pack_turned(entries), pack_turned(steps), pack_turned(table.count[low:high])


def _read(blocks: Iterable[tuple[int, int, bytes | memoryview]]) -> list[tuple[int, int, PackedBlock]]:
    try:
        return [(start_s, activity, _decode(zlib.decompress(stored))) for start_s, activity, stored in blocks]
    except (zlib.error, msgspec.MsgspecError) as exc:
        raise ValueError(f"a block of history is damaged: {exc}") from exc


def _of_size(packed: Sequence[bytes], sizes: Column) -> Column:
    numbers, found = unpack_turned(packed)
    if (found != sizes).any():
        raise msgspec.ValidationError("a column is longer or shorter than another")
    return numbers


@dataclass(frozen=True, slots=True)
class _Histograms:
    """Histograms of the rows of some blocks."""

    #: How many entries each row has.
    entries: Column
    #: Of each entry.
    bucket: Column
    count: Column

    def of(self, row: Column) -> HistogramTable:
        """Of these rows, which are numbered from 0 on."""
        entries = self.entries[row]
        cell = np.repeat(np.arange(len(row)), entries)
        if len(row) == len(self.entries):
            return HistogramTable(cell, self.bucket, self.count.astype(np.int64))
        entry = ranges((np.cumsum(self.entries) - self.entries)[row], entries)
        return HistogramTable(cell, self.bucket[entry], self.count[entry].astype(np.int64))


def _unpack_histograms(packed: Sequence[Packed], sizes: Column) -> _Histograms:
    """Of blocks of so many rows each."""
    numbers, lengths = unpack_turned([entries for entries, _, _ in packed])
    # Where no row has any nothing stands.
    is_there = lengths > 0
    if (lengths[is_there] != sizes[is_there]).any():
        raise msgspec.ValidationError("a column is longer or shorter than another")
    entries = np.zeros(sizes.sum(), np.int64)
    entries[np.repeat(is_there, sizes)] = numbers
    ends = np.cumsum(sizes)
    passed = np.concatenate([[0], np.cumsum(entries)])
    first, until = passed[ends - sizes], passed[ends]
    steps, counts = (_of_size([columns[at] for columns in packed], until - first) for at in (1, 2))
    return _Histograms(entries, _reached(steps, first[first < until]), counts)


def _reached(steps: Column, first: Column) -> Column:
    """Sums of the steps, each block's from 0 on: it has its first one there."""
    if not len(steps):
        return np.empty(0, np.int64)
    steps = steps.astype(np.int64)
    steps[first[1:]] -= np.add.reduceat(steps, first)[:-1]
    return np.cumsum(steps, out=steps)
