"""At which times a saved incident has frames."""

from __future__ import annotations

from math import ceil

#: Frames of one file, and the longest time they tell of.
MOST_FRAMES = 60
MOST_S = 1800


def saved_times(from_s: float, until_s: float, *, step_s: int) -> tuple[range, int]:
    """
    The times in [from_s, until_s], or of its beginning where it is long; and of how many of them one is told.

    Args:
        step_s: how fine history is there.
    """
    first_s = int(from_s) - int(from_s) % step_s
    last_s = max(first_s, min(int(until_s), first_s + MOST_S))
    times = range(first_s, last_s + 1, step_s)
    return times, ceil(len(times) / (MOST_FRAMES + 1))
