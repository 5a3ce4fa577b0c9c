"""Opens the visualizer's Redis clients; Django opens the database."""

from __future__ import annotations

import redis
import redis.asyncio

from collector.models.errors import StoreUnavailable
from visualizer.config import read_options

#: Every call on Redis ends within this time: a frozen server must not freeze a page.
REDIS_TIMEOUT_S = 2.0


def open_redis() -> redis.Redis:
    """
    A blocking client, for the rollup, views and tasks. It connects when first used.

    Raises:
        StoreUnavailable: neither REDIS_URL is set nor an embedded Valkey runs.
    """
    return redis.Redis.from_url(
        _redis_url(), socket_timeout=REDIS_TIMEOUT_S, socket_connect_timeout=REDIS_TIMEOUT_S, health_check_interval=30
    )


def open_async_redis() -> redis.asyncio.Redis:
    """The same for the hub."""
    return redis.asyncio.Redis.from_url(
        _redis_url(), socket_timeout=REDIS_TIMEOUT_S, socket_connect_timeout=REDIS_TIMEOUT_S, health_check_interval=30
    )


def _redis_url() -> str:
    url = read_options().redis_url
    if url is None:
        raise StoreUnavailable("no Redis: set REDIS_URL, or start `manage.py up`, which brings its own")
    return url.get_secret_value()
