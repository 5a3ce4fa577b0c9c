"""
The flow: what is drawn + what was seen and when + what was accepted → what every edge rests on → Redis.

It runs every few seconds and after each new topology, never with each message: what one activity does moves one number
of one row, and only the age of that row matters here.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from math import inf

import redis
from msgspec.structs import replace

from visualizer.core.drift import with_answers
from visualizer.core.edge_sights import EdgeSights
from visualizer.core.evidence import judge_edges, with_old
from visualizer.core.freshness import seen_until_s
from visualizer.core.seen_hours import join_hours
from visualizer.core.usual_gap import FLOOR_S, UsualGap
from visualizer.interfaces.find_unseen import find_unseen
from visualizer.models.evidence import CONFIRMED, QUIET, Evidence, Sight
from visualizer.models.node_id import VIEWS
from visualizer.models.seen_hour import Pair
from visualizer.models.topology import Topology
from visualizer.repo.accepted_edges import read_accepted
from visualizer.repo.drawn import read_drawn
from visualizer.repo.evidence import keep_evidence, read_evidence
from visualizer.repo.seen_hours import SEEN_HOURS_S, read_seen_hours
from visualizer.repo.sights import read_activity_keys, read_call_sights, read_run_sights
from visualizer.repo.watch import read_watch

#: Of our time, so much may go into this: what takes long is done less often.
SHARE = 0.05
#: Edges of which it is remembered what is usual.
MOST_KEPT = 20_000
#: Seconds of a time that are not told.
STEP_S = 60


class EvidenceFinder:
    """Remembers what is usual: it changes only when something was seen."""

    def __init__(self) -> None:
        #: Pairs of an edge → (when they were seen last, what is usual).
        self._usual: dict[tuple[Pair, ...], tuple[int, UsualGap]] = {}
        self._due_s = 0.0

    @property
    def is_due(self) -> bool:
        """Has enough time passed since the last look, for what it took?"""
        return time.monotonic() >= self._due_s

    def refresh(self, client: redis.Redis, *, now_s: float, old_after_s: float = inf) -> bool:
        """
        Bring the kept evidence up to date; returns whether anything had changed.

        Args:
            old_after_s: nobody is asked about what is undeclared and was not seen for so long.

        Raises:
            redis.RedisError, django.db.DatabaseError: one of them does not answer; nothing is half done.
        """
        began = time.monotonic()
        drawn = {view: found.topology for view in VIEWS if (found := read_drawn(client, view))}
        known = {view: read_evidence(client, view) for view in drawn}
        told = self._judge(client, drawn, known, now_s, old_after_s)
        has_changed = told != known
        if has_changed:
            keep_evidence(client, told)
        took_s = time.monotonic() - began
        self._due_s = began + took_s / SHARE
        return has_changed

    def _judge(
        self,
        client: redis.Redis,
        drawn: Mapping[str, Topology],
        known: Mapping[str, Mapping[str, Evidence]],
        now_s: float,
        old_after_s: float,
    ) -> dict[str, dict[str, Evidence]]:
        watch = read_watch(client)
        until_s, unseen = seen_until_s(watch, now_s), find_unseen(watch, drawn, now_s=now_s, in_doubt=True)
        keys, accepted = read_activity_keys(), read_accepted()
        runs, calls = read_run_sights(keys), read_call_sights(keys)
        # Who does not see is not to say that something is over.
        newest_s = max((sight.last_s for sight in (*runs.values(), *calls.values())), default=0)
        old_before_s = (newest_s if until_s is None else until_s) - old_after_s
        told = {}
        for view, topology in drawn.items():
            sights = EdgeSights(topology, runs, calls)

            def allowed(own: Sequence[Sight]) -> float | None:
                return self._allowed_s(own, until_s or now_s)

            judged = judge_edges(topology, sights, now_s=until_s, allowed=allowed)
            hidden = _hidden(topology, unseen.of(view), all_of_it=until_s is None)
            if hidden:
                # Who does not see is not to say that something is missed, nor that all is well again.
                unmissed = judge_edges(topology, sights, now_s=None, allowed=allowed)
                judged |= {edge: _still(known[view].get(edge), unmissed[edge]) for edge in hidden}
            told[view] = with_answers(topology, _told(with_old(judged, before_s=old_before_s)), accepted, now_s=now_s)
        return told

    def _allowed_s(self, own: Sequence[Sight], now_s: float) -> float | None:
        last_s, pairs = max(sight.last_s for sight in own), tuple(sorted(sight.pair for sight in own))
        if now_s - last_s <= FLOOR_S:
            return None
        if len(self._usual) > MOST_KEPT:
            self._usual.clear()
        if pairs not in self._usual or self._usual[pairs][0] != last_s:
            hours = read_seen_hours(pairs, from_s=int(now_s - SEEN_HOURS_S))
            joined = join_hours(hour for found in hours.values() for hour in found)
            self._usual[pairs] = last_s, UsualGap(joined)
        return self._usual[pairs][1].allowed_s(now_s)


def _hidden(topology: Topology, unseen: Collection[str], *, all_of_it: bool) -> set[str]:
    """Edges of which an end is not seen, or in part."""
    return {edge.id for edge in topology.edges if all_of_it or edge.source in unseen or edge.target in unseen}


def _still(before: Evidence | None, now: Evidence) -> Evidence:
    """What was quiet is, until it is seen."""
    return before if before and before.state == QUIET and now.last_s <= before.last_s else now


def _told(judged: Mapping[str, Evidence]) -> dict[str, Evidence]:
    """What is kept: what does not agree."""
    return {edge: _in_steps(each) for edge, each in judged.items() if each.state != CONFIRMED}


def _in_steps(evidence: Evidence) -> Evidence:
    """Of what goes on the minute is told, and two digits of how often: each call would be news otherwise."""
    if evidence.state == QUIET:
        return evidence
    last_s, step = evidence.last_s // STEP_S * STEP_S, max(1, 10 ** (len(str(evidence.count)) - 2))
    return replace(evidence, last_s=max(evidence.first_s, last_s), count=evidence.count // step * step)
