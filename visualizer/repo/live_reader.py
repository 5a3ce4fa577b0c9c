"""What the hub reads from Redis, asynchronously: live updates of a shard, the watch, the drawn topologies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
import redis.asyncio

from collector.models import redis_keys
from visualizer.models.evidence import Evidence
from visualizer.models.live import LiveUpdate, decode_live, encode_live
from visualizer.models.standstill import Standstill
from visualizer.models.topology import DrawnTopology
from visualizer.models.watch import Watch
from visualizer.repo.drawn import drawn_from
from visualizer.repo.evidence import evidence_from
from visualizer.repo.standstills import standstills_from
from visualizer.repo.watch import ask_watch, watch_from

#: Messages a read; one that brings so many says that we are behind, and the snapshot is the shorter way.
MANY = 100
#: How long a read waits for something new: less than the client's timeout.
BLOCK_MS = 1000


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a shard."""

    #: In order.
    updates: list[LiveUpdate]
    #: Stream id of the last one: where the next reading goes on.
    last_id: bytes
    #: There was more than we should be behind; the stream's end that we need may have been cut off.
    is_behind: bool = False


class LiveReader:
    """Reads over one client. Every method raises redis.RedisError when Redis does not answer in time."""

    def __init__(self, client: redis.asyncio.Redis) -> None:
        self._client: Any = client

    async def everything(self, shard: int) -> Reading:
        """The snapshot, and what was told since."""
        last_id, update = await self._client.hmget(redis_keys.snapshot(shard), "id", "u")
        if not (last_id and update):
            # A rollup that begins tells everything and then writes its snapshot: it is about to.
            last_id, update = b"0-0", encode_live(LiveUpdate(at_s=0, changed=[]))
        snapshot = _decoded(update)
        snapshot.reset = True
        since = await self._read(shard, last_id, count=10 * MANY, block_ms=None)
        return Reading([snapshot, *since.updates], since.last_id)

    async def more(self, shard: int, after: bytes) -> Reading:
        """What was told after this id; waits a while for something."""
        return await self._read(shard, after, count=MANY, block_ms=BLOCK_MS)

    async def watch(self, *, shards: int, hosts: bool) -> Watch:
        """What all processes say of themselves."""
        async with self._client.pipeline(transaction=False) as pipe:
            ask_watch(pipe, shards=shards, hosts=hosts)
            return watch_from(await pipe.execute())

    async def drawn(self, view: str) -> DrawnTopology | None:
        """One view's topology; None before the first."""
        return drawn_from(await self._client.hget(redis_keys.TOPOLOGY, view))

    async def evidence(self, view: str) -> dict[str, Evidence]:
        """What the edges of one view rest on, where that is not confirmed."""
        return evidence_from(await self._client.hget(redis_keys.EVIDENCE, view))

    async def standstills(self, view: str) -> dict[str, Standstill]:
        """What stands still in one view, by node id."""
        return standstills_from(await self._client.hget(redis_keys.STANDSTILLS, view))

    async def tell_viewers(self, process: str, count: int, now_s: float) -> None:
        """Say how many look, so that the rollups know their pace; 0 takes the entry away."""
        if count:
            await self._client.hset(redis_keys.VIEWERS, process, f"{count}:{now_s:.0f}")
        else:
            await self._client.hdel(redis_keys.VIEWERS, process)

    async def _read(self, shard: int, after: bytes, *, count: int, block_ms: int | None) -> Reading:
        stream = redis_keys.live(shard)
        answer = await self._client.xread({stream: after}, count=count, block=block_ms)
        # RESP2 answers a list of pairs, RESP3 a map.
        streams = list(answer.items() if isinstance(answer, dict) else answer or ())
        messages = streams[0][1] if streams else []
        if messages and isinstance(messages[0], list) and isinstance(messages[0][0], tuple):
            messages = messages[0]
        updates = [_decoded(fields.get(b"u", b"")) for _, fields in messages]
        return Reading(updates, messages[-1][0] if messages else after, is_behind=len(messages) >= MANY)


def _decoded(payload: bytes) -> LiveUpdate:
    """The update; a damaged one is empty, the next snapshot mends it."""
    try:
        return decode_live(payload)
    except msgspec.DecodeError:
        return LiveUpdate(at_s=0, changed=[])
