"""Once: `collect --once`. Shows how far it is; says at the end exactly what it shipped, and whether it is counted."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import TextIO

from redis.asyncio import Redis

from collector.core.once_words import progress_line, summary
from collector.core.shipped_sums import ShippedSums
from collector.kernel.bus import Bus
from collector.kernel.events import BatchesParsed, BatchesStored, SourceEnded, SourceTruncated
from collector.kernel.status import Status
from collector.lib.clock import now_s
from collector.models.batch import LogBatch
from collector.models.errors import StoreUnavailable
from collector.models.haul import StoredPart
from collector.models.ingest_answer import Answer
from collector.repo.layout import read_shards
from collector.repo.uncounted import count_waiting, newest_batches, silent_shards

#: It gives up when nothing was shipped, or counted, for this long.
PATIENCE_S = 60.0
_LOOKS_EVERY_S = 0.05
_TERMINAL_EVERY_S = 0.2
_PLAIN_EVERY_S = 5.0
#: A rollup that is silent for longer does not run.
_ROLLUP_SILENT_S = 5.0
#: Hears a batch before the sink has shipped it.
_FIRST = 1


class Once:
    """One run: `listen` before anything is read, `drain`, then `finish` when the applications are shut down."""

    def __init__(self, status: Status, *, quiet: bool, out: TextIO = sys.stdout, progress: TextIO = sys.stderr) -> None:
        self._status = status
        self._out = out
        self._progress = None if quiet else progress
        self._sums = ShippedSums()
        self._on_its_way: dict[tuple[str, int, int], LogBatch] = {}
        self._began = time.monotonic()
        self._shown_at = self._began
        self._waiting_bytes = 0
        self._was_stopped = False

    def listen(self, bus: Bus) -> None:
        """Hear what is shipped and lost."""
        bus.listen(BatchesParsed, self._on_parsed, priority=_FIRST)
        bus.listen(BatchesStored, self._on_stored, priority=_FIRST)
        bus.listen(SourceTruncated, self._on_truncated)
        bus.listen(SourceEnded, self._on_ended)

    async def drain(self, stop: asyncio.Event) -> None:
        """
        Return when every source has caught up with what was there by now.

        Raises:
            StoreUnavailable: nothing was shipped for a while.
        """
        booted_s = now_s()
        shipped, moved_at = -1, time.monotonic()
        while not stop.is_set() and self._status.caught_up_s() <= booted_s:
            if self._status.lines_total != shipped:
                shipped, moved_at = self._status.lines_total, time.monotonic()
            if time.monotonic() - moved_at > PATIENCE_S:
                why = "; ".join(self._status.problems) or "no reason is known"
                raise StoreUnavailable(f"nothing was shipped for {PATIENCE_S:.0f} s: {why}")
            self._show()
            await asyncio.sleep(_LOOKS_EVERY_S)
        self._was_stopped = stop.is_set()
        self._waiting_bytes = self._status.beat(at_s=now_s()).backlog_bytes

    async def finish(self, redis: Redis, stop: asyncio.Event) -> bool:
        """
        Wait until it is counted and print the summary. Everything that listens has ended by then.

        Returns:
            Whether nothing is missing.

        Raises:
            StoreUnavailable.
        """
        took_s = time.monotonic() - self._began
        counted, is_counted = await self._wait_until_counted(redis, stop)
        self._show(is_last=True)
        problems = self._status.problems
        text = summary(self._sums, took_s=took_s, waiting_bytes=self._waiting_bytes, problems=problems, counted=counted)
        print(text, file=self._out, flush=True)
        left_out = self._waiting_bytes or self._sums.missing_bytes or self._sums.lost_bytes
        return is_counted and not (left_out or self._status.problems_of("file:") or self._was_stopped)

    async def _wait_until_counted(self, redis: Redis, stop: asyncio.Event) -> tuple[str, bool]:
        """A sentence, and whether it is good news: with no rollup what is shipped waits in Redis, as it should."""
        shards = await read_shards(redis) or 0
        newest = await newest_batches(redis, shards)
        left, moved_at = -1, time.monotonic()
        while waiting := await count_waiting(redis, newest):
            if waiting != left:
                left, moved_at = waiting, time.monotonic()
            if await silent_shards(redis, shards, since_s=now_s() - _ROLLUP_SILENT_S):
                return "No rollup runs: it is shipped and waits in Redis; `manage.py rollup` will count it.", True
            if stop.is_set() or time.monotonic() - moved_at > PATIENCE_S:
                return "The rollup has not counted all of it yet; what is left waits in Redis.", False
            await asyncio.sleep(_LOOKS_EVERY_S)
        return "All of it is counted.", True

    def _show(self, *, is_last: bool = False) -> None:
        if self._progress is None:
            return
        is_terminal = self._progress.isatty()
        every_s = _TERMINAL_EVERY_S if is_terminal else _PLAIN_EVERY_S
        if time.monotonic() - self._shown_at < every_s and not (is_last and is_terminal):
            return
        self._shown_at = time.monotonic()
        beat = self._status.beat(at_s=now_s())
        line = progress_line(
            done_bytes=self._sums.read_bytes,
            waiting_bytes=self._waiting_bytes if is_last else beat.backlog_bytes,
            lines=self._sums.lines,
            files=beat.files,
            took_s=time.monotonic() - self._began,
        )
        shown = f"\r{line}\x1b[K" if is_terminal else line
        print(shown, end="\n" if is_last or not is_terminal else "", file=self._progress, flush=True)

    async def _on_parsed(self, event: BatchesParsed) -> None:
        for part in event.parts:
            self._on_its_way[*part.span.source_id, part.span.end] = part.batch

    async def _on_stored(self, event: BatchesStored) -> None:
        for part in event.parts:
            batch = self._on_its_way.pop((*part.span.source_id, part.span.end), None)
            if batch is not None and _is_stored(part):
                size_bytes = part.span.end - part.span.start
                self._sums.add(batch, file_id=part.span.record.file_id, size_bytes=size_bytes)

    async def _on_truncated(self, event: SourceTruncated) -> None:
        self._lost("truncated", event.lost_bytes)

    async def _on_ended(self, event: SourceEnded) -> None:
        self._lost("deleted", event.lost_bytes)

    def _lost(self, reason: str, size_bytes: int) -> None:
        if size_bytes:
            self._sums.lost_bytes[reason] += size_bytes


def _is_stored(part: StoredPart) -> bool:
    """It is, or it was by a call whose answer was lost: then the record stands at its end."""
    if part.answer.answer is Answer.OK:
        return True
    now, before = part.answer.record, part.span.record
    if now is None or (now.generation, now.epoch) != (before.generation, before.epoch):
        return False
    return now.offset == part.span.end
