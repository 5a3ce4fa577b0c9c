"""
Packed columns as blocks of history hold them: all their low bytes first, as the high ones are much alike, and a
fifth less is left of both when they are compressed. Those of many blocks are unpacked at once: a call for each would
take several times as long as the numbers themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress

import msgspec
import numpy as np
import numpy.typing as npt

from collector.models.packed_column import NUMBER_TYPES, Column, pack_column

#: Bytes of a number, by the first byte of a packed column.
_SIZES = {code: kind.itemsize for code, kind in NUMBER_TYPES.items()}


def pack_turned(column: Column) -> bytes:
    """The stored form of a column."""
    packed = pack_column(column)
    size = _SIZES[packed[:1]]
    if size == 1:
        return packed
    return packed[:1] + np.frombuffer(packed, np.uint8, offset=1).reshape(-1, size).T.tobytes()


def unpack_turned(stored: Sequence[bytes]) -> tuple[npt.NDArray[np.signedinteger], Column]:
    """
    The numbers of some columns, one column after the other, as wide as the widest of them; and how many each has.

    Raises:
        msgspec.ValidationError: one is damaged.
    """
    kinds = [data[:1] for data in stored]
    if not set(kinds) <= _SIZES.keys():
        raise msgspec.ValidationError("a column is of no known kind")
    lengths = np.fromiter(map(len, stored), np.int64, len(stored)) - 1
    sizes = np.fromiter(map(_SIZES.__getitem__, kinds), np.int64, len(stored))
    if (lengths % sizes).any():
        raise msgspec.ValidationError("a column ends within a number")
    rows = lengths // sizes
    if len(found := set(kinds)) == 1:
        return _together(stored, rows, _SIZES[kinds[0]]), rows
    starts = np.cumsum(rows) - rows
    numbers = np.empty(rows.sum(), f"<i{max(map(_SIZES.__getitem__, found), default=8)}")
    for size in map(_SIZES.__getitem__, found):
        is_here = sizes == size
        here = rows[is_here]
        numbers[ranges(starts[is_here], here)] = _together(list(compress(stored, is_here)), here, size)
    return numbers, rows


def ranges(starts: Column, lengths: Column) -> Column:
    """start, start + 1 … of each range, one range after the other."""
    ends = np.cumsum(lengths)
    steps: Column = np.repeat(starts - (ends - lengths), lengths) + np.arange(ends[-1] if len(ends) else 0)
    return steps


def _together(stored: Sequence[bytes], rows: Column, size: int) -> npt.NDArray[np.signedinteger]:
    """The numbers of columns of one kind."""
    if size == 1:
        return np.frombuffer(b"".join([data[1:] for data in stored]), np.int8)
    turned = np.empty((rows.sum(), size), np.uint8)
    counts = rows.tolist()
    for at in range(size):
        parts = [data[1 + at * n : 1 + (at + 1) * n] for data, n in zip(stored, counts, strict=True)]
        turned[:, at] = np.frombuffer(b"".join(parts), np.uint8)
    numbers: npt.NDArray[np.signedinteger] = turned.reshape(-1).view(f"<i{size}")
    return numbers
