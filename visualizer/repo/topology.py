"""Keeps the drawn topologies in Redis (TOPOLOGY, TOPOLOGY_VERSION). Reading them is repo/drawn.py."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec
import redis

from collector.models import redis_keys
from collector.models.activity import ActivityKey
from visualizer.models.topology import DrawnTopology
from visualizer.repo.models import Activity, CallEdge

_encode = msgspec.json.Encoder().encode


class _Version(msgspec.Struct):
    version: str


_decode_version = msgspec.json.Decoder(_Version).decode


def read_drawn_version(client: redis.Redis, view: str) -> str:
    """
    The version of the view that is kept; "" when there is none. What is drawn is not decoded.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    any_client: Any = client
    kept = any_client.hget(redis_keys.TOPOLOGY, view)
    try:
        return _decode_version(kept).version if kept else ""
    except msgspec.DecodeError:
        return ""


def keep_drawn(client: redis.Redis, drawn: Collection[DrawnTopology]) -> None:
    """
    Keep views and tell everybody who watches, both or neither.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    with client.pipeline(transaction=True) as pipe:
        any_pipe: Any = pipe
        any_pipe.hset(redis_keys.TOPOLOGY, mapping={one.topology.view: _encode(one) for one in drawn})
        any_pipe.incr(redis_keys.TOPOLOGY_VERSION)
        any_pipe.execute()


def read_calls() -> set[tuple[ActivityKey, ActivityKey]]:
    """(caller, callee) of every call that was ever seen."""
    names = ActivityKey.__struct_fields__
    columns = [f"{end}__{name}" for end in ("caller", "callee") for name in names]
    rows = CallEdge.objects.values_list(*columns).distinct().iterator()
    return {(ActivityKey(*row[: len(names)]), ActivityKey(*row[len(names) :])) for row in rows}


def read_observed() -> set[ActivityKey]:
    """Every activity that was ever seen."""
    names = ActivityKey.__struct_fields__
    return {ActivityKey(*row) for row in Activity.objects.values_list(*names).iterator()}
