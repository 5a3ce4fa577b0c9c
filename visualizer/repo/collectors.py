"""What collectors last said, in Redis (COLLECTORS)."""

from __future__ import annotations

from collections.abc import Sequence

import redis

from collector.models import redis_keys


def forget_collectors(client: redis.Redis, collector_ids: Sequence[str]) -> None:
    """
    Nobody waits for them any more.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    if collector_ids:
        client.hdel(redis_keys.COLLECTORS, *collector_ids)
