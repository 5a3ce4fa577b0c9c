"""How full Redis is: the back-pressure that comes before its own refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from collector.repo.script import store_errors

#: Beyond this share nothing is handed over: live view, snapshots and jobs need the rest.
BUSY_SHARE = 0.6
#: Where Redis has no limit of its own, we keep to this one.
ASSUMED_MAXMEMORY_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class RedisMemory:
    """What Redis says of its memory."""

    #: Bytes in use.
    used_bytes: int
    #: Its limit, 0 for none.
    maxmemory_bytes: int
    #: What it does at the limit; everything but "noeviction" may throw batches away.
    policy: str

    @property
    def may_evict(self) -> bool:
        """Whether it may throw batches away."""
        return self.policy != "noeviction"

    @property
    def is_full(self) -> bool:
        """Whether reading has to wait."""
        return self.used_bytes > BUSY_SHARE * (self.maxmemory_bytes or ASSUMED_MAXMEMORY_BYTES)


async def read_memory(redis: Redis) -> RedisMemory:
    """Ask Redis."""
    client: Any = redis
    with store_errors():
        info = await client.info("memory")
    return RedisMemory(
        used_bytes=int(info.get("used_memory", 0)),
        maxmemory_bytes=int(info.get("maxmemory", 0)),
        policy=str(info.get("maxmemory_policy", "noeviction")),
    )
