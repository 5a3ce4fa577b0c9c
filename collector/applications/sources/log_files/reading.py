"""Reading: takes ready files, ships their next lines through the bus, and goes on from what the store answers."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable

from msgspec.structs import replace

from collector.applications.sources.log_files.file_table import FileTable
from collector.applications.sources.log_files.followed_file import FollowedFile
from collector.applications.sources.log_files.ready_queue import ReadyQueue
from collector.io.log_file import CHUNK_BYTES, Changed, Lines, NoLine, Oversize, describes, read_lines
from collector.io.open_files import OpenFiles
from collector.kernel.bus import Bus
from collector.kernel.events import BatchParsed, BatchStored, LinesRead, ParseFailed
from collector.lib.clock import now_s
from collector.lib.failpoint import failpoint
from collector.models.batch import LogBatch, Skipped
from collector.models.count_table import CountTable
from collector.models.file_record import FileRecord
from collector.models.ingest_answer import Answer
from collector.models.log_span import LogSpan
from collector.repo.file_records import FileRecords

log = logging.getLogger(__name__)
#: Nobody answered: a sink that is broken. Its error is logged by the bus.
NO_ANSWER_PAUSE_S = 1.0


class Reading:
    """One queue a shard; a shard that has to wait does not hold up another."""

    def __init__(
        self,
        *,
        shards: int,
        table: FileTable,
        records: FileRecords,
        open_files: OpenFiles,
        bus: Bus,
        unsettled: Callable[[], None],
        unreadable: Callable[[FollowedFile, OSError], None],
        drained: Callable[[], None],
    ) -> None:
        """
        Args:
            unsettled: called when a file needs Settling again.
            unreadable: called when one cannot be read.
            drained: called when a shard's queue is empty.
        """
        self.queues = [ReadyQueue() for _ in range(shards)]
        self._table = table
        self._records = records
        self._open_files = open_files
        self._bus = bus
        self._unsettled = unsettled
        self._unreadable = unreadable
        self._drained = drained
        self._outcomes: dict[tuple[str, int], BatchStored | ParseFailed] = {}
        bus.listen(BatchStored, self._on_outcome)
        bus.listen(ParseFailed, self._on_outcome)

    @property
    def is_idle(self) -> bool:
        """No file waits in a queue or is in hand."""
        return all(queue.is_idle for queue in self.queues)

    def touch(self, file: FollowedFile) -> None:
        """There may be something to read in this file."""
        if file.record is not None:
            self.queues[file.shard].put(file)

    async def work(self, shard: int) -> None:
        """Read ready files of a shard until it is closed."""
        queue = self.queues[shard]
        while (file := await queue.take()) is not None:
            has_more = False
            try:
                has_more = await self._step(file)
            except OSError as exc:
                self._open_files.close(file.key)
                self._unreadable(file, exc)
            finally:
                queue.done(file, has_more=has_more)
            if queue.is_idle:
                self._drained()

    async def compare(self) -> None:
        """
        Look whether records have moved in Redis (a rewind, a rival, a Redis that lost writes) and follow them.

        Raises:
            StoreUnavailable.
        """
        for shard in range(len(self.queues)):
            files = {f.record.file_id: (f, f.record) for f in self._table if f.record and f.shard == shard}
            moved = await self._records.moved(shard, [record for _, record in files.values()])
            for file_id, now in moved.items():
                file, record = files[file_id]
                # One in hand is told by the answer to its batch.
                if file.record is record and not file.busy:
                    self._seek(file, record, now)

    async def close(self) -> None:
        """Begin nothing new and wait for what is in hand."""
        await asyncio.gather(*(queue.close() for queue in self.queues))

    async def _step(self, file: FollowedFile) -> bool:
        """Ship one span. True when there may be more to read."""
        record = file.record
        if record is None:
            return False
        descriptor = self._open_files.get(file.key, file.path)
        size_bytes = os.fstat(descriptor).st_size
        reading = read_lines(descriptor, record, limit_bytes=file.limit_bytes, scanned_to=file.scanned_to)
        failpoint("after_read")
        if isinstance(reading, Changed):
            self._table.leave(file, record, former_bytes=file.verified_bytes, size_bytes=size_bytes)
            self._unsettled()
            return False
        if file.gone_since is not None and size_bytes > file.seen_bytes:
            file.gone_since = time.monotonic()  # somebody still writes
        file.verified_bytes = file.seen_bytes = size_bytes
        file.unreadable = False
        if isinstance(reading, NoLine):
            file.scanned_to = reading.scanned_to
            if not reading.has_more:
                file.drained_bytes = size_bytes
                self._open_files.keep(file.key, unread=False)
            return reading.has_more
        self._open_files.keep(file.key, unread=True)
        return await self._ship(file, replace(record, path=file.shown_path), reading, size_bytes)

    async def _ship(self, file: FollowedFile, record: FileRecord, reading: Lines | Oversize, size_bytes: int) -> bool:
        if isinstance(reading, Oversize):
            span = LogSpan(record, file.shard, reading.end, reading.tail_hash)
            event: object = _uncounted(span, "oversize")
        else:
            span = LogSpan(record, file.shard, record.offset + len(reading.data), reading.tail_hash)
            event = LinesRead(span, reading.data, now_s())
        outcome = await self._outcome(event, span)
        if isinstance(reading, Lines) and _is_refused(outcome):
            if reading.data.count(b"\n") > 1:
                file.limit_bytes = len(reading.data) // 2
                return True
            reason = "unparsable" if isinstance(outcome, ParseFailed) else "oversize"
            outcome = await self._outcome(_uncounted(span, reason), span)
        if not isinstance(outcome, BatchStored):
            await asyncio.sleep(NO_ANSWER_PAUSE_S)
            return True
        if outcome.answer.answer is not Answer.OK:
            self._seek(file, record, outcome.answer.record)
            return file.record is not None
        file.record, file.scanned_to = outcome.answer.record, 0
        file.limit_bytes = min(CHUNK_BYTES, 2 * file.limit_bytes)
        if isinstance(reading, Lines) and reading.is_last:
            file.drained_bytes = size_bytes
            self._open_files.keep(file.key, unread=False)
            return False
        return True

    async def _outcome(self, event: object, span: LogSpan) -> BatchStored | ParseFailed | None:
        self._outcomes.pop(span.source_id, None)
        await self._bus.publish(event)
        return self._outcomes.pop(span.source_id, None)

    async def _on_outcome(self, event: BatchStored | ParseFailed) -> None:
        self._outcomes[event.span.source_id] = event

    def _seek(self, file: FollowedFile, record: FileRecord, now: FileRecord | None) -> None:
        """Go on from where Redis says reading is; if that cannot be this content, have it settled anew."""
        usable = now is not None and not now.ended and now.generation == record.generation
        if now is not None and usable and describes(now, self._open_files.get(file.key, file.path)):
            log.info("%s goes on at byte %d instead of %d", file.shown_path, now.offset, record.offset)
            file.record, file.scanned_to, file.drained_bytes = now, 0, -1
            self.touch(file)
            return
        file.unsettle(believed=record)
        self._unsettled()


def _is_refused(outcome: BatchStored | ParseFailed | None) -> bool:
    return isinstance(outcome, ParseFailed) or (outcome is not None and outcome.answer.answer is Answer.TOO_LARGE)


def _uncounted(span: LogSpan, reason: str) -> BatchParsed:
    """A batch that says of one line only why it is not counted."""
    skipped = {reason: Skipped(1, span.end - span.start)}
    return BatchParsed(span, LogBatch(now_s(), [], [], CountTable.of([]), skipped))
