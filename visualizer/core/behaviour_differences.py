"""How nodes and apps do now and did in the same while earlier → those that clearly differ, the worst first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import sqrt

from visualizer.core.behaviour_table import BehaviourTable
from visualizer.core.clear_change import SLOWER as MUCH_SLOWER
from visualizer.core.clear_change import fails_more, runs_more, slow_more
from visualizer.core.diff_words import failed_words, p95_words
from visualizer.models.behaviour_difference import (
    FAILS_LESS,
    FAILS_MORE,
    FASTER,
    FEWER_RUNS,
    MORE_RUNS,
    NEW,
    SLOWER,
    WAYS,
    BehaviourDifference,
    Compared,
)
from visualizer.models.topology_diff import Behaviour

_FAILED = frozenset({FAILS_MORE, FAILS_LESS})
_TOOK = frozenset({SLOWER, FASTER})


def find_differences(
    compared: Iterable[Compared], earlier: BehaviourTable, now: BehaviourTable
) -> list[BehaviourDifference]:
    """Those that clearly differ, the worst first."""
    found = []
    for one in compared:
        was, is_now = earlier.behaviour(one.was), now.behaviour(one.id)
        if ways := tuple(_ways(one, was, is_now, earlier, now)):
            found.append(BehaviourDifference(of=one, ways=ways, earlier=was, now=is_now))
    return sorted(found, key=lambda one: (WAYS.index(one.ways[0]), -_size(one), one.of.is_app, one.of.id))


def difference_words(found: BehaviourDifference) -> str:
    """The numbers it rests on: "4.1 % of 1,240 failed, then 0.31 % of 1,310; p95 120 ms, then 38 ms"."""
    now, was, parts = found.now, found.earlier, []
    if _FAILED & set(found.ways):
        parts.append(f"{failed_words(now)} failed, then {failed_words(was)}")
    if _TOOK & set(found.ways):
        parts.append(f"{'waited ' if found.of.is_stream else ''}p95 {p95_words(now)}, then {p95_words(was)}")
    if {FEWER_RUNS, MORE_RUNS, NEW} & set(found.ways):
        runs, thing = [side.runs if side else 0 for side in (now, was)], "message" if found.of.is_stream else "run"
        then = "" if NEW in found.ways else f", then {runs[1]:,}"
        parts.append(f"{runs[0]:,} {thing}{'' if runs[0] == 1 else 's'}{then}")
    return "; ".join(parts)


def _ways(
    one: Compared, was: Behaviour | None, now: Behaviour | None, earlier: BehaviourTable, later: BehaviourTable
) -> Iterator[str]:
    """In the order of WAYS."""
    if not one.was:
        if now:
            yield NEW
        return
    if was and now:
        slower = _slower(one, was, now, earlier, later)
        if fails_more(was, now):
            yield FAILS_MORE
        if slower > 0:
            yield SLOWER
    if runs_more(runs := now.runs if now else 0, ran := was.runs if was else 0):
        yield FEWER_RUNS
    if runs_more(ran, runs):
        yield MORE_RUNS
    if was and now:
        if fails_more(now, was):
            yield FAILS_LESS
        if slower < 0:
            yield FASTER


def _slower(one: Compared, was: Behaviour, now: Behaviour, earlier: BehaviourTable, later: BehaviourTable) -> int:
    """1: clearly slower, -1: clearly faster, 0: neither. An app is neither: other events of it ran, maybe."""
    if one.is_app or not was.p95_ms or not now.p95_ms:
        return 0
    times = now.p95_ms / was.p95_ms
    if 1 / MUCH_SLOWER < times < MUCH_SLOWER:
        return 0
    between_ms = sqrt(was.p95_ms * now.p95_ms)
    before, after = earlier.slower_than(one.was, between_ms), later.slower_than(one.id, between_ms)
    if times > 1:
        return int(slow_more(before, after))
    return -int(slow_more(after, before))


def _size(found: BehaviourDifference) -> float:
    """How much it differs in the worst of its ways: failed runs beyond what was, times slower, runs."""
    now, was, worst = found.now, found.earlier, found.ways[0]
    if not now or not was:
        return float(sum(side.runs for side in (now, was) if side))
    if worst in _FAILED:
        return abs(now.failed - now.runs * was.failed / was.runs)
    if worst in _TOOK and now.p95_ms and was.p95_ms:
        return max(now.p95_ms / was.p95_ms, was.p95_ms / now.p95_ms)
    return float(abs(now.runs - was.runs))
