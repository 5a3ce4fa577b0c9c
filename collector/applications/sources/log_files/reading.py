"""
Reading: takes ready files, ships their next lines through the bus, all that are ready in one go, and goes on from what
the store answers.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from collector.applications.sources.log_files.file_table import FileTable
from collector.applications.sources.log_files.followed_file import FollowedFile
from collector.applications.sources.log_files.ready_queue import LITTLE_BYTES, ReadyQueue
from collector.applications.sources.log_files.step import Step
from collector.io.log_file import (
    CHUNK_BYTES,
    Changed,
    Lines,
    NoLine,
    Oversize,
    describes,
    read_beginning,
    read_lines,
)
from collector.io.open_files import OpenFiles
from collector.kernel.bus import Bus
from collector.kernel.events import BatchesParsed, BatchesStored, LinesRead, ParseFailed
from collector.kernel.format import SAMPLE_BYTES
from collector.kernel.formats import Formats
from collector.lib.clock import now_s
from collector.lib.failpoint import failpoint
from collector.models.file_record import FileRecord
from collector.models.haul import SourceLines
from collector.models.ingest_answer import Answer, IngestAnswer
from collector.models.log_span import MAX_LINE_BYTES, LogSpan

log = logging.getLogger(__name__)
#: Read in one go at most, of however many files; the file waits for the rest.
HAUL_BYTES = 4 * 1024 * 1024
#: A batch fuller than this is not made larger.
ROOM_TO_DOUBLE = 0.4
#: Nobody answered: a sink that is broken. Its error is logged by the bus.
NO_ANSWER_PAUSE_S = 1.0


class Reading:
    """One queue a shard; a shard that has to wait does not hold up another."""

    def __init__(
        self,
        *,
        shards: int,
        table: FileTable,
        open_files: OpenFiles,
        bus: Bus,
        formats: Formats,
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
        self._open_files = open_files
        self._bus = bus
        self._formats = formats
        self._unsettled = unsettled
        self._unreadable = unreadable
        self._drained = drained
        self._steps: dict[tuple[str, int], Step] = {}
        bus.listen(BatchesStored, self._on_stored)
        bus.listen(ParseFailed, self._on_failed)

    @property
    def is_idle(self) -> bool:
        """No file waits in a queue or is in hand."""
        return all(queue.is_idle for queue in self.queues)

    def touch(self, file: FollowedFile) -> None:
        """There may be something to read in this file."""
        if file.record is not None:
            self.queues[file.shard].put(file)

    async def work(self, shard: int, *, only_little: bool = False) -> None:
        """Read ready files of a shard until it is closed."""
        queue = self.queues[shard]
        while files := await queue.take(only_little=only_little):
            left = files[::-1]
            steps: list[Step] = []
            # One that had little may have got much since; all the others wait for it.
            is_little = len(files) > 1 and files[0].waiting_bytes <= LITTLE_BYTES
            try:
                self._read(queue, left, steps, limit_bytes=LITTLE_BYTES if is_little else CHUNK_BYTES)
                await self._ship(steps)
            finally:
                for step in steps:
                    self._end(step, has_more=True)
                for file in left:
                    queue.done(file, has_more=True)
            if queue.is_idle:
                self._drained()

    def seek(self, file: FollowedFile, record: FileRecord, now: FileRecord | None) -> None:
        """
        Go on from where Redis says reading is; if that cannot be this content, have it settled anew.

        Raises:
            OSError: the file cannot be read.
        """
        usable = now is not None and not now.ended and now.generation == record.generation
        if now is not None and usable and describes(now, self._open_files.get(file.key, file.path)):
            log.info("%s goes on at byte %d instead of %d", file.shown_path, now.offset, record.offset)
            file.record, file.scanned_to, file.drained_bytes = now, 0, -1
            self.touch(file)
            return
        file.unsettle(believed=record)
        self._unsettled()

    async def close(self) -> None:
        """Begin nothing new and wait for what is in hand."""
        await asyncio.gather(*(queue.close() for queue in self.queues))

    def _read(self, queue: ReadyQueue, files: list[FollowedFile], steps: list[Step], *, limit_bytes: int) -> None:
        """Read what the files have, from the last on; what is not read is left in `files`."""
        size_bytes = 0
        while files and size_bytes < HAUL_BYTES:
            file = files[-1]
            try:
                step = self._read_one(file, limit_bytes)
            except OSError as exc:
                step = False
                self._open_files.close(file.key)
                self._unreadable(file, exc)
            files.pop()
            if isinstance(step, Step):
                size_bytes += len(step.data)
                steps.append(step)
                self._steps[step.span.source_id] = step
            else:
                queue.done(file, has_more=step)

    def _read_one(self, file: FollowedFile, limit_bytes: int) -> Step | bool:
        """The next step of a file; without one, whether there may be one later."""
        record = file.record
        if record is None:
            return False
        descriptor = self._open_files.get(file.key, file.path)
        size_bytes = os.fstat(descriptor).st_size
        limit_bytes = min(limit_bytes, file.limit_bytes)
        reading = self._read_lines(file, descriptor, record, limit_bytes)
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
        if record.path != file.shown_path:
            record = replace(record, path=file.shown_path)
        if isinstance(reading, Lines):
            span = LogSpan(record, file.shard, record.offset + len(reading.data), reading.tail_hash)
            if span.start > 0 and self._formats.recognition(span.source_id) is None:
                # The middle of a file may tell less of its format than its beginning: a traceback, say.
                self._formats.choose_for(record.path, read_beginning(descriptor, SAMPLE_BYTES))
            return Step(file, span, reading.data, size_bytes, reading.is_last)
        span = LogSpan(record, file.shard, reading.end, reading.tail_hash)
        return Step(file, span, b"", size_bytes, is_last=False, refused="oversize")

    def _read_lines(
        self, file: FollowedFile, descriptor: int, record: FileRecord, limit_bytes: int
    ) -> Lines | Oversize | NoLine | Changed:
        while True:
            most = file.max_line_bytes or MAX_LINE_BYTES
            reading = read_lines(
                descriptor, record, limit_bytes=limit_bytes, max_line_bytes=most, scanned_to=file.scanned_to
            )
            is_long = isinstance(reading, Oversize) or (
                isinstance(reading, NoLine) and reading.scanned_to > record.offset
            )
            if not is_long or file.max_line_bytes:
                return reading
            # The first line that is longer than any format must take: this file's may take more.
            beginning = read_beginning(descriptor, SAMPLE_BYTES)
            file.max_line_bytes = max(most, self._formats.choose_for(file.shown_path, beginning).max_line_bytes)

    async def _ship(self, steps: Sequence[Step]) -> None:
        lines = tuple(SourceLines(step.span, step.data) for step in steps if not step.refused)
        if lines:
            await self._bus.publish(LinesRead(lines, now_s()))
        uncounted = tuple(step.uncounted() for step in steps if step.refused and self._is_open(step))
        if uncounted:
            await self._bus.publish(BatchesParsed(uncounted))
        if any(map(self._is_open, steps)):
            await asyncio.sleep(NO_ANSWER_PAUSE_S)
        elif not steps:
            # Nothing was awaited: a long line that is looked through must not keep everybody else waiting.
            await asyncio.sleep(0)

    async def _on_stored(self, event: BatchesStored) -> None:
        for part in event.parts:
            step = self._steps.get(part.span.source_id)
            if step is not None and step.span is part.span:
                self._answered(step, part.answer, part.fullness)

    async def _on_failed(self, event: ParseFailed) -> None:
        step = self._steps.get(event.span.source_id)
        if step is not None and step.span is event.span:
            self._refused(step, "unparsable")

    def _answered(self, step: Step, answer: IngestAnswer, fullness: float) -> None:
        file = step.file
        if answer.answer is Answer.TOO_LARGE:
            self._refused(step, "oversize")
        elif answer.answer is Answer.OK:
            file.shipped(answer.record)
            if fullness < ROOM_TO_DOUBLE:
                file.limit_bytes = min(CHUNK_BYTES, 2 * file.limit_bytes)
            if step.is_last:
                file.drained_bytes = step.size_bytes
                self._open_files.keep(file.key, unread=False)
            self._end(step, has_more=not step.is_last)
        else:
            try:
                self.seek(file, step.span.record, answer.record)
            except OSError as exc:
                self._open_files.close(file.key)
                self._unreadable(file, exc)
            self._end(step, has_more=file.record is not None)

    def _refused(self, step: Step, reason: str) -> None:
        """Less at once next time; one line alone is not counted."""
        if step.has_one_line:
            step.refused = reason
        else:
            step.file.limit_bytes = len(step.data) // 2
            self._end(step, has_more=True)

    def _is_open(self, step: Step) -> bool:
        return self._steps.get(step.span.source_id) is step

    def _end(self, step: Step, *, has_more: bool) -> None:
        """Give the file back, once."""
        if self._is_open(step):
            del self._steps[step.span.source_id]
            self.queues[step.span.shard].done(step.file, has_more=has_more)
