"""Tells collectors the sampling threshold: they read it once a second. Reading it is repo/redis_state.py."""

from __future__ import annotations

from typing import Any

import redis

from collector.models import redis_keys


def write_threshold(client: redis.Redis, threshold: int) -> None:
    """
    Let it be known.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    any_client: Any = client
    any_client.set(redis_keys.SAMPLING, threshold)
