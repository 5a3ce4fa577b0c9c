"""Says in Redis what a host declares, as the collector does when the host has answered."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import msgspec
import redis

from collector.models import redis_keys
from collector.models.host import ALIVE, HostAnswer


def declare(
    client: redis.Redis,
    url: str,
    standard: dict[str, Any],
    *,
    expanded: dict[str, Any] | None = None,
    position: int = 0,
    status: str = ALIVE,
) -> None:
    """Both answers are the same unless told."""
    host = HostAnswer(
        url=url,
        position=position,
        status=status,
        since_s=0,
        polled_s=0,
        content_hash=sha256(msgspec.json.encode([url, standard, expanded])).hexdigest(),
        standard=standard,
        expanded=expanded or standard,
    )
    client.hset(redis_keys.HOSTS, url, msgspec.json.encode(host))
