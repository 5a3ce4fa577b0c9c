"""Which buckets of history answer a question: as fine as they are kept, and no more points than can be seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from collector.models.resolution import WRITTEN_S, Resolution

#: A chart is some 300 to 600 pixels wide.
MOST_POINTS = 300
#: The oldest 1 s buckets may just be on their way out.
_MARGIN_S = 60


class Steps(NamedTuple):
    """The points of a chart."""

    #: Width of the buckets they are made of.
    width_s: int
    #: Seconds from one point to the next, a multiple of the width.
    step_s: int
    #: Start of the first and end of the last one, unix seconds.
    from_s: int
    until_s: int


def kept_from_s(resolutions: Sequence[Resolution], level: int, *, now_s: float) -> int:
    """Since when all buckets of a resolution are there; what is older may be on its way out."""
    kept_s = int(now_s) - resolutions[level].keep_s
    if level + 1 == len(resolutions):
        return 0
    if resolutions[level].width_s == WRITTEN_S[0]:
        return kept_s + _MARGIN_S
    # They go by blocks of the next one.
    return kept_s + -kept_s % resolutions[level + 1].block_s


def finest_kept(resolutions: Sequence[Resolution], since_s: float, *, now_s: float) -> int:
    """Width of the finest buckets that are there from a time on; before the year 1970 that of the widest."""
    levels = (level for level in range(len(resolutions)) if since_s >= kept_from_s(resolutions, level, now_s=now_s))
    return resolutions[next(levels, -1)].width_s


def steps_between(
    resolutions: Sequence[Resolution], since_s: float, until_s: float, *, now_s: float, most: int = MOST_POINTS
) -> Steps:
    """Points that cover [since_s, until_s): so many at most, made of the widest buckets that are fine enough."""
    finest_s = finest_kept(resolutions, since_s, now_s=now_s)
    wanted_s = (until_s - since_s) / most
    widths = [each.width_s for each in resolutions if each.width_s >= finest_s]
    width_s = max((width for width in widths if width <= wanted_s), default=widths[0])
    step_s = width_s * max(1, -int(-wanted_s // width_s))
    from_s = int(since_s) - int(since_s) % width_s
    points = max(1, -int(-(until_s - from_s) // step_s))
    return Steps(width_s, step_s, from_s, from_s + points * step_s)
