"""
How far what runs now is from what usually runs at this hour: the median of the same hour of the last days, and how far
these lie from it (the median absolute deviation, scaled to be a standard deviation where they are normal).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import median

#: Days looked back at, and how many of them have to be known.
DAYS = 7
LEAST_DAYS = 4
HOUR_S = 3600
#: What runs now is what ran in this time.
WINDOW_S = 600
#: Nothing is unusual about less than so many runs, now or else.
LEAST_RUNS = 20
_NORMAL = 1.4826
#: Days differ by a tenth without anything being wrong.
_LEAST_SHARE = 0.1


def deviations(runs: int, of_days: Sequence[int]) -> float | None:
    """
    By how many usual deviations runs in WINDOW_S are more than usual (less: negative); None where too little is known.

    Args:
        of_days: runs in the whole of this hour, of each known day.
    """
    if len(of_days) < LEAST_DAYS:
        return None
    usual = median(of_days)
    expected = usual * WINDOW_S / HOUR_S
    if max(expected, runs) < LEAST_RUNS:
        return None
    spread = _NORMAL * median(abs(each - usual) for each in of_days) * WINDOW_S / HOUR_S
    # Runs that come by chance vary by their square root.
    return (runs - expected) / max(spread, _LEAST_SHARE * expected, sqrt(max(expected, 1.0)))


def unusual_words(runs: int, of_days: Sequence[int]) -> str:
    """The numbers it rests on."""
    usual = median(of_days) * WINDOW_S / HOUR_S
    return (
        f"{runs:,} runs in the last {WINDOW_S // 60} min; usual at this hour are {usual:,.0f} "
        f"(median of {len(of_days)} days)."
    )
