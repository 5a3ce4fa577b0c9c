"""
Hub: one per web process. It reads what the rollups tell, adds the shards up, and hands every view to those who look.

Redis may be down or frozen: every read ends in time, beats go on and say so, and a snapshot mends what was missed.
It runs while somebody looks and a little longer.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from secrets import token_hex

import redis.asyncio

from collector.models.host import ALIVE
from visualizer.core.freshness import Freshness, duration_words, is_blind, judge_freshness
from visualizer.core.live_sums import LiveSums
from visualizer.interfaces.unseen_watch import UnseenWatch
from visualizer.interfaces.view_feed import ViewFeed
from visualizer.interfaces.viewer import Viewer
from visualizer.models.delta import Beat
from visualizer.models.live import LiveUpdate
from visualizer.models.node_id import VIEWS
from visualizer.models.watch import Watch
from visualizer.repo.live_reader import LiveReader

#: The browser says "reconnecting" after three of these and a little.
BEAT_S = 0.5
#: How often processes, hosts and the topology's version are looked at.
WATCH_S = 0.5
#: Hosts are read when their version moved, and this often for their latency.
HOSTS_S = 5.0
#: Viewers are told this often; a rollup believes it for 10 s.
VIEWERS_S = 2.0
#: Redis is called silent after this: two looks missed, and the third is late.
SILENT_S = 1.5
#: Between attempts while Redis does not answer.
RETRY_S = 0.5
#: The snapshot is read again this often, whatever the stream said: it mends what nobody noticed.
REREAD_S = 30.0
#: A first snapshot waits this long for Redis, rather than show an empty graph for a moment.
LOAD_WITHIN_S = 1.5
#: Goes on for this long when nobody looks any more: a reload is no reason to begin anew.
LINGER_S = 30.0
MAX_PROBLEMS = 5
MAX_PROBLEM_CHARS = 200

log = logging.getLogger(__name__)


class Hub:
    """The live feed of this process."""

    def __init__(
        self, *, open_redis: Callable[[], redis.asyncio.Redis], clock: Callable[[], float] = time.time
    ) -> None:
        self.id = token_hex(8)
        self._open_redis = open_redis
        self._clock = clock
        self._feeds = {view: ViewFeed(view, hub=self.id, clock=clock) for view in VIEWS}
        self._task: asyncio.Task[None] | None = None
        self._forget_everything()

    async def join(self, view: str) -> Viewer:
        """Begin to look at a view. The viewer's first text is a snapshot."""
        if self._task is None or self._task.done():
            self._forget_everything()
            self._task = asyncio.create_task(self._run(), name="hub")
            self._task.add_done_callback(_log_failure)
        try:
            async with asyncio.timeout(LOAD_WITHIN_S):
                await self._loaded.wait()
        except TimeoutError:
            pass  # the beats will say what is wrong
        return self._feeds[view].add_viewer(self._sums.all)

    def leave(self, view: str, viewer: Viewer) -> None:
        """Look away."""
        self._feeds[view].remove_viewer(viewer)
        if not self.viewers:
            asyncio.get_running_loop().call_later(LINGER_S, self._stop_if_alone)

    @property
    def viewers(self) -> int:
        """How many look."""
        return sum(len(feed.viewers) for feed in self._feeds.values())

    async def stop(self) -> None:
        """End at once."""
        if self._task:
            self._end()
            await asyncio.wait([self._task])

    def _forget_everything(self) -> None:
        self._sums = LiveSums()
        self._watch = Watch()
        self._topology_version = self._evidence_version = self._standstills_version = ""
        self._answered_s = time.monotonic()
        self._loaded = asyncio.Event()
        #: What has been read, or tried to, at least once.
        self._tried: set[str] = set()
        #: Shards that are followed.
        self._followed: set[int] = set()
        self._is_ending = False
        self._unseen = UnseenWatch(self._feeds, clock=self._clock)

    def _stop_if_alone(self) -> None:
        if not self.viewers:
            self._end()

    def _end(self) -> None:
        # Not by cancelling alone: redis-py waits by asyncio.wait_for, which up to Python 3.11 may swallow a
        # cancellation that comes together with its result.
        self._is_ending = True
        if self._task:
            self._task.cancel()

    async def _run(self) -> None:
        client = self._open_redis()
        reader = LiveReader(client)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._beat())
                tasks.create_task(self._look_around(reader, tasks))
                tasks.create_task(self._unseen.follow(lambda: self._watch, lambda: not self._is_ending))
        finally:
            await client.aclose()

    async def _beat(self) -> None:
        while not self._is_ending:
            freshness = self._freshness()
            is_blind = self._is_blind()
            for feed in self._feeds.values():
                feed.set_blind(is_blind=is_blind)
                feed.tick()
                feed.beat(lambda seq: self._make_beat(freshness, seq))  # noqa: B023
            await asyncio.sleep(BEAT_S)

    async def _look_around(self, reader: LiveReader, tasks: asyncio.TaskGroup) -> None:
        hosts_due_s = viewers_due_s = 0.0
        while not self._is_ending:
            now_s = time.monotonic()
            try:
                await self._read_watch(reader, hosts=now_s >= hosts_due_s)
                if now_s >= hosts_due_s:
                    hosts_due_s = now_s + HOSTS_S
                if now_s >= viewers_due_s:
                    await reader.tell_viewers(self.id, self.viewers, self._clock())
                    viewers_due_s = now_s + VIEWERS_S
            except redis.RedisError as exc:
                log.debug("Redis: %s", type(exc).__name__)
            for shard in self._shards() - self._followed:
                self._followed.add(shard)
                tasks.create_task(self._follow(reader, shard))
            self._has_tried("watch" if self._followed else "live", "watch")
            await asyncio.sleep(WATCH_S)

    async def _read_watch(self, reader: LiveReader, *, hosts: bool) -> None:
        before = self._watch
        watch = await reader.watch(shards=before.shards, hosts=hosts)
        self._answered_s = time.monotonic()
        if not hosts and watch.config_version != before.config_version:
            watch = await reader.watch(shards=before.shards, hosts=True)
        elif not hosts:
            watch = replace(watch, hosts=before.hosts)
        self._watch = watch
        if watch.topology_version and watch.topology_version != self._topology_version:
            for view, feed in self._feeds.items():
                if drawn := await reader.drawn(view):
                    feed.set_topology(drawn, self._sums.all)
            self._topology_version = watch.topology_version
        if watch.evidence_version != self._evidence_version:
            for view, feed in self._feeds.items():
                feed.set_evidence(await reader.evidence(view))
            self._evidence_version = watch.evidence_version
        if watch.standstills_version != self._standstills_version:
            for view, feed in self._feeds.items():
                feed.set_standstills(await reader.standstills(view))
            self._standstills_version = watch.standstills_version

    async def _follow(self, reader: LiveReader, shard: int) -> None:
        """Keep the sums of a shard."""
        position: bytes | None = None
        reread_s = 0.0
        while not self._is_ending and shard in self._shards():
            try:
                if position is None or time.monotonic() >= reread_s:
                    reading = await reader.everything(shard)
                    reread_s = time.monotonic() + REREAD_S
                else:
                    reading = await reader.more(shard, position)
                position = None if reading.is_behind else reading.last_id
                self._take(shard, reading.updates)
            except redis.RedisError as exc:
                log.debug("Redis: %s", type(exc).__name__)
                position = None
                await asyncio.sleep(RETRY_S)
            self._has_tried("live")
        self._followed.discard(shard)
        self._take(shard, [LiveUpdate(at_s=0, changed=[], reset=True)])

    def _shards(self) -> set[int]:
        """Those there are; while Redis does not know (any more), those that were."""
        return set(range(self._watch.shards)) if self._watch.layout else set(self._followed)

    def _take(self, shard: int, updates: list[LiveUpdate]) -> None:
        changed = self._sums.take(shard, updates)
        for feed in self._feeds.values():
            feed.take(changed)

    def _has_tried(self, *what: str) -> None:
        self._tried.update(what)
        if self._tried >= {"watch", "live"}:
            self._loaded.set()

    def _freshness(self) -> Freshness:
        silent_s = time.monotonic() - self._answered_s
        if silent_s > SILENT_S:
            return Freshness(None, (f"Redis has not answered for {duration_words(silent_s)}.",), 0)
        return judge_freshness(self._watch, self._clock(), hidden=self._unseen.hidden)

    def _is_blind(self) -> bool:
        return time.monotonic() - self._answered_s > SILENT_S or is_blind(self._watch, self._clock())

    def _make_beat(self, freshness: Freshness, seq: int) -> Beat:
        return Beat(
            hub=self.id,
            seq=seq,
            at=round(self._clock(), 3),
            behind_s=freshness.behind_s,
            hosts_alive=sum(host.status == ALIVE for host in self._watch.hosts),
            hosts_total=len(self._watch.hosts),
            files=freshness.files,
            lines=freshness.lines,
            newest_s=freshness.newest_s,
            problems=[problem[:MAX_PROBLEM_CHARS] for problem in freshness.problems[:MAX_PROBLEMS]],
        )


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (failure := task.exception()):
        log.error("hub_failed", exc_info=failure)
