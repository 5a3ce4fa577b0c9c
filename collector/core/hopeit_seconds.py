"""The time stamps of many hopeit lines at once: `2026-11-22 18:27:06,775` → unix second."""

from __future__ import annotations

import numpy as np

from collector.core.hopeit_head import unix_second
from collector.core.line_index import LineIndex, Mask, Words, rows_of, word_of
from collector.models.packed_column import Column

#: `2026-11-22 18:27`: two words.
_MINUTE_BYTES = 16
_REST = word_of(b":00,000 ")
#: Lifts to its highest bit each byte of a rest that is no digit, 0 to 5 or separator where it has to be.
_OVER = word_of(bytes(0x80 - most for most in (1, 6, 10, 1, 10, 10, 10, 1)))
_HIGH_BITS = np.uint64(0x8080808080808080)
_DIGIT, _ONE_BYTE, _TWO_BYTES = np.uint64(0xF), np.uint64(8), np.uint64(16)


def read_seconds(index: LineIndex) -> tuple[Column, Mask]:
    """
    Returns:
        Unix second of each line, and whether it begins with a whole time stamp of a day and time that exist, and a
        blank. Where it does not, the second means nothing.
    """
    stamps = index.rows(index.starts, 3)
    rest = stamps[:, 2] ^ _REST
    seconds = (rest >> _ONE_BYTE & _DIGIT) * np.uint64(10) + (rest >> _TWO_BYTES & _DIGIT)
    minutes, exists = _minutes(index, stamps[:, 0], stamps[:, 1])
    return minutes + seconds.view(np.int64), exists & ((rest + _OVER | rest) & _HIGH_BITS == 0)


def _minutes(index: LineIndex, year_month: Words, day_time: Words) -> tuple[Column, Mask]:
    # Neighbouring lines share their minute.
    changes = rows_of((year_month[1:] != year_month[:-1]) | (day_time[1:] != day_time[:-1])) + 1
    begins = np.concatenate((np.zeros(1, np.int64), changes))
    lengths = np.diff(begins, append=len(year_month))
    found = [unix_second(index.text(place, _MINUTE_BYTES) + b":00") for place in index.starts[begins].tolist()]
    exists = np.array([second is not None for second in found])
    return np.repeat(np.array([second or 0 for second in found], np.int64), lengths), np.repeat(exists, lengths)
