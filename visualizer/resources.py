"""Opens the visualizer's Redis clients; Django opens the database."""

from __future__ import annotations

from functools import cache
from typing import Any

import redis
import redis.asyncio
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.retry import Retry

from collector.lib.pace import Pace
from collector.models.errors import StoreUnavailable
from visualizer.config import read_options

#: Every call on Redis ends within this time: a frozen server must not freeze a page.
REDIS_TIMEOUT_S = 2.0
#: A page answers within a second, from SQL when it has to.
PAGE_TIMEOUT_S = 0.7


def open_redis(url: str | None = None, *, timeout_s: float = REDIS_TIMEOUT_S) -> redis.Redis:
    """
    A blocking client, for commands, views and tasks. It connects when first used.

    Args:
        url: another Redis than the configured one.
        timeout_s: of every call.

    Raises:
        StoreUnavailable: neither REDIS_URL is set nor an embedded Valkey runs.
    """
    client = redis.Redis.from_url(
        url or _redis_url(),
        socket_timeout=timeout_s,
        socket_connect_timeout=timeout_s,
        health_check_interval=30,
        # Once, for a connection that was closed while it rested; never after a timeout.
        retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
    )
    _keep_pace(client)
    return client


@cache
def shared_redis() -> redis.Redis:
    """The one blocking client of this process's views: it is thread-safe and keeps its connections."""
    return open_redis(timeout_s=PAGE_TIMEOUT_S)


class Connections:
    """How often a client connected: a stream must be read from its start again after each time."""

    def __init__(self) -> None:
        self.made = 0

    def on_connect(self, connection: Any) -> None:
        """Count, and do what the client does without us."""
        self.made += 1
        connection.on_connect()


def open_counted_redis() -> tuple[redis.Redis, Connections]:
    """A blocking client that never connects again behind our back: no retries, and each connection is counted."""
    connections = Connections()
    client = redis.Redis.from_url(
        _redis_url(),
        socket_timeout=REDIS_TIMEOUT_S,
        socket_connect_timeout=REDIS_TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
        redis_connect_func=connections.on_connect,
    )
    _keep_pace(client)
    return client, connections


def open_async_redis() -> redis.asyncio.Redis:
    """The same for the hub."""
    return redis.asyncio.Redis.from_url(
        _redis_url(),
        socket_timeout=REDIS_TIMEOUT_S,
        socket_connect_timeout=REDIS_TIMEOUT_S,
        health_check_interval=30,
        retry=AsyncRetry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
    )


def _keep_pace(client: redis.Redis) -> None:
    """Let no connection of this client be tried again before a pause is over; in between it fails at once."""
    pace, pool = Pace(), client.connection_pool
    plain: Any = pool.connection_class

    class PacedConnection(plain):  # type: ignore[misc]
        def connect_check_health(self, *args: Any, **options: Any) -> None:
            if self.is_connected:
                return
            if pace.is_pausing:
                raise redis.ConnectionError(pace.reason)
            try:
                super().connect_check_health(*args, **options)
            except (redis.RedisError, OSError) as exc:
                pace.failed(str(exc) or type(exc).__name__)
                raise
            pace.worked()

    pool.connection_class = PacedConnection


def _redis_url() -> str:
    url = read_options().redis_url
    if url is None:
        raise StoreUnavailable("no Redis: set REDIS_URL, or start `manage.py up`, which brings its own")
    return url.get_secret_value()
