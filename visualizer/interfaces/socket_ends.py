"""Counts how sockets end, for /metrics: in this process first, in Redis for all of them a moment later."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter

import redis

from visualizer.models.socket_end import CLOSE_REASONS
from visualizer.repo.redis_state import add_socket_ends
from visualizer.resources import open_async_redis

#: A crowd that is refused is told of once.
TELL_AFTER_S = 1.0

log = logging.getLogger(__name__)


class SocketEnds:
    """What is not told yet. While Redis does not answer it is kept, and told with the next one."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._telling: asyncio.Task[None] | None = None

    def refused(self, reason: str) -> None:
        """One was not let in."""
        self._count(f"refused:{reason}")

    def closed(self, code: int) -> None:
        """One was sent away."""
        self._count(f"closed:{CLOSE_REASONS[code]}")

    def _count(self, what: str) -> None:
        self._counts[what] += 1
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell(), name="socket ends")

    async def _tell(self) -> None:
        await asyncio.sleep(TELL_AFTER_S)
        counts, self._counts = self._counts, Counter()
        client = open_async_redis()
        try:
            await add_socket_ends(client, counts)
        except redis.RedisError as exc:
            log.debug("Redis: %s", type(exc).__name__)
            self._counts.update(counts)
        finally:
            await client.aclose()


#: Of this process.
ends = SocketEnds()
