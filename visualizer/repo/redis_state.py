"""Small things that Redis keeps or says of itself: its memory, the sampling threshold, how sockets ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import redis
import redis.asyncio

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


def read_socket_ends(client: redis.Redis) -> dict[str, int]:
    """
    "refused:<reason>" or "closed:<reason>" → how many sockets, of all web processes.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    told: Any = client.hgetall(redis_keys.SOCKET_ENDS)
    return {key.decode(): int(count) for key, count in told.items()}


async def add_socket_ends(client: redis.asyncio.Redis, counts: Mapping[str, int]) -> None:
    """
    Count more of them.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    async with client.pipeline(transaction=True) as pipe:
        for what, count in counts.items():
            pipe.hincrby(redis_keys.SOCKET_ENDS, what, count)
        await pipe.execute()
