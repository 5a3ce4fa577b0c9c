"""
Time stamps of JSON lines → unix seconds: ISO 8601 with Z or an offset; without one, in a zone that is given; numbers
in seconds, milliseconds, microseconds or nanoseconds, told apart by their size.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from functools import lru_cache

import numpy as np
import numpy.typing as npt

#: `2026-11-22T18:27:06` of `2026-11-22T18:27:06.775Z`.
_SECOND_CHARS = 19
#: What no time stamp is.
NO_TIME = -1
#: The year 2200. Until then seconds, ms, µs and ns of the years after 1973 cannot be taken for one another.
_LAST_S = 7_258_118_400
_UNITS = (1, 10**3, 10**6, 10**9)


class _UtcSeconds(dict[str, int]):
    """`2026-11-22T18:27:06` in UTC → unix second. Neighbouring lines share their second."""

    def __missing__(self, text: str) -> int:
        if len(self) >= 4096:
            self.clear()
        self[text] = second = _second(text, UTC)
        return second


_utc_seconds = _UtcSeconds()


def unix_seconds(times: Sequence[str | int | float | None], zone: tzinfo) -> npt.NDArray[np.int64]:
    """
    Whole seconds of each time stamp; NO_TIME for what is none, or is not between 1970 and 2200.

    Args:
        zone: of texts without an offset.
    """
    try:
        seconds = [text[:_SECOND_CHARS] for text in times if text[-1:] == "Z"]  # type: ignore[index]
    except TypeError:
        seconds = []
    if len(seconds) == len(times):
        return np.array(list(map(_utc_seconds.__getitem__, seconds)), np.int64)
    return np.array([_any_second(each, zone) for each in times], np.int64)


def unix_time_s(time: str | int | float | None, zone: tzinfo) -> float:
    """The moment with its fraction; its whole seconds when that cannot be read; NO_TIME for none."""
    second = _any_second(time, zone)
    if second == NO_TIME or time is None:
        return NO_TIME
    if isinstance(time, str):
        digits = time[_SECOND_CHARS + 1 : _SECOND_CHARS + 7]
        digits = digits[: next((place for place, c in enumerate(digits) if c not in "0123456789"), len(digits))]
        return second + (int(digits) / 10 ** len(digits) if digits and time[_SECOND_CHARS] in ".," else 0.0)
    return time / _unit(time)


def _any_second(time: str | int | float | None, zone: tzinfo) -> int:
    if isinstance(time, str):
        if time[-1:] == "Z":
            return _utc_seconds[time[:_SECOND_CHARS]]
        if time[_SECOND_CHARS:].isascii() and (time[-6:-5] in ("+", "-") or time[-5:-4] in ("+", "-")):
            offset = time[-6:] if time[-6:-5] in ("+", "-") else time[-5:]
            return _second(time[:_SECOND_CHARS] + offset, None) if len(time) > _SECOND_CHARS else NO_TIME
        return _second(time[:_SECOND_CHARS], zone)
    if time is None or not 0 <= time < _LAST_S * _UNITS[-1]:
        return NO_TIME
    return int(time // _unit(time))


def _unit(number: float) -> int:
    return next(unit for unit in _UNITS if number < _LAST_S * unit)


@lru_cache(maxsize=4096)
def _second(text: str, zone: tzinfo | None) -> int:
    if len(text) < _SECOND_CHARS or not text.isascii() or text[4:5] != "-" or text[13:14] != ":" or text[16:17] != ":":
        return NO_TIME
    try:
        moment = datetime.fromisoformat(text)
        # An hour that the clocks show twice is taken for the first one.
        second = int((moment if zone is None else moment.replace(tzinfo=zone)).timestamp())
    except (ValueError, OverflowError, OSError):
        return NO_TIME
    return second if 0 <= second < _LAST_S else NO_TIME
