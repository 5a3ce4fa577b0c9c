"""What collectors and rollups agree on in Redis: the number of shards; and since when this host is known."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis

from collector.models import redis_keys
from collector.models.errors import StoreUnavailable
from collector.repo.script import store_errors


async def read_shards(redis: Redis) -> int | None:
    """
    The number of shards; None as long as no rollup has said it.

    Raises:
        StoreUnavailable: also when another version of Eventscope uses this Redis.
    """
    client: Any = redis
    with store_errors():
        text = await client.get(redis_keys.LAYOUT)
    if text is None:
        return None
    version, _, shards = text.decode("ascii", "replace").partition(":")
    if version != str(redis_keys.LAYOUT_VERSION) or not shards.isdigit() or int(shards) < 1:
        raise StoreUnavailable(f"this Redis is used by another version (layout {version}, ours is "
                               f"{redis_keys.LAYOUT_VERSION})")  # fmt: skip
    return int(shards)


async def note_first_start(redis: Redis, *, host_id: str, now_s: float) -> tuple[float, bool]:
    """
    When a collector first started on this host.

    Returns:
        That unix time in seconds, and whether it is this very start.
    """
    client: Any = redis
    with store_errors():
        first = await client.hsetnx(redis_keys.FIRST_STARTS, host_id, repr(now_s))
        text = await client.hget(redis_keys.FIRST_STARTS, host_id)
    try:
        return float(text), bool(first)
    except (TypeError, ValueError):
        return now_s, False
