"""The demo's streams in Redis, capped, under a prefix of their own so that they meet nobody else's."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from visualizer.interfaces.demo.demo_app import DemoApp, Stream
from visualizer.interfaces.demo.track import Track, track_from_fields
from visualizer.models.node_id import AUTO

#: One hash tag, for a read is over all queues of a stream.
PREFIX = "{eventscope-demo}:"
MAX_LENGTH = 1000
BATCH = 4
BLOCK_MS = 500


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it was read."""

    #: Key in Redis, for `acknowledge`.
    key: str
    #: Its id there.
    message_id: str
    #: Stream as hopeit names it, with the queue's suffix.
    stream: str
    #: The queue.
    queue: str
    #: The app's own id of what it is about.
    event_id: str
    #: What was written.
    payload: dict[str, Any]
    #: Its ids.
    track: Track
    #: When it was written, and read.
    submit_ts: datetime
    read_ts: datetime


def stream_name(name: str, queue: str) -> str:
    """ "orders.placed", "express" → "orders.placed.express"."""
    return name if queue == AUTO else f"{name}.{queue}"


def stream_keys(apps: Iterable[DemoApp]) -> set[str]:
    """Every key these apps use in Redis; by PROPAGATE any stream may have any queue."""
    streams = [stream for app in apps for event in app.events for stream in (event.reads, event.writes) if stream]
    queues = {queue for stream in streams for queue in stream.queues}
    return {PREFIX + stream_name(stream.name, queue) for stream in streams for queue in queues}


class Streams:
    """Reads and writes; every method may raise RedisError."""

    def __init__(self, redis: Redis) -> None:
        self._redis: Any = redis

    async def write(self, stream: Stream, payload: dict[str, Any], *, queue: str, track: Track, event_id: str) -> None:
        """Write to the stream's queues; by PROPAGATE what would go to AUTO goes to the queue the run came from."""
        propagated = queue if stream.strategy == "PROPAGATE" and queue else AUTO
        fields = {
            "payload": json.dumps(payload),
            "event_id": event_id,
            "submit_ts": datetime.now(UTC).isoformat(),
            **track.fields(),
        }
        for target in dict.fromkeys(propagated if each == AUTO else each for each in stream.queues):
            key = PREFIX + stream_name(stream.name, target)
            await self._redis.xadd(key, fields, maxlen=MAX_LENGTH, approximate=True)

    async def read(self, stream: Stream, *, group: str, consumer: str) -> list[Message]:
        """The next messages of all queues; none after BLOCK_MS."""
        keys = {PREFIX + stream_name(stream.name, queue): queue for queue in stream.queues}
        new = dict.fromkeys(keys, ">")
        try:
            answer = await self._redis.xreadgroup(group, consumer, new, count=BATCH, block=BLOCK_MS)
        except ResponseError as exc:
            if "NOGROUP" not in str(exc):
                raise
            for key in keys:
                await self._make_group(key, group)
            return []
        read_ts = datetime.now(UTC)
        pairs = answer.items() if isinstance(answer, dict) else answer
        return [
            _message(key.decode(), keys[key.decode()], each, stream, read_ts)
            for key, messages in pairs
            for each in _flat(messages)
        ]

    async def acknowledge(self, message: Message, *, group: str) -> None:
        """It is done with."""
        await self._redis.xack(message.key, group, message.message_id)

    async def _make_group(self, key: str, group: str) -> None:
        try:
            await self._redis.xgroup_create(key, group, id="0", mkstream=True)
        except ResponseError as exc:
            if "BUSYGROUP" not in str(exc):
                raise


def _flat(messages: list[Any]) -> list[tuple[bytes, dict[bytes, bytes]]]:
    """RESP3 answers of redis-py nest the messages once more than RESP2's."""
    return [each for part in messages for each in part] if messages and isinstance(messages[0], list) else messages


def _message(key: str, queue: str, raw: tuple[bytes, dict[bytes, bytes]], stream: Stream, read_ts: datetime) -> Message:
    fields = {name.decode(): value.decode() for name, value in raw[1].items()}
    return Message(
        key=key,
        message_id=raw[0].decode(),
        stream=stream_name(stream.name, queue),
        queue=queue,
        event_id=fields["event_id"],
        payload=json.loads(fields["payload"]),
        track=track_from_fields(fields),
        submit_ts=datetime.fromisoformat(fields["submit_ts"]),
        read_ts=read_ts,
    )
