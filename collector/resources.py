"""Opens and closes the collector's clients, once a process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import redis.asyncio as redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from collector.lib.pace import Pace
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
        # Once, for a connection that was closed while it rested; never after a timeout. Whoever calls has a pause of
        # its own between tries.
        retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
    )
    pool: Any = client.connection_pool
    pool.connection_class = _paced(pool.connection_class, Pace())
    try:
        yield client
    finally:
        await client.aclose()


def _paced(connection_class: Any, pace: Pace) -> Any:
    """A connection that does not connect more often than the pace allows."""

    class PacedConnection(connection_class):  # type: ignore[misc]
        async def connect_check_health(self, *args: Any, **options: Any) -> None:
            if self.is_connected:
                return
            if pace.is_pausing:
                raise redis.ConnectionError(pace.reason)
            try:
                await super().connect_check_health(*args, **options)
            except BaseException as exc:
                pace.failed(str(exc) or type(exc).__name__)
                raise
            pace.worked()

    return PacedConnection
