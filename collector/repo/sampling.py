"""The threshold below which operations are kept whole, as the rollup adapts it to the load."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis

from collector.lib.sampling import EVERYTHING
from collector.models import redis_keys
from collector.repo.script import store_errors


async def read_sampling(redis: Redis) -> int:
    """
    The threshold for sample_hash (collector/lib/sampling.py); 0, nothing, as long as nobody has said one.

    Raises:
        StoreUnavailable.
    """
    client: Any = redis
    with store_errors():
        text = await client.get(redis_keys.SAMPLING)
    return min(int(text), EVERYTHING) if text is not None and text.isdigit() else 0
