"""
Numbers as `%.3f` writes them, read for many lines at once, as whole thousandths: `39.286` → 39286.

Source of the arithmetic on eight digits in one word: Lemire, "Quickly parsing eight digits" (2018).
"""

from __future__ import annotations

import numpy as np

from collector.core.line_index import LineIndex, Mask, Words, lowest_byte, word_of
from collector.models.packed_column import Column

#: 9,999,999.999 ms is 2.7 hours; what is longer is left to whoever reads line by line.
MAX_WHOLE_DIGITS = 7
_ZEROS = word_of(b"0" * 8)
_POINT = np.uint64(ord(".") ^ ord("0"))
_HIGH_BITS = np.uint64(0x8080808080808080)
_OVER_NINE = np.uint64(0x7676767676767676)
_BYTE = np.uint64(8)


def not_digits(values: Words) -> Words:
    """1 in each byte that is above 9, and perhaps in bytes behind the first such one; 0 elsewhere."""
    return (((values + _OVER_NINE) | values) & _HIGH_BITS) >> np.uint64(7)


def read_decimals(index: LineIndex, places: Column) -> tuple[Column, Column, Mask]:
    """
    Args:
        places: where each number begins.

    Returns:
        Thousandths, the place behind each number, and whether it is one: 1 to MAX_WHOLE_DIGITS digits, a point,
        three digits, a blank. Where it is none, the other two mean nothing.
    """
    whole = index.words(places) ^ _ZEROS
    marks = not_digits(whole)
    digits = lowest_byte(marks)
    bits = digits.astype(np.uint64) * _BYTE
    fits = (digits > 0) & (marks != 0) & ((whole >> bits) & np.uint64(0xFF) == _POINT)
    # Digits go to the end of a word; the NULs before them are leading zeros.
    whole = np.where(fits, whole << (np.uint64(64) - np.maximum(bits, _BYTE)), np.uint64(0))
    behind = index.words(places + digits + 1)
    part = (behind ^ _ZEROS) << np.uint64(40)
    fits &= not_digits(part) == 0
    fits &= (behind >> np.uint64(24)) & np.uint64(0xFF) == np.uint64(ord(" "))
    return _eight_digits(whole) * 1000 + _eight_digits(part), places + digits + 4, fits


def _eight_digits(values: Words) -> Column:
    """Eight bytes of 0 to 9, the first one the most significant."""
    values = values * np.uint64(10) + (values >> _BYTE) & np.uint64(0x00FF00FF00FF00FF)
    values = values * np.uint64(100) + (values >> np.uint64(16)) & np.uint64(0x0000FFFF0000FFFF)
    values = values * np.uint64(10000) + (values >> np.uint64(32)) & np.uint64(0xFFFFFFFF)
    return values.view(np.int64)
