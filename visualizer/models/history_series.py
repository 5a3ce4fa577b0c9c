"""HistorySeries: how something did over a time, point by point."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec


class HistoryPoint(msgspec.Struct, frozen=True):
    """What happened in one step. Everything is 0, and times are None, where nothing did."""

    #: Runs that began; for a stream, messages that were taken up.
    started: int = 0
    #: Runs that ended, in whatever way, and those of them that failed.
    ended: int = 0
    failed: int = 0
    #: Quantiles of what runs took or, for a stream, what messages waited, ms.
    p50_ms: float | None = None
    p95_ms: float | None = None


@dataclass(frozen=True, slots=True)
class HistorySeries:
    """Points that follow each other without a gap."""

    #: Unix second the first point begins with, and the last one ends with.
    from_s: int
    until_s: int
    #: Seconds of a point.
    step_s: int
    #: Width of the buckets the points are made of, seconds: finer ones are not kept for so long.
    width_s: int
    #: Oldest first. The last one may not be over yet.
    points: tuple[HistoryPoint, ...] = field(default=())
