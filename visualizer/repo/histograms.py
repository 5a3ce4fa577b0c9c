"""
Histograms as columns of SQL: MessagePack {bucket index: count}, empty when nothing was measured. They are written for
all rows of a table at once: a histogram of its own each would cost more than everything else of a row.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import numpy as np

from collector.models.count_table import HistogramTable
from collector.models.packed_column import Column
from visualizer.core.slot_table import grouped

#: MessagePack: a map of 16 bit length, an int of 16 bits, an unsigned int of 64 bits. What is below 128 is itself.
_MAP, _INT, _LARGE, _SMALL_END = 0xDE, 0xD1, 0xCF, 0x80

_decode = msgspec.msgpack.Decoder(dict[int, int]).decode


def decode_histogram(stored: bytes | memoryview) -> dict[int, int]:
    """Bucket → count of a stored histogram."""
    return _decode(stored) if stored else {}


def encode_histograms(histogram: HistogramTable, rows: int) -> list[bytes]:
    """The stored form of each of so many rows. The table is sorted by row."""
    if not len(histogram):
        return [b""] * rows
    entries = np.bincount(histogram.cell, minlength=rows)
    is_small = histogram.count < _SMALL_END
    sizes = np.where(is_small, 4, 12)
    # Three bytes before the first entry of each row that has any.
    at = np.cumsum(sizes) - sizes + 3 * np.cumsum(entries > 0)[histogram.cell]
    row_sizes = np.bincount(histogram.cell, sizes, rows).astype(np.int64) + 3 * (entries > 0)
    row_ends = np.cumsum(row_sizes)
    data = np.empty(int(row_ends[-1]), np.uint8)
    for place, part in enumerate((np.full(len(at), _INT), histogram.bucket >> 8, histogram.bucket)):
        data[at + place] = part & 0xFF
    data[at[is_small] + 3] = histogram.count[is_small]
    large, counts = at[~is_small] + 3, histogram.count[~is_small]
    data[large] = _LARGE
    for place in range(8):
        data[large + 1 + place] = counts >> (56 - 8 * place) & 0xFF
    heads, lengths = (row_ends - row_sizes)[entries > 0], entries[entries > 0]
    for place, part in enumerate((np.full(len(heads), _MAP), lengths >> 8, lengths)):
        data[heads + place] = part & 0xFF
    whole, ends = data.tobytes(), row_ends.tolist()
    return [whole[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def with_stored(histogram: HistogramTable, stored: Iterable[tuple[int, bytes | memoryview]]) -> HistogramTable:
    """A sorted table together with what is stored for some of its rows."""
    known = [(row, decode_histogram(data)) for row, data in stored if data]
    if not known:
        return histogram
    entries = [(row, bucket, count) for row, each in known for bucket, count in each.items()]
    merged = [np.concatenate(pair) for pair in zip(_columns(histogram), np.array(entries, np.int64).T, strict=True)]
    # Few rows have anything stored: only these are summed up again.
    is_known = np.zeros(int(merged[0].max()) + 1, np.bool_)
    is_known[[row for row, _ in known]] = True
    again = is_known[merged[0]]
    summed = grouped(HistogramTable(*(column[again] for column in merged)), np.arange(len(is_known)))
    joined = [np.concatenate((column[~again], more)) for column, more in zip(merged, _columns(summed), strict=True)]
    order = np.argsort(joined[0], kind="stable")
    return HistogramTable(*(column[order] for column in joined))


def _columns(histogram: HistogramTable) -> tuple[Column, Column, Column]:
    return histogram.cell, histogram.bucket, histogram.count
