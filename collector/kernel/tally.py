"""
Tally: a source that is no file: a proxy that is asked, a broker that is listened to. What it tells are *messages*,
numbered; they are counted as the bytes of a file are, one byte a message and place, with the place in the same call.
"""

from __future__ import annotations

from hashlib import blake2b

from redis.asyncio import Redis

from collector.kernel.bus import Bus
from collector.kernel.events import BatchesParsed, BatchesStored
from collector.models.batch import LogBatch
from collector.models.errors import StoreUnavailable
from collector.models.file_record import FileRecord, shard_of
from collector.models.haul import ParsedPart, StoredPart
from collector.models.ingest_answer import Answer, IngestAnswer
from collector.models.log_span import LogSpan
from collector.repo.file_records import FileRecords
from collector.repo.layout import read_shards

#: Between tries when Redis cannot go on.
RETRY_S = 0.2


def tally_id(kind: str, name: str) -> str:
    """The file id of such a source. It is the same for every collector: of two that read one, one counts a message."""
    return blake2b(f"{kind}\0{name}".encode(), digest_size=12).hexdigest()


class Tally:
    """One source. `open` first, then `ship`, one batch at a time."""

    def __init__(self, kind: str, name: str, *, redis: Redis, bus: Bus) -> None:
        """
        Args:
            kind: name of the application.
            name: what stands for the source, without secrets: a URL.
        """
        self.file_id = tally_id(kind, name)
        self.name = name
        #: Where it stands; None until it is open.
        self.record: FileRecord | None = None
        self._records = FileRecords(redis)
        self._redis = redis
        self._bus = bus
        self._shard = 0
        self._span: LogSpan | None = None
        self._answers: list[StoredPart] = []
        bus.listen(BatchesStored, self._on_stored)

    async def find(self) -> FileRecord | None:
        """
        The record Redis has, which is where to go on from; None when the source was never counted.

        Raises:
            StoreUnavailable: Redis does not answer, or is not to be believed yet.
        """
        shards = await read_shards(self._redis)
        if shards is None or not any(await self._records.marks(shards)):
            raise StoreUnavailable("waiting for a rollup: none has made Redis ready")
        self._shard = shard_of(self.file_id, shards)
        (self.record,) = await self._records.read(self._shard, [self.file_id])
        return self.record

    async def open(self, *, at: int) -> FileRecord:
        """
        The record to go on from: a new one that begins at a place, or the one there is.

        Raises:
            StoreUnavailable.
        """
        if self.record is None and await self.find() is None:
            blank = FileRecord(file_id=self.file_id, offset=at, first_offset=at, path=self.name)
            self.record = (await self._records.make(self._shard, blank)).record
        if self.record is None:
            raise StoreUnavailable("waiting for a rollup: none has made Redis ready")
        return self.record

    async def begin_anew(self, *, at: int) -> None:
        """
        Begin the next generation: what is told now has numbers of its own.

        Raises:
            StoreUnavailable.
        """
        if self.record is not None:
            answer = await self._records.raise_generation(self._shard, self.record, path=self.name, offset=at)
            self.record = answer.record

    async def ship(self, batch: LogBatch, *, end: int, tail_hash: str = "") -> bool:
        """
        Hand over what stands between the record and `end`, and go on from there.

        Returns:
            Whether it is counted. Otherwise somebody else was faster, or Redis was rewound: `record` says where it
            stands now, None when that has to be found out.
        """
        before = self.record
        if before is None:
            return False
        self._span = span = LogSpan(before, self._shard, end, tail_hash)
        self._answers.clear()
        await self._bus.publish(BatchesParsed((ParsedPart(span, batch),)))
        self._span = None
        answer = next((part.answer for part in self._answers), IngestAnswer(Answer.TOO_LARGE))
        if answer.answer is Answer.TOO_LARGE:
            return False
        self.record = answer.record
        if answer.answer is Answer.OK:
            return True
        # A call whose answer was lost may have stored it.
        now = self.record
        return now is not None and (now.generation, now.epoch, now.offset) == (before.generation, before.epoch, end)

    async def append(self, batch: LogBatch) -> bool:
        """
        Hand over a batch of what cannot be had again, behind whatever is counted.

        Returns:
            False where another collector has counted meanwhile: it hears the same, and this batch is left out.
        """
        before = self.record
        if before is None:
            return False
        if await self.ship(batch, end=before.offset + batch.size_bytes):
            return True
        # The rollup has set the record back: what was between is lost, this is not.
        now = self.record
        is_back = now is not None and (now.generation, now.offset) <= (before.generation, before.offset)
        return is_back and now is not None and await self.ship(batch, end=now.offset + batch.size_bytes)

    async def _on_stored(self, event: BatchesStored) -> None:
        self._answers += (part for part in event.parts if part.span is self._span)
