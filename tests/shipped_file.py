"""
A log file that exists only as batches: what a collector would ship of it, through the collector's own ingest. For
tests of the rollup that need to say exactly what arrives, when, and how often.
"""

from __future__ import annotations

import asyncio
from typing import Any

import redis
import redis.asyncio
from msgspec.structs import replace

from collector.models import redis_keys
from collector.models.activity import ActivityKey, Server, Status
from collector.models.batch import (
    BatchEnvelope,
    KeptEntry,
    LogBatch,
    encode_batch,
    envelope_to_fields,
)
from collector.models.count_table import ActivityCount, CountTable
from collector.models.file_record import FileRecord, content_hash
from collector.models.ingest_answer import Answer
from collector.models.log_span import LogSpan
from collector.repo.file_records import FileRecords
from collector.repo.ingest import ShippedBatch, ingest
from collector.repo.ingest_connections import IngestConnections

#: Bytes of every line.
LINE_BYTES = 100
KEY = ActivityKey("shop.1x0", "", "orders.place", "request")
SERVER = Server("vm", "100")


def counts_of(*statuses: Status, second: int, size_bytes: int = LINE_BYTES, **more: Any) -> list[ActivityCount]:
    """One count a status, one line each."""
    return [ActivityCount(second, 0, 0, int(status), 1, size_bytes, **more) for status in statuses]


def batch_of(counts: list[ActivityCount], *, received_s: float, **more: Any) -> LogBatch:
    """A batch of KEY on SERVER."""
    return LogBatch(received_s, [KEY], [SERVER], CountTable.of(counts), {}, **more)


class ShippedFile:
    """One file of one shard."""

    def __init__(self, url: str, *, file_id: str = "f" * 24, shard: int = 0) -> None:
        self.url = url
        self.shard = shard
        self.record = FileRecord(file_id=file_id, path="/logs/a.log", head_bytes=10, head_hash="aa")

    def record_at_end(self, *, offset: int) -> FileRecord:
        """The record of a file that is read from its end on."""
        return replace(self.record, offset=offset, first_offset=offset, tail_hash="cc")

    def make(self) -> Answer:
        """Make the record, as a collector does with a new file."""

        async def make() -> Answer:
            async with redis.asyncio.Redis.from_url(self.url) as client:
                return (await FileRecords(client).make(self.shard, self.record)).answer

        return asyncio.run(make())

    def ship(self, batch: LogBatch, *, collector: str = "") -> Answer:
        """Ship a batch from where we believe the record stands; go on from what the answer says."""
        size = sum(c.size_bytes for c in batch.counts) + sum(s.size_bytes for s in batch.skipped.values())
        end = self.record.offset + size
        span = LogSpan(record=self.record, shard=self.shard, end=end, tail_hash=content_hash(str(end).encode()))

        async def ship() -> Answer:
            async with redis.asyncio.Redis.from_url(self.url) as client:
                connections = IngestConnections(client)
                (answer,) = await ingest(connections, [ShippedBatch(span, encode_batch(batch), batch.lines, collector)])
                await connections.close()
            if answer.record is not None:
                self.record = answer.record
            return answer.answer

        return asyncio.run(ship())

    def run(self, *statuses: Status, second: int, collector: str = "", **more: Any) -> Answer:
        """Ship a line a status."""
        batch = batch_of(counts_of(*statuses, second=second, **more), received_s=second + 0.5)
        return self.ship(batch, collector=collector)

    def in_redis(self, client: redis.Redis) -> dict[str, str]:
        """The record as it stands in Redis."""
        fields: Any = client.hgetall(redis_keys.file_record(self.shard, self.record.file_id))
        return {name.decode(): value.decode() for name, value in fields.items()}

    def put_in_stream(self, client: redis.Redis, payload: bytes, *, start: int, end: int, **more: Any) -> None:
        """Put a message into the stream past the ingest, whatever it says."""
        known = {"generation": 0, "epoch": 0, "tail_hash": "tt", "lines": 1, "path": self.record.path, **more}
        envelope = BatchEnvelope(file_id=self.record.file_id, start=start, end=end, **known)
        fields: Any = {**envelope_to_fields(envelope), "payload": payload}
        client.xadd(redis_keys.batches(self.shard), fields)


def failure(**more: Any) -> KeptEntry:
    """A failed run of KEY, kept whole."""
    return KeptEntry(**{"timestamp_s": 0.0, "key": 0, "server": 0, "status": int(Status.FAILED), "offset": 0, **more})
