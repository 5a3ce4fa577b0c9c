"""
The rollup of one shard: from the stream of batches into history, then to whoever watches. docs/delivery.md.

Synchronous on purpose: read, commit, delete, publish, in this order. Whatever goes wrong, nothing is deleted before it
is committed, and nothing is counted whose claim fails; so every error is answered in one way: begin again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from threading import Event

import redis
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, InterfaceError, connection

from collector.lib.failpoint import failpoint
from collector.models.heartbeat import BEAT_INTERVAL_S, RollupBeat
from visualizer.core.sampling_threshold import SamplingThreshold
from visualizer.interfaces.batch_tries import BatchTries
from visualizer.interfaces.history_writer import HistoryWriter
from visualizer.interfaces.live_feed import LiveFeed
from visualizer.interfaces.reconciliation import Reconciliation
from visualizer.interfaces.rollup_options import RollupOptions
from visualizer.interfaces.topology_requests import TopologyRequests
from visualizer.repo.batches import FIRST, BatchStream, Message, in_ticks
from visualizer.repo.file_records import FileRecords
from visualizer.repo.first_starts import FirstStarts
from visualizer.repo.newest_lines import keep_newest_lines
from visualizer.repo.quarantine import put_wrong_types_aside
from visualizer.repo.redis_state import read_sampling
from visualizer.repo.sampling import write_threshold
from visualizer.repo.shard_state import ShardState, check_layout, read_shards, write_layout
from visualizer.resources import Connections

log = logging.getLogger(__name__)

OWNED = "another rollup owns this shard"
#: After an error, the next try comes this much later.
RETRY_S = 0.5
#: Half of the middle-sized batches that may wait in a shard before its collectors are told to stop.
MANY_WAITING = 128
#: How often it is looked how much waits.
REST_STEP_S = 0.1


class ShardRollup:
    """One shard's rollup; `run` until `stop`."""

    def __init__(self, client: redis.Redis, connections: Connections, shard: int, options: RollupOptions) -> None:
        self._client = client
        self._connections = connections
        self._shard = shard
        self._options = options
        self._state = ShardState(client, shard)
        self._stream = BatchStream(client, shard)
        self._records = FileRecords(client, shard)
        self._first_starts = FirstStarts(client)
        self._history = HistoryWriter(
            shard,
            retention_s=options.retention_s,
            caps=options.caps,
            resolutions=options.resolutions,
            claims=options.claims,
        )
        self._tries = BatchTries(self._history)
        self._reconciliation = Reconciliation(self._records, self._stream, self._history)
        self._feed = LiveFeed(client, shard, self._history.activities)
        #: That of shard 0 decides.
        self._sampling = SamplingThreshold()
        #: Why we cannot go on; "" when we can.
        self._problem = ""
        self._caught_up_s = options.clock()
        #: Id of the last message that is done with.
        self._after = FIRST
        self._topology = TopologyRequests(options.request_topology)
        self._connections_seen = 0
        #: What is done at a pace → when it is due, by the monotonic clock.
        self._due: dict[str, float] = {}

    def run(self, stop: Event) -> None:
        """
        Roll up until `stop` is set; errors of Redis and SQL are waited out.

        Raises:
            LayoutMismatch: this Redis and this database do not belong together.
        """
        while not stop.is_set():
            try:
                if self.attach():
                    while not stop.is_set() and self.step(stop):
                        pass
                else:
                    self._wait_for_shard(stop)
            except redis.RedisError as exc:
                self._trouble("Redis", exc, stop)
            except (DatabaseError, InterfaceError, ObjectDoesNotExist) as exc:
                connection.close()
                self._trouble("database", exc, stop)
        self._let_go()

    @property
    def interval_s(self) -> float:
        """The pace of updates, seconds."""
        return self._feed.interval_s

    def attach(self) -> bool:
        """Become the owner and make both sides agree; False when another one is."""
        self._client.ping()
        self._connections_seen = self._connections.made
        put_wrong_types_aside(self._client, self._shard)
        check_layout(self._client)
        if not self._state.acquire():
            return False
        now_s = self._options.clock()
        self._history.forget()
        self._reconciliation.begin(now_s=now_s)
        self._first_starts.restore()
        write_layout(self._client)
        self._state.set_ready()
        self._feed.rebuild(now_s=now_s)
        self._sampling = SamplingThreshold(read_sampling(self._client) or self._sampling.value, shards=read_shards())
        self._after = FIRST
        self._due = {"reconcile": time.monotonic() + self._options.reconcile_s}
        self._topology.begin()
        self._say("")
        return True

    def step(self, stop: Event) -> bool:
        """Read what waits, count it, tell it; False when we have to attach again."""
        if self._is_due("second", self._options.beat_s) and not self._each_second():
            return False
        began, began_s = time.monotonic(), self._options.clock()
        messages = self._stream.read(after=self._after, limit=self._tries.limit, block_s=self._due["second"] - began)
        if self._connections.made != self._connections_seen:
            return False  # another Redis may have answered: read it from the start
        for part in in_ticks(messages):
            if not self._tick(part):
                stop.wait(RETRY_S)
                return True
            if part[-1] is not messages[-1] and time.monotonic() > self._due["second"]:
                return True  # the lease must not run out; what is left is read again
        is_drained = len(messages) < self._tries.limit
        if is_drained:
            self._caught_up_s = began_s if messages else self._options.clock()
        self._reconciliation.finish(counted_to=self._after, is_drained=is_drained)
        if messages and is_drained:
            self._rest(min(began + self.interval_s, self._due["second"]), stop)
        return True

    def _rest(self, until: float, stop: Event) -> None:
        """Wait until then, by the monotonic clock, or until so much waits that collectors would soon have to."""
        while (left := until - time.monotonic()) > 0 and not stop.wait(min(left, REST_STEP_S)):
            if self._stream.waiting() >= MANY_WAITING:
                break

    def _tick(self, messages: Sequence[Message]) -> bool:
        """Count messages, forget them, tell it; False when one of them stands in the way."""
        incoming, problem = self._tries.read(messages)
        if incoming:
            now_s = self._options.clock()
            if not self._first_starts.are_kept:
                # Whoever has counted a file knows since when: a Redis that is emptied now takes no rotated file along.
                self._first_starts.keep()
            counted = self._tries.count(incoming, now_s=now_s)
            failpoint("after_commit")
            for envelope, mark in counted.gaps:
                self._records.rewind(envelope, high_water=mark.high_water, tail_hash=mark.tail_hash)
            self._stream.delete([message.message_id for message in incoming])
            failpoint("after_delete")
            if any(message.is_torn for message in incoming):
                self._due["reconcile"] = 0.0
            self._after = incoming[-1].message_id
            self._feed.add(counted.cells, counted.totals, now_s=now_s)
            self._feed.tell(now_s=now_s)
            keep_newest_lines(self._client, self._shard, counted.newest)
            self._sampling.add(sampled=counted.sampled, lines=int(counted.cells.count.sum()), now_s=now_s)
        if problem != self._problem:
            self._say(problem)
        return not problem

    def _each_second(self) -> bool:
        """What is due at a pace; False when the shard or Redis is not ours any more."""
        if not self._state.renew() or not self._state.is_ready():
            return False
        now_s = self._options.clock()
        new_files, lost = self._records.read_new(), self._records.read_lost()
        if new_files or lost:
            self._history.add_files(new_files.values(), lost, now_s=now_s)
            self._records.note(new_files.values())
            self._records.take_lost(lost)
        self._first_starts.keep()
        if self._is_due("reconcile", self._options.reconcile_s):
            self._reconciliation.begin(now_s=now_s)
        if self._is_due("judge", self._options.judge_s):
            self._history.end_open_runs(self._feed.judge_servers(now_s=now_s), now_s=now_s)
        self._feed.each_second(now_s=now_s)
        if self._shard == 0:
            write_threshold(self._client, self._sampling.adapt(now_s))
        history = self._history
        self._topology.look(self._state.config_version(), history.activities.newest_id, len(history.calls))
        self._beat()
        return True

    def _is_due(self, what: str, every_s: float) -> bool:
        now = time.monotonic()
        if now < self._due.get(what, 0.0):
            return False
        self._due[what] = now + every_s
        return True

    def _say(self, problem: str) -> None:
        """Show why we cannot go on, or that we can."""
        if problem and problem != self._problem:
            log.warning("rollup_stopped shard=%d problem=%s", self._shard, problem)
        self._problem = problem
        self._beat()

    def _beat(self) -> None:
        waiting = self._stream.waiting()
        beat = RollupBeat(
            at_s=self._options.clock(),
            caught_up_s=self._caught_up_s,
            waiting=waiting,
            newest_s=self._feed.newest_s,
            problem=self._problem,
        )
        self._state.write_beat(beat)

    def _wait_for_shard(self, stop: Event) -> None:
        """Its owner says how the shard fares; we say nothing."""
        if self._problem != OWNED:
            log.info("rollup_waits shard=%d: %s", self._shard, OWNED)
        self._problem = OWNED
        stop.wait(BEAT_INTERVAL_S)

    def _trouble(self, of: str, exc: Exception, stop: Event) -> None:
        with suppress(redis.RedisError):
            self._say(f"{of}: {' '.join(str(exc).split())[:200] or type(exc).__name__}")
        stop.wait(RETRY_S)

    def _let_go(self) -> None:
        with suppress(redis.RedisError):
            self._state.release()
        self._client.close()
        connection.close()
