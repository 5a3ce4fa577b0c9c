"""A graph that moves: what a rollup would tell of 1,000 runs a second, by its own live window, in a real Valkey."""

from __future__ import annotations

import threading
import time
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import msgspec
import redis

from collector.lib.log_buckets import bucket_index
from collector.models import redis_keys
from collector.models.activity import ActivityKey, Status
from tests.drawn_world import beat_in_redis
from tests.tools.large_graph import large_drawn
from visualizer.core.counts import Counts
from visualizer.core.live_window import LiveWindow
from visualizer.models.live import STATE_WINDOW_S, LiveUpdate
from visualizer.models.node_id import EVENT, STANDARD
from visualizer.models.topology import READ, DrawnTopology
from visualizer.repo.live_updates import LiveUpdates

RUNS_PER_S = 1000
#: As a rollup tells while many look.
TELL_EVERY_S = 0.25
FAILED_SHARE = 0.002


class Traffic:
    """Runs by chance, few events with most of them, told as a rollup tells them."""

    def __init__(self, client: redis.Redis, drawn: DrawnTopology) -> None:
        self._client = client
        self._random = Random(3)
        self._keys = list(_activities(drawn))
        self._random.shuffle(self._keys)
        self._weights = [1 / (place + 1) for place in range(len(self._keys))]
        self._window = LiveWindow()
        self._updates = LiveUpdates(client, 0)
        self._stop = threading.Event()
        #: Unix time of each update, in order.
        self.told_s: list[float] = []

    def told_before(self, at_s: float) -> float:
        """When the update was told that a delta of this moment is made of."""
        return self.told_s[max(0, bisect_right(self.told_s, at_s) - 1)]

    @contextmanager
    def flowing(self) -> Iterator[None]:
        """From a full window on."""
        now_s = time.time()
        self._window.slide(now_s)
        for place, key in enumerate(self._keys):
            self._window.name(place, key)
        for second in range(int(now_s) - STATE_WINDOW_S, int(now_s)):
            self._run(RUNS_PER_S, second=second)
        self._tell(now_s, snapshot=True)
        thread = threading.Thread(target=self._flow)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def _flow(self) -> None:
        began_s, runs, beat_s = time.time(), 0, 0.0
        while not self._stop.wait(TELL_EVERY_S - (time.time() - began_s) % TELL_EVERY_S):
            now_s = time.time()
            due = int((now_s - began_s) * RUNS_PER_S) - runs
            runs += due
            self._window.slide(now_s)
            self._run(due, second=int(now_s))
            self._tell(now_s, snapshot=now_s - beat_s >= 1)
            if now_s - beat_s >= 1:
                beat_s = now_s
                beat_in_redis(self._client, now_s=now_s)

    def _run(self, runs: int, *, second: int) -> None:
        for place in self._random.choices(range(len(self._keys)), self._weights, k=runs):
            counts, bucket = Counts(), bucket_index(self._random.lognormvariate(3 + place % 3, 0.6))
            counts.statuses[Status.START] = 1
            counts.statuses[Status.FAILED if self._random.random() < FAILED_SHARE else Status.DONE] = 1
            counts.durations[bucket] = 1
            if self._keys[place].stream:
                counts.stream_ages[bucket] = 1
            counts.last_s = max(time.time(), second)
            self._window.add_seen(place, second=second, counts=counts)

    def _tell(self, now_s: float, *, snapshot: bool) -> None:
        if changed := self._window.take_changes():
            self.told_s.append(time.time())
            self._updates.publish(LiveUpdate(at_s=now_s, changed=changed))
        if snapshot:
            self._updates.write_snapshot(LiveUpdate(at_s=now_s, changed=list(self._window.told()), reset=True))


def draw(client: redis.Redis, *, apps: int) -> DrawnTopology:
    """Draw a graph of eleven nodes an app, and say that everybody is there."""
    drawn = large_drawn(apps, Random(7))
    client.hset(redis_keys.TOPOLOGY, STANDARD, msgspec.json.encode(drawn))
    client.incr(redis_keys.TOPOLOGY_VERSION)
    beat_in_redis(client, now_s=time.time())
    return drawn


def _activities(drawn: DrawnTopology) -> Iterator[ActivityKey]:
    nodes = {node.id: node for node in drawn.topology.nodes}
    reads = {edge.target: edge for edge in drawn.topology.edges if edge.kind == READ}
    for node in nodes.values():
        if node.kind != EVENT:
            continue
        if edge := reads.get(node.id):
            yield ActivityKey(node.app, "", node.name, "stream", nodes[edge.source].name, edge.label, "group")
        else:
            yield ActivityKey(node.app, "", node.name, "service" if node.event_type == "SERVICE" else "request")
