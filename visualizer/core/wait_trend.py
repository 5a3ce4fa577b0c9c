"""
How long messages wait → whether that rises or falls.

The slope is Theil and Sen's: the median of the slopes between any two steps of the window. One step with an odd message
does not move it, up to three of ten may be odd; halves set against each other would take such a step for a trend. It
counts as a trend when most pairs of steps agree on its direction (Kendall's tau), and when over the whole window it
makes a difference that people would feel. Everything else is steady, so that the word does not flicker.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from statistics import median

from collector.lib.log_buckets import quantile_ms
from visualizer.models.stream_flow import FALLING, RISING, STEADY, WaitTrend

#: Fewer steps with messages tell nothing.
LEAST_STEPS = 4
#: Pairs that agree − pairs that do not, as a share of all: chance gets there once in 50 times.
_AGREED = 0.5
#: Over the window it changes by this share of the usual wait, and by so much, at least.
_FELT_SHARE = 0.2
_FELT_MS = 100.0


def wait_trend(steps: Sequence[Mapping[int, int]], *, step_s: float) -> WaitTrend | None:
    """
    The trend over the whole of the steps; None with messages in fewer than LEAST_STEPS of them.

    Args:
        steps: wait bucket (collector/lib/log_buckets.py) → count of each step of `step_s`, oldest first.
    """
    waits = [(place * step_s, quantile_ms(step, 0.5)) for place, step in enumerate(steps)]
    points = [(at_s, wait_ms) for at_s, wait_ms in waits if wait_ms is not None]
    if len(points) < LEAST_STEPS:
        return None
    slopes = [(later - sooner) / (to_s - from_s) for (from_s, sooner), (to_s, later) in combinations(points, 2)]
    per_s, usual_ms = median(slopes), median(wait_ms for _, wait_ms in points)
    agreed = sum((slope > 0) - (slope < 0) for slope in slopes) / len(slopes)
    change_ms = per_s * len(steps) * step_s
    if abs(agreed) < _AGREED or abs(change_ms) < max(_FELT_MS, _FELT_SHARE * usual_ms):
        return WaitTrend(STEADY, 60 * per_s)
    return WaitTrend(RISING if per_s > 0 else FALLING, 60 * per_s)
