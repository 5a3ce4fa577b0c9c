"""Reading what Redis says of itself, and the sampling threshold."""

from __future__ import annotations

from typing import Any

import redis

from collector.lib.sampling import EVERYTHING
from collector.models import redis_keys


def read_memory(client: redis.Redis) -> tuple[int, int]:
    """
    Bytes in use and the limit, 0 for none.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    info: Any = client.info("memory")
    return int(info.get("used_memory", 0)), int(info.get("maxmemory", 0))


def read_sampling(client: redis.Redis) -> int:
    """
    The sampling threshold, 0 to EVERYTHING; 0 while no rollup has set it.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    text: Any = client.get(redis_keys.SAMPLING)
    return min(int(text), EVERYTHING) if text is not None and text.isdigit() else 0
