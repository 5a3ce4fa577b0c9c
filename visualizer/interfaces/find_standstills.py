"""
The flow: runs that are open + what ran lately and is usual + what is declared and answers → what stands still → Redis.

A worker looks each two seconds: what is late is so because time has passed, not because a line came.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from math import inf

import redis

from collector.models.activity import ActivityKey
from collector.models.host import HostAnswer
from visualizer.core.declared_config import declared_config
from visualizer.core.freshness import seen_until_s
from visualizer.core.run_timeouts import RunTimeouts
from visualizer.core.seen_hours import join_hours
from visualizer.core.standstills import (
    FED_S,
    FORGET_S,
    Standstills,
    find_gone,
    find_stopped,
    find_stuck,
    find_unread,
    hold_unseen,
    worst_of,
)
from visualizer.core.stopped_services import FLOOR_S, service_gap_s
from visualizer.interfaces.find_unseen import find_unseen
from visualizer.models.evidence import Sight
from visualizer.models.node_id import STANDARD, VIEWS, activity_event_id, activity_stream_id
from visualizer.models.standstill import Flow, HeldRuns
from visualizer.models.topology import Topology
from visualizer.models.unseen import Unseen
from visualizer.repo.drawn import read_drawn
from visualizer.repo.flows import read_lately
from visualizer.repo.host_answers import read_host_answers
from visualizer.repo.open_runs import read_all_open
from visualizer.repo.seen_hours import SEEN_HOURS_S, read_seen_hours
from visualizer.repo.servers import read_servers
from visualizer.repo.sights import read_activity_keys, read_run_sights
from visualizer.repo.standstills import keep_standstills, read_standstills
from visualizer.repo.watch import read_watch

#: Of our time, so much may go into this.
SHARE = 0.05
Keys = dict[int, tuple[ActivityKey, int]]


class StandstillFinder:
    """Remembers what hosts declare, and what is usual for services: both change seldom."""

    def __init__(self) -> None:
        self._config_version: str | None = None
        self._answers: list[HostAnswer] = []
        self._timeouts = RunTimeouts(declared_config([], view=STANDARD))
        #: Service → (when it was seen last, how long it may be silent).
        self._usual: dict[ActivityKey, tuple[int, float | None]] = {}
        self._due_s = 0.0

    @property
    def is_due(self) -> bool:
        """Has enough time passed since the last look, for what it took?"""
        return time.monotonic() >= self._due_s

    def refresh(self, client: redis.Redis, *, now_s: float) -> bool:
        """
        Bring what stands still up to date; returns whether anything had changed.

        Raises:
            redis.RedisError, django.db.DatabaseError: one of them does not answer; nothing is half done.
        """
        began, watch = time.monotonic(), read_watch(client)
        until_s = seen_until_s(watch, now_s)
        if until_s is None:
            # Who does not see is not to say what happens, nor that all is well again.
            return False
        if watch.config_version != self._config_version:
            self._answers = read_host_answers(client)
            self._timeouts = RunTimeouts(declared_config(self._answers, view=STANDARD))
            self._config_version = watch.config_version
        drawn = {view: found.topology for view in VIEWS if (found := read_drawn(client, view))}
        known = {view: read_standstills(client, view) for view in drawn}
        unseen = find_unseen(watch, drawn, now_s=now_s, in_doubt=True)
        told = self._find(drawn, known, unseen, now_s=until_s)
        if told != known:
            keep_standstills(client, told)
        self._due_s = began + (time.monotonic() - began) / SHARE
        return told != known

    def _find(
        self, drawn: Mapping[str, Topology], known: Mapping[str, Standstills], unseen: Unseen, *, now_s: float
    ) -> dict[str, Standstills]:
        keys = read_activity_keys()
        sights, held = read_run_sights(keys), list(_held(keys, unseen))
        lately = read_lately(from_s=int(now_s) - FED_S)
        flows = {key: Flow(lately.get(one.pair.activity, 0), one.count, one.last_s) for key, one in sights.items()}
        services = [(key, one.last_s, self._allowed_s(key, one, now_s)) for key, one in sights.items()]
        seen_s: dict[str, float] = {}
        for key, one in sights.items():
            seen_s[key.app] = max(seen_s.get(key.app, 0.0), one.last_s)
        told = {}
        for view, topology in drawn.items():
            found = (
                find_stuck(held, self._timeouts, view=view, now_s=now_s),
                find_unread(topology, flows, now_s=now_s),
                find_stopped(services, view=view, now_s=now_s),
                find_gone(topology, self._answers, seen_s, now_s=now_s),
            )
            told[view] = worst_of(found, {node.id for node in topology.nodes})
            if unseen.of(view):
                ran_s = _ran_s(sights, view=view)
                told[view] = hold_unseen(told[view], known[view], unseen.of(view), topology, ran_s=ran_s)
        return told

    def _allowed_s(self, key: ActivityKey, seen: Sight, now_s: float) -> float | None:
        if key.kind != "service" or not FLOOR_S < now_s - seen.last_s < FORGET_S:
            return None
        if self._usual.get(key, (0, None))[0] != seen.last_s:
            hours = read_seen_hours([seen.pair], from_s=int(now_s - SEEN_HOURS_S)).get(seen.pair, [])
            self._usual[key] = seen.last_s, service_gap_s(join_hours(hours), now_s=now_s)
        return self._usual[key][1]


def _ran_s(sights: Mapping[ActivityKey, Sight], *, view: str) -> dict[str, float]:
    """Event or stream id → when it ran, or was read, last."""
    ran_s: dict[str, float] = {}
    for key, sight in sights.items():
        for node in (activity_event_id(key, view=view), activity_stream_id(key, view=view)):
            if node is not None:
                ran_s[node] = max(ran_s.get(node, 0.0), sight.last_s)
    return ran_s


def _held(keys: Keys, unseen: Unseen) -> Iterator[HeldRuns]:
    rows = list(read_all_open())
    servers = read_servers({row.server_id for row in rows})
    for row in rows:
        if row.activity_id in keys and row.server_id in servers:
            until_s = unseen.until_s.get(row.server_id, inf)
            yield HeldRuns(keys[row.activity_id][0], servers[row.server_id], row.open, until_s)
