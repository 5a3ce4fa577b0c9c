"""
Keeps in Redis what stands still (STANDSTILLS, STANDSTILLS_VERSION).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import redis

from collector.models import redis_keys
from visualizer.models.standstill import Standstill

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, Standstill]).decode


def read_standstills(client: redis.Redis, view: str) -> dict[str, Standstill]:
    """
    Node id → what stands still there.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    any_client: Any = client
    return standstills_from(any_client.hget(redis_keys.STANDSTILLS, view))


def standstills_from(reply: bytes | str | None) -> dict[str, Standstill]:
    """The same of a reply; empty when there is none, or another version wrote it."""
    try:
        return _decode(reply) if reply else {}
    except msgspec.DecodeError:
        return {}


def keep_standstills(client: redis.Redis, by_view: Mapping[str, Mapping[str, Standstill]]) -> None:
    """
    Keep it, of all views or none, and tell everybody who watches.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    with client.pipeline(transaction=True) as pipe:
        any_pipe: Any = pipe
        any_pipe.hset(redis_keys.STANDSTILLS, mapping={view: _encode(found) for view, found in by_view.items()})
        any_pipe.incr(redis_keys.STANDSTILLS_VERSION)
        any_pipe.execute()
