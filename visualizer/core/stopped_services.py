"""Services that say something again and again, and say nothing any more."""

from __future__ import annotations

from collections.abc import Sequence

from visualizer.core.usual_gap import ENOUGH_S, UsualGap
from visualizer.models.seen_hour import SLOT_S, SeenHour

#: Times its usual gap that a service may be silent.
FACTOR = 3
#: Nothing is missed for less.
FLOOR_S = 60
#: Until so many of its longest gaps fit into the time it is known for, nobody knows what is usual.
LEAST_GAPS = 20


def service_gap_s(hours: Sequence[SeenHour], *, now_s: float) -> float | None:
    """
    How long a service may be silent at this moment, seconds; None while that is not known.

    Args:
        hours: in which it ran, in order, each once.
    """
    gap = UsualGap(hours)
    if gap.known_s < LEAST_GAPS * (gap.longest_s + SLOT_S):
        return None
    usual_s = gap.usual_s(now_s) if gap.known_s >= ENOUGH_S else None
    return max(FLOOR_S, FACTOR * ((gap.longest_s if usual_s is None else usual_s) + SLOT_S))
