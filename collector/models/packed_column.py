"""A packed column: whole numbers on the wire and in blocks of history, in as few bytes as hold the largest of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from struct import pack
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

Column = npt.NDArray[np.int64]
#: First byte of a packed column → type of its numbers, which follow, little-endian.
NUMBER_TYPES: dict[bytes, np.dtype[Any]] = {
    b"b": np.dtype("<i1"),
    b"h": np.dtype("<i2"),
    b"i": np.dtype("<i4"),
    b"q": np.dtype("<i8"),
}
#: A column without numbers.
NOTHING = b"b"
#: Columns this short, as a trickle has them, cost less as plain numbers.
FEW = 16
_RANGES = {code: (int(np.iinfo(kind).min), int(np.iinfo(kind).max)) for code, kind in NUMBER_TYPES.items()}


def pack_column(column: Column) -> bytes:
    """The wire form of a column, as NUMBER_TYPES says."""
    if len(column) <= FEW:
        return pack_numbers(column.tolist())
    code = _code(int(column.min()), int(column.max()))
    return code + column.astype(NUMBER_TYPES[code]).tobytes()


def pack_numbers(numbers: Sequence[int]) -> bytes:
    """The same of a few plain numbers."""
    if len(numbers) == 1:
        return _pack_one(numbers[0])
    if not numbers:
        return NOTHING
    low, high = min(numbers), max(numbers)
    code = _code(low, high)
    return code + pack(f"<{len(numbers)}{code.decode()}", *numbers)


# A trickle's batches have one row each, and seconds, sizes and buckets come again.
@lru_cache(maxsize=4096)
def _pack_one(number: int) -> bytes:
    code = _code(number, number)
    return code + pack(f"<{code.decode()}", number)


def _code(low: int, high: int) -> bytes:
    return next(code for code, (least, most) in _RANGES.items() if least <= low and high <= most)


def unpack_column(data: bytes) -> Column:
    """
    The column of a wire form.

    Raises:
        msgspec.ValidationError: it is damaged.
    """
    kind = NUMBER_TYPES.get(data[:1])
    if kind is None or (len(data) - 1) % kind.itemsize:
        raise msgspec.ValidationError("a column of counts is damaged")
    return np.frombuffer(data, kind, offset=1).astype(np.int64)
