"""
The wall clock of our processes, read in this one place.

EVENTSCOPE_CLOCK moves it, for tests that replay a recorded session: a time such as 2026-11-22T18:33:00Z is what this
process's clock shows when it starts; a signed number of seconds (-86400) is added to the real time, which several
processes can share. It runs on from there. Without it this is time.time().
"""

from __future__ import annotations

import os
import time
from datetime import datetime

CLOCK_VARIABLE = "EVENTSCOPE_CLOCK"


def clock_offset_s(value: str, *, real_s: float) -> float:
    """
    How far the clock is moved, seconds.

    Raises:
        ValueError: the value is neither a time with a zone nor a signed number of seconds.
    """
    if not value:
        return 0.0
    if value[0] in "+-":
        return float(value)
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(f"{CLOCK_VARIABLE}: expected a time with a zone, such as 2026-11-22T18:33:00Z")
    return moment.timestamp() - real_s


_OFFSET_S = clock_offset_s(os.environ.get(CLOCK_VARIABLE, ""), real_s=time.time())


def now_s() -> float:
    """Unix time, seconds."""
    return time.time() + _OFFSET_S
