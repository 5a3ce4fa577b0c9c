"""When collectors first started, kept in SQL for the day Redis forgets it. docs/delivery.md, item 9."""

from __future__ import annotations

from typing import Any

import redis
from django.db import connection

from collector.models import redis_keys
from visualizer.repo.models import FirstStart

_KEEP = """
INSERT INTO visualizer_firststart (host_id, at_s) VALUES (%s, %s)
ON CONFLICT (host_id) DO UPDATE SET at_s = excluded.at_s WHERE excluded.at_s < visualizer_firststart.at_s
"""


class FirstStarts:
    """Host id → unix time, in Redis and in SQL; the earlier one is right."""

    def __init__(self, client: redis.Redis) -> None:
        self._client: Any = client
        #: What Redis said last: nearly always what it says now.
        self._kept: dict[bytes, bytes] = {}

    @property
    def are_kept(self) -> bool:
        """Whether SQL has any: nothing should be counted before."""
        return bool(self._kept)

    def keep(self) -> None:
        """Take what is new in Redis into SQL."""
        found = self._client.hgetall(redis_keys.FIRST_STARTS)
        if found != self._kept:
            with connection.cursor() as cursor:
                cursor.executemany(_KEEP, [row for row in map(_row, found.items()) if row])
            self._kept = found

    def restore(self) -> None:
        """Put what SQL has into Redis, before collectors look for it there."""
        self._kept = {}
        found = dict(row for row in map(_row, self._client.hgetall(redis_keys.FIRST_STARTS).items()) if row)
        kept = FirstStart.objects.values_list("host_id", "at_s")
        earlier = {host: repr(at_s) for host, at_s in kept if at_s < found.get(host, float("inf"))}
        if earlier:
            self._client.hset(redis_keys.FIRST_STARTS, mapping=earlier)


def _row(item: tuple[bytes, bytes]) -> tuple[str, float] | None:
    try:
        return item[0].decode("utf-8", "replace").replace("\0", "\ufffd")[:128], float(item[1])
    except ValueError:
        return None
