"""Whether batches still wait in Redis for a rollup."""

from __future__ import annotations

from typing import Any

import msgspec
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from collector.models import redis_keys
from collector.models.heartbeat import RollupBeat
from collector.repo.script import store_errors


async def newest_batches(redis: Redis, shards: int) -> list[tuple[int, int]]:
    """
    The id of the newest batch each shard ever had.

    Raises:
        StoreUnavailable.
    """
    client: Any = redis
    newest = []
    for shard in range(shards):
        with store_errors():
            try:
                info = await client.xinfo_stream(redis_keys.batches(shard))
            except ResponseError:  # there is no stream yet
                info = {}
        newest.append(_id(info.get("last-generated-id", b"0-0")))
    return newest


async def count_waiting(redis: Redis, newest: list[tuple[int, int]]) -> int:
    """
    How many shards still hold a batch that is no newer than these; 0: all of them are counted.

    Raises:
        StoreUnavailable.
    """
    client: Any = redis
    waiting = 0
    for shard, last in enumerate(newest):
        with store_errors():
            oldest = await client.xrange(redis_keys.batches(shard), count=1)
        waiting += bool(oldest and _id(oldest[0][0]) <= last)
    return waiting


async def silent_shards(redis: Redis, shards: int, *, since_s: float) -> list[int]:
    """
    Shards whose rollup has said nothing since this unix time.

    Raises:
        StoreUnavailable.
    """
    client: Any = redis
    silent = []
    for shard in range(shards):
        with store_errors():
            text = await client.get(redis_keys.rollup_beat(shard))
        try:
            beat = msgspec.json.decode(text, type=RollupBeat) if text else None
        except msgspec.DecodeError:
            beat = None
        if beat is None or beat.at_s < since_s:
            silent.append(shard)
    return silent


def _id(text: bytes) -> tuple[int, int]:
    time_ms, _, sequence = text.partition(b"-")
    return int(time_ms), int(sequence or 0)
