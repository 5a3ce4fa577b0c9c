"""What Redis holds of hosts and documents, and waiting for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
import redis

from collector.models import redis_keys
from collector.models.host import HostAnswer


async def until(condition: Callable[[], Any], *, timeout_s: float = 60) -> Any:
    """The first true value of the condition."""
    async with asyncio.timeout(timeout_s):
        while not (value := condition()):
            await asyncio.sleep(0.02)
    return value


def states(valkey: redis.Redis) -> dict[str, HostAnswer]:
    """URL or path → state."""
    fields: Any = valkey.hgetall(redis_keys.HOSTS)
    return {name.decode(): msgspec.json.decode(text, type=HostAnswer) for name, text in fields.items()}
