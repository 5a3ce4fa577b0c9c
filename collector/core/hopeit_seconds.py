"""The time stamps of many hopeit lines at once: `2026-11-22 18:27:06,775` → unix second."""

from __future__ import annotations

import numpy as np

from collector.core.decimal_columns import not_digits
from collector.core.hopeit_head import unix_second
from collector.core.line_index import LineIndex, Mask, Words, rows_of, word_of
from collector.models.count_table import Column

_DATE_BYTES = 11
_CLOCK = word_of(b"00:00:00")
_COLONS = np.uint64(0x0000FF0000FF0000)
#: Lifts what is no hour, minute or second to the highest bit of its byte.
_OVER_CLOCK = np.uint64(0x80 - 24 | 0x80 - 60 << 24 | 0x80 - 60 << 48)
_HIGH_BITS = np.uint64(0x80 | 0x80 << 24 | 0x80 << 48)
_MILLISECONDS = word_of(b",000")
_COMMA = np.uint64(0xFF)
_BYTE = np.uint64(0xFF)


def read_seconds(index: LineIndex) -> tuple[Column, Mask]:
    """
    Returns:
        Unix second of each line, and whether it begins with a whole time stamp of a day and time that exist. Where
        it does not, the second means nothing.
    """
    year_month, day_hour, seconds_ms = (index.words(index.starts + at) for at in (0, 8, 16))
    clock = (day_hour >> np.uint64(24) | seconds_ms << np.uint64(40)) ^ _CLOCK
    ms = (seconds_ms >> np.uint64(24) & np.uint64(0xFFFFFFFF)) ^ _MILLISECONDS
    dated = (not_digits(clock) | clock & _COLONS | not_digits(ms) | ms & _COMMA) == 0
    # In every other byte there are two digits now.
    pairs = clock * np.uint64(10) + (clock >> np.uint64(8))
    dated &= (pairs + _OVER_CLOCK) & _HIGH_BITS == 0
    hours, minutes, seconds = ((pairs >> np.uint64(at) & _BYTE).view(np.int64) for at in (0, 24, 48))
    midnights, exists = _midnights(index, year_month, day_hour & np.uint64(0xFFFFFF))
    return midnights + (hours * 3600 + minutes * 60 + seconds), dated & exists


def _midnights(index: LineIndex, year_month: Words, day: Words) -> tuple[Column, Mask]:
    # Neighbouring lines share their day.
    changes = rows_of((year_month[1:] != year_month[:-1]) | (day[1:] != day[:-1])) + 1
    begins = np.concatenate((np.zeros(1, np.int64), changes))
    lengths = np.diff(begins, append=len(year_month))
    found = [unix_second(index.text(place, _DATE_BYTES) + b"00:00:00") for place in index.starts[begins].tolist()]
    exists = np.array([second is not None for second in found])
    return np.repeat(np.array([second or 0 for second in found], np.int64), lengths), np.repeat(exists, lengths)
