"""
Hops of an operation → where its time passed: each moment from its first begin to its last end at one hop, as running or
as waiting.

From what ended last it goes back along what set it off. While a run waited for what it called, it did not run itself:
that time is counted at what was called.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from visualizer.models.operation import MISSING, Hop
from visualizer.models.path_comparison import Spent

_MS = 1000


def find_spent(hops: Sequence[Hop]) -> dict[int, Spent]:
    """Place of a hop → what passed there; places at which nothing did are left out."""
    seen = [place for place, hop in enumerate(hops) if hop.status != MISSING]
    if not seen:
        return {}
    ran, waited, called = defaultdict[int, float](float), defaultdict[int, float](float), _called(hops)
    # Of two that end together the earlier: it may have called the other.
    at: int | None = max(seen, key=lambda place: (_end_s(hops[place]), -place))
    now_s = _end_s(hops[at]) if at is not None else 0.0
    while at is not None:
        since_s = min(now_s, hops[at].began_s)
        for place, passed_s in _running(at, since_s, now_s, hops=hops, called=called):
            ran[place] += passed_s
        now_s, cause = since_s, hops[at].after
        if cause is not None:
            since_s = _waits_since_s(hops[cause], now_s)
            waited[at] += now_s - since_s
            now_s = since_s
        at = cause
    passed = [place for place in seen if ran[place] or waited[place]]
    return {place: Spent(ran[place] * _MS, waited[place] * _MS) for place in passed}


def _running(
    place: int, since_s: float, until_s: float, *, hops: Sequence[Hop], called: Mapping[int, Sequence[int]]
) -> Iterator[tuple[int, float]]:
    """(place, seconds) of a run and of what it called and waited for; together they are all of the time."""
    waiting = [(place, since_s, until_s)]
    while waiting:
        at, since_s, now_s = waiting.pop()
        for other in sorted(called.get(at, ()), key=lambda each: (-_end_s(hops[each]), each)):
            if since_s <= hops[other].began_s and _end_s(hops[other]) <= now_s:
                yield at, now_s - _end_s(hops[other])
                now_s = hops[other].began_s
                waiting.append((other, now_s, _end_s(hops[other])))
        yield at, now_s - since_s


def _called(hops: Sequence[Hop]) -> Mapping[int, Sequence[int]]:
    """Place → places of what it called: nobody waits for what comes out of a stream."""
    called = defaultdict[int, list[int]](list)
    for place, hop in enumerate(hops):
        if hop.after is not None and not hop.stream and hop.ran_ms is not None and hop.status != MISSING:
            called[hop.after].append(place)
    return called


def _waits_since_s(cause: Hop, now_s: float) -> float:
    """From the end of what it follows from; from its begin while that still ran."""
    ended_s = _end_s(cause)
    return ended_s if cause.ran_ms is not None and ended_s <= now_s else min(cause.began_s, now_s)


def _end_s(hop: Hop) -> float:
    return hop.began_s + (hop.ran_ms or 0.0) / _MS
