"""
Tells the web processes what changes, at a pace: at once after a quiet moment, then every 100 ms, slower when many look
or much changes.
"""

from __future__ import annotations

import redis

from visualizer.core.gone_servers import gone_servers
from visualizer.core.live_window import GoneServers, LiveWindow
from visualizer.core.slot_table import CellTable, SlotTable, without_servers
from visualizer.models.live import STATE_WINDOW_S, LiveUpdate
from visualizer.repo.activities import Activities
from visualizer.repo.buckets import read_newest_s, read_open, read_slots
from visualizer.repo.listed_servers import read_listed_servers
from visualizer.repo.live_updates import LiveUpdates

#: Between two updates: a person sees no difference below it.
INTERVAL_S = 0.1
#: The same when each update costs more: many sockets to fill, or much to draw.
SLOW_INTERVAL_S = 0.25
SLOW_VIEWERS = 50
SLOW_CHANGES = 300
#: The same where nobody sees it: what is counted is long ago, or much changes and nobody looks.
UNSEEN_INTERVAL_S = 1.0


class LiveFeed:
    """The live window of one shard and what was told of it. Times are unix seconds of the injected clock."""

    def __init__(self, client: redis.Redis, shard: int, activities: Activities) -> None:
        self._client = client
        self._shard = shard
        self._activities = activities
        self._updates = LiveUpdates(client, shard)
        self._window = LiveWindow()
        #: Server id → unix time of its newest line.
        self._seen_s: dict[int, float] = {}
        #: Unix time of the newest entry of all time; 0 before the first.
        self.newest_s = 0.0
        self._viewers = 0
        self._changes = 0
        #: Nothing of what was counted last belongs to the window.
        self._is_long_ago = False
        self._is_snapshot_old = False

    @property
    def interval_s(self) -> float:
        """How long to wait between two updates."""
        if self._is_long_ago or (self._changes > SLOW_CHANGES and not self._viewers):
            return UNSEEN_INTERVAL_S
        is_slow = self._viewers > SLOW_VIEWERS or self._changes > SLOW_CHANGES
        return SLOW_INTERVAL_S if is_slow else INTERVAL_S

    def rebuild(self, *, now_s: float) -> None:
        """Begin again from SQL, and say so."""
        self._window = LiveWindow()
        self._window.slide(now_s)
        self.newest_s = read_newest_s(shard=self._shard)
        keys = self._activities.keys
        for (second, activity_id, server_id), counts in read_slots(
            shard=self._shard, from_s=int(now_s) - STATE_WINDOW_S + 1
        ):
            if self._window.name(activity_id, keys[activity_id]):
                self._window.add_seen(activity_id, second=second, counts=counts)
            self._see(server_id, counts.last_s)
        for activity_id, server_id, runs, last_s in read_open(shard=self._shard):
            if self._window.name(activity_id, keys[activity_id]):
                self._window.add_open(activity_id, server_id, runs=runs)
            self._see(server_id, last_s)
        self.judge_servers(now_s=now_s)
        self._publish(LiveUpdate(at_s=now_s, changed=self._window.take_changes(), reset=True))
        self._write_snapshot(now_s)

    def add(self, cells: CellTable, totals: SlotTable, *, now_s: float) -> None:
        """Add what was counted, and its sums by activity and server; it is told with the next update."""
        self._window.slide(now_s)
        keys = self._activities.keys
        shown = {each for each in set(totals.activity.tolist()) if self._window.name(each, keys[each])}
        recent = cells.where(cells.second > int(now_s) - STATE_WINDOW_S)
        self._is_long_ago = bool(len(cells)) and not len(recent)
        for (second, activity_id, _), counts in without_servers(recent):
            if activity_id in shown:
                self._window.add_seen(activity_id, second=second, counts=counts)
        for activity_id, server_id, runs, last_s in zip(
            totals.activity.tolist(),
            totals.server.tolist(),
            totals.open_runs.tolist(),
            totals.last_s.tolist(),
            strict=True,
        ):
            if activity_id in shown:
                self._window.add_open(activity_id, server_id, runs=runs)
            self._see(server_id, last_s)

    def tell(self, *, now_s: float) -> None:
        """Publish what changed, if anything did."""
        changed = self._window.take_changes()
        self._changes = len(changed)
        if changed:
            self._publish(LiveUpdate(at_s=now_s, changed=changed))

    def each_second(self, *, now_s: float) -> None:
        """Let old seconds leave the window, tell it, keep the snapshot fresh."""
        self._viewers = self._updates.viewers(now_s=now_s)
        self._window.slide(now_s)
        self.tell(now_s=now_s)
        if self._is_snapshot_old:
            self._write_snapshot(now_s)

    def judge_servers(self, *, now_s: float) -> GoneServers:
        """Look up which servers with open runs are gone, (app key, server id) each."""
        servers = self._window.open_servers()
        if not servers:
            return frozenset()
        hosts = read_listed_servers(self._client)
        gone = gone_servers(servers, hosts, named=self._activities.servers, seen_s=self._seen_s, now_s=now_s)
        self._window.set_gone(gone)
        return gone

    def _see(self, server_id: int, last_s: float) -> None:
        self.newest_s = max(self.newest_s, last_s)
        self._seen_s[server_id] = max(self._seen_s.get(server_id, 0.0), last_s)

    def _publish(self, update: LiveUpdate) -> None:
        self._updates.publish(update)
        self._is_snapshot_old = True

    def _write_snapshot(self, now_s: float) -> None:
        self._updates.write_snapshot(LiveUpdate(at_s=now_s, changed=list(self._window.told()), reset=True))
        self._is_snapshot_old = False
