"""
A collector inside the test's own process that runs only while the test lets it, on real files and a real Valkey; and
a rollup of a few lines that counts which line texts it was given.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

import redis
import svcs
from redis.asyncio import Redis

from collector.applications.sinks.store import Store
from collector.applications.sources.log_files.application import LogFiles
from collector.kernel.bus import Bus
from collector.kernel.format import Format
from collector.kernel.kernel import Kernel
from collector.kernel.status import Status
from collector.models import redis_keys
from collector.models.activity import ActivityKey, Server
from collector.models.batch import LogBatch, decode_batch, envelope_from_fields
from collector.models.count_table import ActivityCount, CountTable
from collector.models.file_record import FileRecord, record_from_fields, record_to_fields
from collector.models.keep import COUNTS_ONLY, Keep
from collector.models.options import Options
from collector.models.parsed_chunk import ParsedChunk

HOST_ID = "here"


class EveryLine(Format):
    """A format that keeps each line's text as the name of an event, so that a test sees which lines were counted."""

    name: ClassVar[str] = "every_line"

    def recognise(self, sample: bytes) -> float:
        return 1.0

    def make_parser(self) -> EveryLine:
        return self

    def parse(self, chunk: bytes, *, offset: int, received_s: float, keep: Keep = COUNTS_ONLY) -> ParsedChunk:
        lines = chunk.splitlines(keepends=True)
        keys = [ActivityKey("", "", line[:-1].decode(), "setup") for line in lines]
        counts = [ActivityCount(0, place, 0, 0, 1, len(line)) for place, line in enumerate(lines)]
        return ParsedChunk(LogBatch(received_s, keys, [Server("", "")], CountTable.of(counts), {}))


class LittleRollup:
    """Claims batches by high water, as docs/delivery.md says, and remembers which lines it counted."""

    def __init__(self, client: redis.Redis) -> None:
        self._client: Any = client
        self.lines: Counter[str] = Counter()
        #: (file id, generation) → the record as SQL would know it.
        self.sources: dict[tuple[str, int], FileRecord] = {}

    def begin(self) -> None:
        """Restore the records and make Redis ready."""
        for record in self.sources.values():
            key = redis_keys.file_record(0, record.file_id)
            newest = max(g for file_id, g in self.sources if file_id == record.file_id)
            if record.generation == newest and not self._client.exists(key):
                self._client.hset(key, mapping=record_to_fields(record))
                self._client.sadd(redis_keys.file_index(0), record.file_id)
        # Every file of the test is younger than that.
        self._client.hset(redis_keys.FIRST_STARTS, HOST_ID, "1.0")
        self._client.set(redis_keys.LAYOUT, f"{redis_keys.LAYOUT_VERSION}:1")
        self._client.set(redis_keys.ready(0), "1")

    def tick(self) -> None:
        """Count everything that waits."""
        for file_id in self._client.spop(redis_keys.new_files(0), 1000):
            record = record_from_fields(self._client.hgetall(redis_keys.file_record(0, file_id.decode())))
            if record is not None:
                self._source(record, record.first_offset)
        for message_id, fields in self._client.xrange(redis_keys.batches(0)):
            envelope = envelope_from_fields(fields)
            shape = FileRecord(
                file_id=envelope.file_id,
                generation=envelope.generation,
                first_offset=envelope.first_offset,
                head_bytes=envelope.head_bytes,
                head_hash=envelope.head_hash,
                path=envelope.path,
            )
            known = self._source(shape, envelope.first_offset)
            if envelope.end > known.offset:
                assert envelope.start == known.offset, f"gap or overlap at {envelope}, counted up to {known.offset}"
                batch = decode_batch(fields[b"payload"], version=envelope.version)
                for count in batch.counts:
                    self.lines[batch.keys[count.key].event] += count.count
                self.lines.update({f"skipped {reason}": each.lines for reason, each in batch.skipped.items()})
                moved = {"offset": envelope.end, "tail_hash": envelope.tail_hash, "path": envelope.path}
                self._keep(known, moved)
            self._client.xdel(redis_keys.batches(0), message_id)

    def _source(self, record: FileRecord, offset: int) -> FileRecord:
        key = (record.file_id, record.generation)
        if key not in self.sources:
            tail = record.tail_hash if record.offset == offset else ""
            self._keep(record, {"offset": offset, "tail_hash": tail, "epoch": 0, "ended": False})
        return self.sources[key]

    def _keep(self, record: FileRecord, changes: dict[str, Any]) -> None:
        fields = {name: getattr(record, name) for name in record.__struct_fields__} | changes
        self.sources[record.file_id, record.generation] = FileRecord(**fields)


class CollectorHere:
    """A collector that runs only inside `drain`."""

    def __init__(self, url: str, logs: str, *, more: tuple[type[Format], ...] = (), **options: Any) -> None:
        self._runner = asyncio.Runner()
        self._url = url
        self._options = Options(logs=(logs,), **options)
        self._formats = more or (EveryLine,)
        self._kernel: Kernel | None = None

    def start(self) -> None:
        """Boot it."""
        self._runner.run(self._boot())

    def drain(self) -> None:
        """Let it run until everything that is there is shipped."""
        self._runner.run(self._drain())

    def run(self, until: Callable[[], object], *, timeout_s: float = 60) -> None:
        """Let it run until something is true."""
        self._runner.run(self._until(until, timeout_s))

    def crash(self) -> None:
        """Stop it where it is, without any clean-up of its own but the descriptors a dead process does not hold."""
        if self._kernel is not None:
            self._runner.run(self._die(self._kernel))
            self._kernel = None

    def close(self) -> None:
        """Shut it down in order."""
        if self._kernel is not None:
            self._runner.run(self._shutdown(self._kernel))
        self._runner.close()

    @property
    def status(self) -> Status:
        """What it says of itself."""
        assert self._kernel is not None
        return self._kernel.status

    @property
    def bus(self) -> Bus:
        """Where its applications talk."""
        assert self._kernel is not None
        return self._kernel.bus

    async def _boot(self) -> None:
        self._source = LogFiles()
        self._redis = Redis.from_url(self._url, socket_timeout=5)
        registry = svcs.Registry()
        registry.register_value(Redis, self._redis)
        self._kernel = Kernel(
            [self._source, *(each() for each in self._formats), Store()],
            options=self._options,
            status=Status(collector_id=f"{HOST_ID}:1", host_id=HOST_ID, started_s=time.time()),
            registry=registry,
        )
        await self._kernel.boot()
        await self._until(lambda: self._source._reading is not None, 60)

    async def _drain(self) -> None:
        # Twice: a file that replaces another waits until that one is read.
        for _ in range(2):
            await self._drain_once()

    async def _drain_once(self) -> None:
        self._source._following.look()
        await self._source._following._comparing.compare()
        self._source._following.settle_soon()
        looked_s = time.time()
        await self._until(lambda: self.status.caught_up_s() > looked_s, 60)

    async def _until(self, condition: Callable[[], object], timeout_s: float) -> None:
        deadline = time.monotonic() + timeout_s
        while not condition():
            assert time.monotonic() < deadline, "; ".join(self.status.problems) or "not true in time"
            await asyncio.sleep(0.001)

    async def _die(self, kernel: Kernel) -> None:
        for name in ("log_files", "store"):
            await kernel._supervisor.end(name)
        await kernel.registry.aclose()
        await self._redis.aclose()

    async def _shutdown(self, kernel: Kernel) -> None:
        await kernel.shutdown()
        await self._redis.aclose()
