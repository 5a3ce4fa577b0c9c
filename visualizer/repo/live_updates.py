"""
What is told to the web processes: a capped stream of updates, and a snapshot that says up to which of them it goes.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import redis

from collector.models import redis_keys
from visualizer.models.live import LiveUpdate, encode_live

#: At ten updates a second this is 100 s; the snapshot is at most one second old.
KEPT_UPDATES = 1000
#: Fewer are kept when much changes in each, so that Redis keeps room for batches.
KEPT_BYTES = 64 * 2**20
#: A web process that has not said how many look for this long has ended.
_VIEWERS_FRESH_S = 10


class LiveUpdates:
    """The updates of one shard."""

    def __init__(self, client: redis.Redis, shard: int) -> None:
        self._client: Any = client
        self._live = redis_keys.live(shard)
        self._snapshot = redis_keys.snapshot(shard)
        self._last_id = b"0-0"
        #: Sizes of the updates that are kept, in bytes, and their sum.
        self._sizes: deque[int] = deque()
        self._kept_bytes = 0

    def publish(self, update: LiveUpdate) -> None:
        """Tell what changed."""
        text = encode_live(update)
        self._sizes.append(len(text))
        self._kept_bytes += len(text)
        while len(self._sizes) > 1 and (len(self._sizes) > KEPT_UPDATES or self._kept_bytes > KEPT_BYTES):
            self._kept_bytes -= self._sizes.popleft()
        # What another rollup told before us is small, or will have left by its number.
        kept = len(self._sizes) if self._kept_bytes > KEPT_BYTES // 2 else KEPT_UPDATES
        self._last_id = self._client.xadd(self._live, {"u": text}, maxlen=kept, approximate=kept == KEPT_UPDATES)

    def write_snapshot(self, update: LiveUpdate) -> None:
        """Keep everything that was told so far, for a web process that begins."""
        self._client.hset(self._snapshot, mapping={"id": self._last_id, "u": encode_live(update)})

    def viewers(self, *, now_s: float) -> int:
        """How many browsers look, over all web processes."""
        return sum(_fresh(value, now_s) for value in self._client.hvals(redis_keys.VIEWERS))


def _fresh(value: bytes, now_s: float) -> int:
    count, _, at_s = value.partition(b":")
    try:
        return int(count) if now_s - float(at_s) < _VIEWERS_FRESH_S else 0
    except ValueError:
        return 0
