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
from typing import ClassVar

from redis.asyncio import Redis

from collector.kernel.application import Application, Bind, Bound, Ready, Shutdown
from collector.kernel.bus import Bus
from collector.kernel.events import BatchParsed, BatchStored, StoreRecovered
from collector.kernel.status import Status
from collector.lib.clock import now_s
from collector.models.batch import encode_batch
from collector.models.errors import StoreUnavailable
from collector.models.heartbeat import BEAT_INTERVAL_S
from collector.models.ingest_answer import Answer, IngestAnswer
from collector.models.log_span import LogSpan
from collector.repo.heartbeats import read_beats, remove_beats, write_beat
from collector.repo.ingest import ingest
from collector.repo.redis_memory import RedisMemory, read_memory

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


class Store(Application):
    """The sink `store`."""

    name: ClassVar[str] = "store"

    def __init__(self) -> None:
        self._memory: RedisMemory | None = None
        self._away_since: float | None = None
        self._said_unlimited = False
        self._bus: Bus
        self._redis: Redis
        self._status: Status

    async def on_bind(self, event: Bind) -> None:
        self._bus = event.bus
        event.bus.listen(BatchParsed, self._on_batch_parsed)

    async def on_bound(self, event: Bound) -> None:
        self._redis = await event.services.aget(Redis)
        self._status = await event.services.aget(Status)

    async def on_ready(self, event: Ready) -> None:
        event.start(self._beat, name="heartbeat")

    async def on_shutdown(self, event: Shutdown) -> None:
        if hasattr(self, "_redis"):
            try:
                await remove_beats(self._redis, [self._status.collector_id])
            except StoreUnavailable as exc:
                log.warning("the last heartbeat could not be taken away: %s", exc)

    async def _on_batch_parsed(self, event: BatchParsed) -> None:
        payload, lines = encode_batch(event.batch), event.batch.lines
        began = time.monotonic()
        outage_pause_s = FIRST_OUTAGE_PAUSE_S
        while True:
            try:
                answer = await self._ingest(event.span, payload, lines)
            except StoreUnavailable as exc:
                self._went_away(exc)
                await asyncio.sleep(outage_pause_s * random.uniform(0.5, 1))  # noqa: S311 – spreads retries
                outage_pause_s = min(2 * outage_pause_s, LONGEST_OUTAGE_PAUSE_S)
                continue
            await self._is_back()
            if answer.answer not in (Answer.BUSY, Answer.WAIT):
                break
            self._say_why(answer.answer, waited_s=time.monotonic() - began)
            await asyncio.sleep(BUSY_PAUSE_S if answer.answer is Answer.BUSY else WAIT_PAUSE_S)
        if answer.answer is Answer.OK:
            self._status.lines_total += lines
            self._status.clear_problem("store:busy")
            self._status.clear_problem("store:wait")
        await self._bus.publish(BatchStored(event.span, answer))

    async def _ingest(self, span: LogSpan, payload: bytes, lines: int) -> IngestAnswer:
        if self._memory is not None and self._memory.is_full:
            return IngestAnswer(Answer.BUSY)
        return await ingest(self._redis, span=span, payload=payload, lines=lines)

    def _say_why(self, answer: Answer, *, waited_s: float) -> None:
        if answer is Answer.WAIT:
            self._status.tell("store:wait", "waiting for a rollup: none has made Redis ready")
        elif waited_s > BUSY_PROBLEM_AFTER_S:
            full = self._memory is not None and self._memory.is_full
            why = "Redis uses too much of its memory" if full else "the rollup does not keep up"
            self._status.tell("store:busy", f"reading is paused: {why}")

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
        cleaned = False
        while True:
            try:
                if not cleaned:
                    await self._remove_dead_beats()
                    cleaned = True
                self._memory = await read_memory(self._redis)
                self._look_at_policy(self._memory)
                await write_beat(self._redis, self._status.beat(at_s=now_s()))
                await self._is_back()
            except StoreUnavailable as exc:
                self._went_away(exc)
            await asyncio.sleep(BEAT_INTERVAL_S)

    def _look_at_policy(self, memory: RedisMemory) -> None:
        if memory.policy != "noeviction":
            self._status.tell("store:policy", f"Redis may throw batches away: maxmemory-policy is {memory.policy}, "
                                       "set it to noeviction")  # fmt: skip
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
