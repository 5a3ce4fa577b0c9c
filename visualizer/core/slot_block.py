"""
Blocks: up to 60 slots of one activity, of all its servers, packed into one value of SQL. They are packed by column and
compressed: a row of SQL for each would cost several times what is in it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import msgspec
import numpy as np

from collector.models.count_table import Column, HistogramTable, pack_column, unpack_column
from visualizer.core.slot_sums import no_slots
from visualizer.core.slot_table import SlotTable

#: Of zlib: a block that is written again within a minute need not be small.
_FULL_LEVEL, _GROWING_LEVEL = 6, 1
#: Bytes of a number, by the first byte of a packed column.
_SIZES = {b"b": 1, b"h": 2, b"i": 4, b"q": 8}
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
            _pack(place[start:end]),
            _pack(server[start:end]),
            _pack(statuses[start:end].T.ravel()),
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
    try:
        read = [(start_s, activity, _decode(zlib.decompress(stored))) for start_s, activity, stored in blocks]
        whole = [_unpack(packed.slot) for _, _, packed in read]
        chosen = [_chosen(place, start_s, width_s, within) for place, (start_s, _, _) in zip(whole, read, strict=True)]
        packs = [(packed, rows) for (_, _, packed), rows in zip(read, chosen, strict=True)]
        places = [place[rows] for place, rows in zip(whole, chosen, strict=True)]
        servers = [_unpack(packed.server)[rows] for packed, rows in packs]
        statuses = [_unpack(packed.statuses).reshape(4, -1).T[rows] for packed, rows in packs]
        sizes = [len(place) for place in places]
        durations = _unpack_histograms([(packed.durations, rows) for packed, rows in packs], sizes)
        stream_ages = _unpack_histograms([(packed.stream_ages, rows) for packed, rows in packs], sizes)
    except (zlib.error, msgspec.MsgspecError) as exc:
        raise ValueError(f"a block of history is damaged: {exc}") from exc
    if not read:
        return no_slots()
    return SlotTable(
        np.repeat(np.array([start_s for start_s, _, _ in read], np.int64), sizes) + np.concatenate(places) * width_s,
        np.repeat(np.array([activity for _, activity, _ in read], np.int64), sizes),
        np.concatenate(servers),
        np.concatenate(statuses),
        np.zeros(sum(sizes)),
        durations,
        stream_ages,
    )


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
    return _pack(entries), _pack(steps), _pack(table.count[low:high])


def _pack(column: Column) -> bytes:
    """A column with all its low bytes first: the high ones are much alike, and a fifth less is left of both."""
    packed = pack_column(column)
    return packed[:1] + _turned(packed, len(column))


def _unpack(data: bytes) -> Column:
    if (len(data) - 1) % (size := _SIZES.get(data[:1], 1)):
        raise msgspec.ValidationError("a column is damaged")
    return unpack_column(data[:1] + _turned(data, size))


def _turned(packed: bytes, rows: int) -> bytes:
    """Bytes of so many rows, by column."""
    if len(packed) - 1 <= rows or rows == 1:
        return packed[1:]
    return np.frombuffer(packed, np.uint8, offset=1).reshape(rows, -1).T.tobytes()


def _chosen(place: Column, start_s: int, width_s: int, within: tuple[int, int] | None) -> slice:
    """Rows of a block, which are in the order of time."""
    if within is None:
        return slice(0, len(place))
    low, high = np.searchsorted(place, [-(-(at_s - start_s) // width_s) for at_s in within])
    return slice(int(low), int(high))


def _unpack_histograms(blocks: Sequence[tuple[Packed, slice]], sizes: Sequence[int]) -> HistogramTable:
    rows, row, measured = [], 0, []
    for ((entries, steps, counts), chosen), size in zip(blocks, sizes, strict=True):
        if len(steps) > 1 and size:
            ends = np.cumsum(_unpack(entries))
            low, high = int(ends[chosen.start - 1]) if chosen.start else 0, int(ends[chosen.stop - 1])
            rows.append(np.repeat(np.arange(row, row + size), np.diff(ends[chosen], prepend=low)))
            measured.append((np.cumsum(_unpack(steps)[:high])[low:], _unpack(counts)[low:high]))
        row += size
    if not rows:
        return HistogramTable.of([])
    buckets, numbers = zip(*measured, strict=True)
    return HistogramTable(np.concatenate(rows), np.concatenate(buckets), np.concatenate(numbers))
