"""Collectors' heartbeats in Redis."""

from __future__ import annotations

from typing import Any

import msgspec
from redis.asyncio import Redis

from collector.models import redis_keys
from collector.models.heartbeat import CollectorBeat
from collector.repo.script import store_errors


async def write_beat(redis: Redis, beat: CollectorBeat) -> None:
    """Say that this collector lives."""
    client: Any = redis
    with store_errors():
        await client.hset(redis_keys.COLLECTORS, beat.collector_id, msgspec.json.encode(beat))


async def remove_beats(redis: Redis, collector_ids: list[str]) -> None:
    """These collectors are gone, and nobody shall wait for them."""
    client: Any = redis
    if collector_ids:
        with store_errors():
            await client.hdel(redis_keys.COLLECTORS, *collector_ids)


async def read_beats(redis: Redis) -> list[CollectorBeat]:
    """The last beat of every collector; one that cannot be read is left out."""
    client: Any = redis
    with store_errors():
        texts = await client.hvals(redis_keys.COLLECTORS)
    beats = []
    for text in texts:
        try:
            beats.append(msgspec.json.decode(text, type=CollectorBeat))
        except msgspec.DecodeError:
            continue
    return beats
