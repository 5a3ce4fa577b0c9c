"""The end of the pipe without a rollup: makes a Redis ready for collectors, takes batches out of it as they come."""

from __future__ import annotations

import threading
import time
from typing import Any

from collector.models import redis_keys
from collector.models.batch import BatchEnvelope, envelope_from_fields
from tests.world import World

#: Long enough to sleep, short enough to end soon.
_BLOCK_MS = 200


class PipeEnd:
    """Takes every batch of shard 0 at once, in a thread of its own; use it as a context manager."""

    def __init__(self, world: World) -> None:
        client = world.start_valkey()
        client.set(redis_keys.LAYOUT, f"{redis_keys.LAYOUT_VERSION}:1")
        client.set(redis_keys.ready(0), "1")
        self._client: Any = client
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._take)
        #: (time.monotonic() of its arrival, envelope) of each batch.
        self.taken: list[tuple[float, BatchEnvelope]] = []

    def __enter__(self) -> PipeEnd:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._stop.set()
        self._thread.join()
        self._client.close()

    @property
    def lines(self) -> int:
        """Lines that have come."""
        return sum(envelope.lines for _, envelope in list(self.taken))

    def _take(self) -> None:
        key, last = redis_keys.batches(0), b"0"
        while not self._stop.is_set():
            for _, messages in self._client.xread({key: last}, block=_BLOCK_MS) or ():
                arrived_s = time.monotonic()
                self.taken += [(arrived_s, envelope_from_fields(fields)) for _, fields in messages]
                last = messages[-1][0]
                self._client.xdel(key, *(message_id for message_id, _ in messages))
