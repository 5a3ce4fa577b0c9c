"""Reading what rollups know now, once: for whoever looks every few seconds and needs no stream of it."""

from __future__ import annotations

from typing import Any

import msgspec
import redis

from collector.models import redis_keys
from visualizer.models.live import LiveUpdate, decode_live


def read_snapshots(client: redis.Redis, *, shards: int) -> dict[int, LiveUpdate]:
    """
    Shard → everything of its live window; at most a second old. What is missing or damaged is left out.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    found: dict[int, LiveUpdate] = {}
    with client.pipeline(transaction=False) as pipe:
        any_pipe: Any = pipe
        for shard in range(shards):
            any_pipe.hget(redis_keys.snapshot(shard), "u")
        for shard, reply in enumerate(any_pipe.execute()):
            try:
                if reply:
                    found[shard] = decode_live(reply)
            except msgspec.DecodeError:
                continue
    return found
