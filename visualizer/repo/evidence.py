"""
Keeps in Redis what edges rest on (EVIDENCE, EVIDENCE_VERSION). Only what declared and observed do not agree on: of the
rest everybody knows that it is confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import redis

from collector.models import redis_keys
from visualizer.models.evidence import Evidence

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, Evidence]).decode


def read_evidence(client: redis.Redis, view: str) -> dict[str, Evidence]:
    """
    Edge id → what it rests on, where that is not confirmed.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    any_client: Any = client
    return evidence_from(any_client.hget(redis_keys.EVIDENCE, view))


def evidence_from(reply: bytes | str | None) -> dict[str, Evidence]:
    """The same of a reply; empty when there is none, or another version wrote it."""
    try:
        return _decode(reply) if reply else {}
    except msgspec.DecodeError:
        return {}


def keep_evidence(client: redis.Redis, by_view: Mapping[str, Mapping[str, Evidence]]) -> None:
    """
    Keep it, of all views or none, and tell everybody who watches.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    with client.pipeline(transaction=True) as pipe:
        any_pipe: Any = pipe
        any_pipe.hset(redis_keys.EVIDENCE, mapping={view: _encode(found) for view, found in by_view.items()})
        any_pipe.incr(redis_keys.EVIDENCE_VERSION)
        any_pipe.execute()
