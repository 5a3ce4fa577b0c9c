"""
Histograms as columns of SQL: MessagePack {bucket index: count}, empty when nothing was measured. They are written for
all rows of a table at once: a histogram of its own each would cost more than everything else of a row.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import numpy as np

from collector.models.count_table import HistogramTable
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
    cells, buckets, counts = [histogram.cell], [histogram.bucket], [histogram.count]
    for row, data in stored:
        if not data:
            continue
        known = decode_histogram(data)
        cells.append(np.full(len(known), row))
        buckets.append(np.fromiter(known.keys(), np.int64, len(known)))
        counts.append(np.fromiter(known.values(), np.int64, len(known)))
    if len(cells) == 1:
        return histogram
    joined = HistogramTable(np.concatenate(cells), np.concatenate(buckets), np.concatenate(counts))
    return grouped(joined, np.arange(int(joined.cell.max()) + 1))
