"""
Store: the sink. Hands every batch to Redis and does not let go before Redis has an answer that reading can go on
from; that wait is the back-pressure on sources. Beats once a second.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import time
from collections import defaultdict
from typing import ClassVar

from redis.asyncio import Redis

from collector.kernel.application import Application, Bind, Bound, Ready, Shutdown
from collector.kernel.bus import Bus
from collector.kernel.events import BatchesParsed, BatchesStored, StoreRecovered
from collector.kernel.formats import Formats
from collector.kernel.status import Status
from collector.lib.clock import now_s
from collector.models.batch import encode_batch
from collector.models.errors import StoreUnavailable
from collector.models.haul import StoredPart
from collector.models.heartbeat import BEAT_INTERVAL_S
from collector.models.ingest_answer import Answer, IngestAnswer
from collector.repo.heartbeats import read_beats, remove_beats, write_beat
from collector.repo.ingest import MAX_PAYLOAD_BYTES, ShippedBatch, ingest
from collector.repo.ingest_connections import IngestConnections
from collector.repo.redis_memory import RedisMemory, read_memory
from collector.repo.sampling import read_sampling

log = logging.getLogger(__name__)
#: A rollup empties a shard every 100 ms or so.
BUSY_PAUSE_S = 0.02
WAIT_PAUSE_S = 0.2
FIRST_OUTAGE_PAUSE_S = 0.1
LONGEST_OUTAGE_PAUSE_S = 5.0
#: Back-pressure is normal; this much of it is something people should know.
BUSY_PROBLEM_AFTER_S = 5.0
#: A beat this old without its process is one nobody took away.
STALE_BEAT_S = 3.0
#: With so many of our first beats we look for it: a collector that begins again at once finds the last one still young.
DEAD_BEAT_LOOKS = 5


class Store(Application):
    """The sink `store`."""

    name: ClassVar[str] = "store"

    def __init__(self) -> None:
        self._memory: RedisMemory | None = None
        self._away_since: float | None = None
        self._said_unlimited = False
        self._is_over = False
        self._beating = asyncio.Lock()
        self._bus: Bus
        self._redis: Redis
        self._connections: IngestConnections
        self._formats: Formats
        self._status: Status

    async def on_bind(self, event: Bind) -> None:
        self._bus = event.bus
        self._allows_eviction = event.options.allow_eviction == "yes"
        event.bus.listen(BatchesParsed, self._on_batches_parsed)

    async def on_bound(self, event: Bound) -> None:
        self._redis = await event.services.aget(Redis)
        self._status = await event.services.aget(Status)
        self._formats = await event.services.aget(Formats)
        self._connections = IngestConnections(self._redis)
        # Closed with the registry, when nothing is on its way any more.
        event.services.registry.register_value(
            IngestConnections, self._connections, on_registry_close=self._connections.close
        )

    async def on_ready(self, event: Ready) -> None:
        event.start(self._beat, name="heartbeat")

    async def on_shutdown(self, event: Shutdown) -> None:
        self._is_over = True
        if hasattr(self, "_redis"):
            try:
                # The loop of beats still runs: none may be on its way, and none may follow.
                async with self._beating:
                    await remove_beats(self._redis, [self._status.collector_id])
            except StoreUnavailable as exc:
                log.warning("the last heartbeat could not be taken away: %s", exc)

    async def _on_batches_parsed(self, event: BatchesParsed) -> None:
        by_shard: defaultdict[int, list[ShippedBatch]] = defaultdict(list)
        for part in event.parts:
            payload = encode_batch(part.batch)
            batch = ShippedBatch(part.span, payload, part.batch.lines, self._status.collector_id)
            by_shard[part.span.shard].append(batch)
        if len(by_shard) == 1:
            ((_, batches),) = by_shard.items()
            await self._ship(batches)
        else:
            await asyncio.gather(*map(self._ship, by_shard.values()))

    async def _ship(self, waiting: list[ShippedBatch]) -> None:
        """Hand over batches of one shard; each that has an answer is told at once, the others are tried again."""
        began = time.monotonic()
        outage_pause_s = FIRST_OUTAGE_PAUSE_S
        has_said_why = False
        while waiting:
            try:
                answers = await self._ingest(waiting)
            except StoreUnavailable as exc:
                self._went_away(exc)
                await asyncio.sleep(outage_pause_s * random.uniform(0.5, 1))  # noqa: S311 – spreads retries
                outage_pause_s = min(2 * outage_pause_s, LONGEST_OUTAGE_PAUSE_S)
                continue
            waiting = await self._tell(waiting, answers)
            if waiting:
                # Redis is believed or not as a whole; busy it is for a part of them.
                answer = Answer.WAIT if answers[0].answer is Answer.WAIT else Answer.BUSY
                has_said_why |= self._say_why(answer, waited_s=time.monotonic() - began)
                await asyncio.sleep(BUSY_PAUSE_S if answer is Answer.BUSY else WAIT_PAUSE_S)
        if has_said_why:
            self._status.clear_problem("store:busy")
            self._status.clear_problem("store:wait")

    async def _ingest(self, batches: list[ShippedBatch]) -> list[IngestAnswer]:
        if self._memory is not None and (self._memory.is_full or self._is_refused(self._memory)):
            return [IngestAnswer(Answer.BUSY)] * len(batches)
        answers = await ingest(self._connections, batches)
        await self._is_back()
        return answers

    async def _tell(self, batches: list[ShippedBatch], answers: list[IngestAnswer]) -> list[ShippedBatch]:
        """Say what is stored; returns what is not."""
        stored: list[StoredPart] = []
        waiting: list[ShippedBatch] = []
        for batch, answer in zip(batches, answers, strict=True):
            if answer.answer in (Answer.BUSY, Answer.WAIT):
                waiting.append(batch)
                continue
            stored.append(StoredPart(batch.span, answer, len(batch.payload) / MAX_PAYLOAD_BYTES))
            if answer.answer is Answer.OK:
                self._status.lines_total += batch.lines
        if stored:
            await self._bus.publish(BatchesStored(tuple(stored)))
        return waiting

    def _say_why(self, answer: Answer, *, waited_s: float) -> bool:
        if answer is Answer.WAIT:
            self._status.tell("store:wait", "waiting for a rollup: none has made Redis ready")
        elif waited_s <= BUSY_PROBLEM_AFTER_S or (self._memory is not None and self._is_refused(self._memory)):
            return False
        else:
            full = self._memory is not None and self._memory.is_full
            why = "Redis uses too much of its memory" if full else "the rollup does not keep up"
            self._status.tell("store:busy", f"reading is paused: {why}")
        return True

    def _went_away(self, exc: StoreUnavailable) -> None:
        if self._away_since is None:
            self._away_since = time.monotonic()
        self._status.tell("store:away", f"reading is paused: {exc}")

    async def _is_back(self) -> None:
        if self._away_since is None:
            return
        away_s, self._away_since = time.monotonic() - self._away_since, None
        self._status.clear_problem("store:away")
        log.info("Redis answers again after %.1f s", away_s)
        await self._bus.publish(StoreRecovered(away_s=away_s))

    async def _beat(self) -> None:
        looks_left = DEAD_BEAT_LOOKS
        while True:
            try:
                if looks_left:
                    await self._remove_dead_beats()
                    looks_left -= 1
                self._memory = await read_memory(self._redis)
                self._look_at_policy(self._memory)
                self._formats.sample_below = await read_sampling(self._redis)
                async with self._beating:
                    if not self._is_over:
                        await write_beat(self._redis, self._status.beat(at_s=now_s()))
                await self._is_back()
            except StoreUnavailable as exc:
                self._went_away(exc)
            await asyncio.sleep(BEAT_INTERVAL_S)

    def _is_refused(self, memory: RedisMemory) -> bool:
        return memory.may_evict and not self._allows_eviction

    def _look_at_policy(self, memory: RedisMemory) -> None:
        if memory.may_evict:
            paused = "reading is paused: " if self._is_refused(memory) else ""
            why = f"Redis may throw batches away: maxmemory-policy is {memory.policy}, set it to noeviction"
            self._status.tell("store:policy", paused + why)
        else:
            self._status.clear_problem("store:policy")
        if not memory.maxmemory_bytes and not self._said_unlimited:
            self._said_unlimited = True
            log.info("Redis has no maxmemory: reading pauses as if it were 512 MiB")

    async def _remove_dead_beats(self) -> None:
        """A collector that was killed on this host left its beat behind; nobody shall wait for it."""
        dead = []
        for beat in await read_beats(self._redis):
            host_id, _, pid = beat.collector_id.rpartition(":")
            old = now_s() - beat.at_s > STALE_BEAT_S
            if host_id == self._status.host_id and old and pid.isdigit() and not _is_running(int(pid)):
                dead.append(beat.collector_id)
        await remove_beats(self._redis, dead)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
