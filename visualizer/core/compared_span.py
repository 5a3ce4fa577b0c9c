"""Which time is compared with which: as long a while each, in buckets that both are kept in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from collector.models.resolution import DAY_S, WRITTEN_S, Resolution
from visualizer.core.history_steps import finest_kept

#: How far back may be compared: the same while of yesterday, of the same day of last week. Exactly so many seconds:
#: where clocks were changed in between, another hour of the day.
BACKS_S = (DAY_S, 7 * DAY_S)
#: A while is rounded to buckets: with so many of them that is little.
_LEAST_BUCKETS = 12


class ComparedSpan(NamedTuple):
    """Two whiles, unix seconds."""

    #: Of now, or of the moment that is shown.
    from_s: int
    until_s: int
    #: So many seconds earlier is the other.
    back_s: int
    #: Width of the buckets they are made of.
    width_s: int


def compared_span(
    resolutions: Sequence[Resolution],
    since_s: float,
    until_s: float,
    *,
    back_s: int,
    begun_s: float | None,
    now_s: float,
) -> ComparedSpan | None:
    """
    The last of [since_s, until_s) that can be compared with as long a while back_s earlier; None where nothing can.

    Whiles do not overlap, begin no earlier than history does, and end with a bucket that is over.

    Args:
        begun_s: since when history is kept; None: nothing is kept.
    """
    if begun_s is None:
        return None
    until_s = min(until_s, now_s)
    since_s = max(since_s, until_s - back_s, begun_s + back_s)
    finest_s = max(WRITTEN_S[-1], finest_kept(resolutions, since_s - back_s, now_s=now_s))
    widths = [each.width_s for each in resolutions if each.width_s >= finest_s and back_s % each.width_s == 0]
    if not widths:
        return None
    width_s = max((width for width in widths if width * _LEAST_BUCKETS <= until_s - since_s), default=widths[0])
    from_s, end_s = -int(-since_s // width_s) * width_s, int(until_s) // width_s * width_s
    # Of long ago, where only wider buckets are kept, one of them.
    from_s = min(from_s, end_s - width_s)
    return ComparedSpan(from_s, end_s, back_s, width_s) if from_s - back_s >= begun_s else None
