"""Reading the drawn topologies that the worker keeps in Redis."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import redis

from collector.models import redis_keys
from collector.models.activity import ActivityKey
from visualizer.models.live import decode_live
from visualizer.models.topology import DrawnTopology

_decode = msgspec.json.Decoder(DrawnTopology).decode


def read_drawn(client: redis.Redis, view: str) -> DrawnTopology | None:
    """
    One view; None before the first topology.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    return drawn_from(client.hget(redis_keys.TOPOLOGY, view))


def drawn_from(reply: bytes | str | None) -> DrawnTopology | None:
    """The topology of a reply; None when there is none, or it was written by another version."""
    try:
        return _decode(reply) if reply else None
    except msgspec.DecodeError:
        return None


def read_pending(client: redis.Redis, *, shards: int) -> Mapping[ActivityKey, int]:
    """
    What is running now by activity: only the rollups know which servers still live.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    pending: dict[ActivityKey, int] = {}
    for shard in range(shards):
        reply = client.hget(redis_keys.snapshot(shard), "u")
        for stats in decode_live(reply).changed if isinstance(reply, bytes) else ():
            pending[stats.key] = pending.get(stats.key, 0) + stats.pending
    return pending
