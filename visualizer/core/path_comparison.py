"""
The hops of two operations → which of one is which of the other, and where the time differs.

Two hops are the same when they are of one event, were read from one stream, follow from hops that are the same, and are
the n-th such ones there: so a second try is compared with a second try, and each branch of a fan-out with its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from math import inf

from visualizer.core.spent_time import find_spent
from visualizer.models.operation import MISSING, OperationPath
from visualizer.models.path_comparison import HopPair, PathComparison, Spent

#: In place of the hop that something follows from: there is no such hop, so nothing does.
_NOWHERE = -1


class _Side:
    """One of two operations, as pairing needs it."""

    def __init__(self, path: OperationPath) -> None:
        self.hops = path.hops
        self.spent = find_spent(path.hops)
        self._began_s = path.began_s
        self._below = defaultdict[int | None, list[int]](list)
        for place, hop in enumerate(path.hops):
            self._below[hop.after].append(place)

    def below(self, place: int | None) -> Sequence[int]:
        """Places of what follows from a hop; of None what follows from nothing."""
        return self._below.get(place, ())

    def begin_s(self, place: int | None) -> float:
        """Since the operation's begin; what did not run comes last."""
        if place is None or self.hops[place].status == MISSING:
            return inf
        return self.hops[place].began_s - self._began_s


def compare_paths(a: OperationPath, b: OperationPath) -> PathComparison:
    """Every hop of both is in one pair. With a and b exchanged the pairs are the same, and differences change sign."""
    sides = _Side(a), _Side(b)
    pairs = tuple(_measured(pair, *sides) for pair in _align(*sides))
    parts_ms = sum(pair.of_ran_ms + pair.of_waited_ms for pair in pairs)
    return PathComparison(pairs=pairs, a_ms=a.took_ms, b_ms=b.took_ms, unknown_ms=b.took_ms - a.took_ms - parts_ms)


def _align(a: _Side, b: _Side) -> list[HopPair]:
    """Depth first: what sets off stands before what follows."""
    pairs: list[HopPair] = []
    waiting = _pair(a, b, a.below(None), b.below(None))[::-1]
    while waiting:
        pair = waiting.pop()
        below = _pair(a, b, *(side.below(_NOWHERE if at is None else at) for side, at in ((a, pair.a), (b, pair.b))))
        waiting += [replace(each, after=len(pairs), depth=pair.depth + 1) for each in reversed(below)]
        pairs.append(pair)
    return pairs


def _pair(a: _Side, b: _Side, of_a: Sequence[int], of_b: Sequence[int]) -> list[HopPair]:
    """Of hops that follow from one pair the n-th of an event and stream with the n-th; by when they began in either."""
    groups = defaultdict[tuple[str, str], tuple[list[int], list[int]]](lambda: ([], []))
    for nth, (side, places) in enumerate(((a, of_a), (b, of_b))):
        for place in places:
            groups[side.hops[place].node, side.hops[place].stream][nth].append(place)
    found = []
    for key, both in groups.items():
        for nth, (in_a, in_b) in enumerate(zip_longest(*both)):
            found.append((min(a.begin_s(in_a), b.begin_s(in_b)), key, nth, HopPair(a=in_a, b=in_b)))
    return [pair for *_, pair in sorted(found, key=lambda each: each[:3])]


def _measured(pair: HopPair, a: _Side, b: _Side) -> HopPair:
    (hop_a, spent_a), (hop_b, spent_b) = (
        (side.hops[at], side.spent.get(at, Spent())) if at is not None else (None, Spent())
        for side, at in ((a, pair.a), (b, pair.b))
    )
    return replace(
        pair,
        ran_more_ms=_more(hop_a.ran_ms, hop_b.ran_ms) if hop_a and hop_b else None,
        waited_more_ms=_more(hop_a.waited_ms, hop_b.waited_ms) if hop_a and hop_b else None,
        of_ran_ms=spent_b.ran_ms - spent_a.ran_ms,
        of_waited_ms=spent_b.waited_ms - spent_a.waited_ms,
    )


def _more(a_ms: float | None, b_ms: float | None) -> float | None:
    return b_ms - a_ms if a_ms is not None and b_ms is not None else None
