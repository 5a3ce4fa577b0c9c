"""
Keeps numbers from wobbling, and the wire from being full of digits that nobody reads: what moves by more than chance is
told within a second, what moves little after a while, and what is as good as the same not at all.
"""

from __future__ import annotations

import math

import msgspec

from visualizer.models.delta import NodeStats, StatsChange
from visualizer.models.live import RATE_WINDOW_S

#: Between two tellings of one node or edge, where what is drawn moved …
DRAWN_PAUSE_S = 1.0
#: … and where only the rest did.
SETTLE_S = 10.0
#: A drawn number has moved when it differs by this share, or by what chance alone does to it.
MOVED = 0.05
#: A number that differs by less is the same.
SAME = 0.02
_NUMBERS = ("started", "done", "failed", "ignored", "pending", "rate", "p50", "p95", "p99", "wait")
_ALL = NodeStats.__struct_fields__

#: What an edge shows: rate per second and wait in ms.
EdgeStats = tuple[float | None, float | None]


class Telling:
    """When each thing was told last, and when what is held back may be told. Times are unix seconds."""

    def __init__(self) -> None:
        self._told_s: dict[str, float] = {}
        self._due_s: dict[str, float] = {}

    def may(self, key: str, now_s: float, *, pause_s: float | None) -> bool:
        """Is it time? What has to wait is due later; None: there is nothing to tell."""
        self._due_s.pop(key, None)
        if pause_s is None:
            return False
        since_s = now_s - self._told_s.get(key, -math.inf)
        if 0 <= since_s < pause_s:  # A clock that was set back is no reason to be silent.
            self._due_s[key] = now_s - since_s + pause_s
            return False
        self._told_s[key] = now_s
        return True

    def due(self, now_s: float) -> list[str]:
        """What was held back and may be told now."""
        return [key for key, due_s in self._due_s.items() if now_s >= due_s]


def node_pause_s(shown: NodeStats, now: NodeStats) -> float | None:
    """How long after a telling this is worth another one; None: not at all."""
    if (shown.state, shown.halt, shown.halts) != (now.state, now.halt, now.halts) or shown.done < 1 <= now.done:
        return 0.0
    chance = _chance(now.started or now.done + now.failed + now.ignored)
    if (
        _rate_moved(shown.rate, now.rate)
        or _moved(shown.failed, now.failed, _chance(now.failed))
        or _moved(shown.p95, now.p95, chance)
        or _moved(shown.wait, now.wait, chance)
    ):
        return DRAWN_PAUSE_S
    return SETTLE_S if calmed(shown, now) != shown else None


def edge_pause_s(shown: EdgeStats, now: EdgeStats) -> float | None:
    """The same for an edge."""
    if _rate_moved(shown[0], now[0]) or _moved(shown[1], now[1], MOVED):
        return DRAWN_PAUSE_S
    return SETTLE_S if any(_moved(*pair, SAME) for pair in zip(shown, now, strict=True)) else None


def calmed(shown: NodeStats, now: NodeStats) -> NodeStats:
    """What to show now: numbers that are as good as the same stay."""
    same = {f: getattr(shown, f) for f in _NUMBERS if not _moved(getattr(shown, f), getattr(now, f), SAME)}
    return msgspec.structs.replace(now, **same)


def stats_change(before: NodeStats, after: NodeStats) -> StatsChange:
    """The fields that differ."""
    return StatsChange(**{f: getattr(after, f) for f in _ALL if getattr(before, f) != getattr(after, f)})


def changed_stats(before: NodeStats, change: StatsChange) -> NodeStats:
    """stats_change() the other way."""
    said = {f: value for f in _ALL if (value := getattr(change, f)) is not msgspec.UNSET}
    return msgspec.structs.replace(before, **said)


def _moved(before: float | None, after: float | None, share: float) -> bool:
    if before is None or after is None:
        return before is not after
    return abs(after - before) > share * max(before, after)


def _rate_moved(before: float | None, after: float | None) -> bool:
    return _moved(before, after, _chance(max(before or 0.0, after or 0.0) * RATE_WINDOW_S))


def _chance(runs: float) -> float:
    """By which share a count differs from one while to the next: twice its square root. So, about, do its quantiles."""
    return max(MOVED, min(0.5, 2 * runs**-0.5)) if runs else MOVED
