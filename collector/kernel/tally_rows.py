"""TallyRows: what an application says of its tallies, for the page about sources: once a second, while it lives."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping

from redis.asyncio import Redis

from collector.kernel.status import Status
from collector.models import redis_keys
from collector.models.errors import StoreUnavailable
from collector.models.file_status import FileStatus
from collector.repo.file_statuses import write_rows

log = logging.getLogger(__name__)
EVERY_S = 1.0


class TallyRows:
    """One application's."""

    def __init__(self, redis: Redis, *, status: Status, rows: Callable[[], Mapping[str, FileStatus]]) -> None:
        """
        Args:
            rows: file id → how it is now.
        """
        self._redis = redis
        self._key = redis_keys.tally_statuses(status.collector_id)
        self._rows = rows

    async def run(self) -> None:
        """Write them, again and again."""
        while True:
            try:
                await write_rows(self._redis, self._key, self._rows())
            except StoreUnavailable as exc:
                log.debug("rows of sources were not written: %s", exc)
            await asyncio.sleep(EVERY_S)
