"""The stream of batches of one shard: it holds only what is not yet in SQL, so there is no consumer group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import redis

from collector.models import redis_keys

#: (message id, fields)
Message = tuple[bytes, Mapping[bytes, bytes]]
#: Before every message.
FIRST = b"0-0"
#: Payload that is counted in one transaction. It decides how much memory a rollup needs.
TICK_BYTES = 4 * 1024 * 1024


class BatchStream:
    """Batches that wait."""

    def __init__(self, client: redis.Redis, shard: int) -> None:
        self._client: Any = client
        self._key = redis_keys.batches(shard)

    def read(self, *, after: bytes, limit: int, block_s: float) -> list[Message]:
        """The next messages after this id; waits for the first one, at most `block_s`."""
        # BLOCK 0 would wait for ever: what is less than a millisecond does not wait.
        found = self._client.xread({self._key: after}, count=limit, block=max(0, int(block_s * 1000)) or None)
        if not found:
            return []
        # RESP3 answers with a map, RESP2 with pairs.
        messages = next(iter(found.values()))[0] if isinstance(found, dict) else found[0][1]
        return list(messages)

    def delete(self, message_ids: Sequence[bytes]) -> None:
        """Forget batches that are in SQL."""
        if message_ids:
            self._client.xdel(self._key, *message_ids)

    def waiting(self) -> int:
        """How many wait."""
        return int(self._client.xlen(self._key))

    def newest_id(self) -> bytes:
        """The id the newest message had, whether it still waits or not."""
        try:
            return bytes(self._client.xinfo_stream(self._key)["last-generated-id"])
        except redis.ResponseError:  # there is no stream yet
            return FIRST


def in_ticks(messages: Sequence[Message]) -> Iterator[Sequence[Message]]:
    """The messages in parts of at most TICK_BYTES of payload: numbers take ten times as much memory as their bytes."""
    start, size_bytes = 0, 0
    for place, (_, fields) in enumerate(messages):
        payload_bytes = len(fields.get(b"payload", b""))
        if size_bytes + payload_bytes > TICK_BYTES and place > start:
            yield messages[start:place]
            start, size_bytes = place, 0
        size_bytes += payload_bytes
    if messages:
        yield messages[start:]


def id_order(message_id: bytes) -> tuple[int, int]:
    """Message ids in the order of the stream."""
    time_ms, _, sequence = message_id.partition(b"-")
    return int(time_ms), int(sequence or 0)
