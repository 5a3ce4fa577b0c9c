"""Opens and closes the collector's clients, once a process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import redis.asyncio as redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from collector.models.errors import StoreUnavailable

#: Every call on Redis ends within this time: a frozen server must not freeze us.
REDIS_TIMEOUT_S = 2.0


@asynccontextmanager
async def open_redis(url: str | None) -> AsyncIterator[redis.Redis]:
    """
    A client that connects when first used.

    Raises:
        StoreUnavailable: there is no URL: neither REDIS_URL nor an embedded Valkey that runs.
    """
    if url is None:
        raise StoreUnavailable("no Redis: set REDIS_URL, or start `manage.py up`, which brings its own")
    client = redis.Redis.from_url(
        url,
        socket_timeout=REDIS_TIMEOUT_S,
        socket_connect_timeout=REDIS_TIMEOUT_S,
        health_check_interval=30,
        # Once, for a connection that was closed while it rested; whoever calls has a pause of its own between tries.
        retry=Retry(NoBackoff(), 1),
    )
    try:
        yield client
    finally:
        await client.aclose()
