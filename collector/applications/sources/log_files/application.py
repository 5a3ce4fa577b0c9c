"""LogFiles: the source `log_files`. Looks, settles, reads and compares files, each in a loop of its own."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import ClassVar

from redis.asyncio import Redis

from collector.applications.sources.log_files.comparing import Comparing
from collector.applications.sources.log_files.copies import Copies
from collector.applications.sources.log_files.file_statuses import FileStatuses
from collector.applications.sources.log_files.file_table import FileTable
from collector.applications.sources.log_files.following import Following
from collector.applications.sources.log_files.identity import Beginning, Identity
from collector.applications.sources.log_files.line_rates import LineRates
from collector.applications.sources.log_files.reading import Reading
from collector.applications.sources.log_files.settling import Settling
from collector.io.file_watch import FileWatch
from collector.io.open_files import OpenFiles
from collector.kernel.application import Application, Bind, Bound, Ready, Shutdown
from collector.kernel.bus import Bus
from collector.kernel.events import BatchesParsed, StoreRecovered
from collector.kernel.formats import Formats
from collector.kernel.status import SourceStatus, Status
from collector.models.errors import StoreUnavailable
from collector.models.options import Options
from collector.models.otlp_spool import spool_patterns
from collector.repo.file_records import FileRecords
from collector.repo.layout import note_first_start, read_shards

#: Between tries when something cannot go on.
RETRY_S = 0.2
#: How often Redis is told since when we are here; one small call.
REMEMBER_S = 2.0
#: While one waits for Redis the other parses.
WORKERS_PER_SHARD = 2


class LogFiles(Application):
    """The source `log_files`."""

    name: ClassVar[str] = "log_files"
    needs: ClassVar[tuple[str, ...]] = ("store",)

    async def on_bind(self, event: Bind) -> None:
        self._options: Options = event.options
        self._bus: Bus = event.bus
        # Compared with the times of files, so it is the real clock, not ours; and Redis may keep us waiting.
        self._started_s = time.time()
        self._table = FileTable()
        self._open_files = OpenFiles()
        self._reading: Reading | None = None
        self._rates = LineRates()
        event.bus.listen(StoreRecovered, self._on_store_recovered)
        event.bus.listen(BatchesParsed, self._on_batches_parsed)

    async def on_bound(self, event: Bound) -> None:
        self._redis = await event.services.aget(Redis)
        self._status: Status = await event.services.aget(Status)
        self._formats: Formats = await event.services.aget(Formats)
        watch = FileWatch()
        # Closed with the registry, when no loop uses them any more.
        event.services.registry.register_value(
            OpenFiles, self._open_files, on_registry_close=self._open_files.close_all
        )
        event.services.registry.register_value(FileWatch, watch, on_registry_close=watch.close)
        self._following = Following(
            (*self._options.logs, *spool_patterns(self._options)),
            roots=self._options.log_roots,
            table=self._table,
            open_files=self._open_files,
            watch=watch,
            status=self._status,
        )
        self._statuses = FileStatuses(
            self._redis,
            table=self._table,
            rates=self._rates,
            recognition=self._formats.recognition,
            status=self._status,
            skipped=self._following.skipped,
        )
        self._status.add_source(self.name, self._source_status)

    async def on_ready(self, event: Ready) -> None:
        event.start(partial(self._begin, event), name="begin")
        event.start(self._statuses.run, name="statuses")

    async def on_shutdown(self, event: Shutdown) -> None:
        if self._reading is not None:
            await self._reading.close()
        if hasattr(self, "_statuses"):
            with suppress(StoreUnavailable):
                await self._statuses.remove()

    def _source_status(self) -> SourceStatus:
        # Where the receiver writes is no pattern that anybody configured.
        status = self._following.source_status()
        return replace(status, patterns={p: count for p, count in status.patterns.items() if p in self._options.logs})

    async def _begin(self, event: Ready) -> None:
        """Wait until Redis says in how many shards to write, then start."""
        while (shards := await self._read_shards()) is None:  # noqa: ASYNC110 – nobody tells us, Redis is asked
            await asyncio.sleep(RETRY_S)
        self._reading = await self._assemble(shards)
        self._status.clear_problem("log_files:store")
        event.start(self._following.look_loop, name="look")
        event.start(self._following.settle_loop, name="settle")
        event.start(self._following.compare_loop, name="compare")
        event.start(self._remember_first_start, name="remember")
        for shard in range(shards):
            for worker in range(WORKERS_PER_SHARD):
                event.start(partial(self._reading.work, shard), name=f"read {shard}.{worker}")
            # Where the others wait for a full Redis with what large files have, this one ships what small ones have.
            event.start(partial(self._reading.work, shard, only_little=True), name=f"read {shard}.little")

    async def _remember_first_start(self) -> None:
        """Say it again: a Redis that was emptied early has forgotten it before SQL knew."""
        while True:
            await asyncio.sleep(REMEMBER_S)
            with suppress(StoreUnavailable):
                await note_first_start(self._redis, host_id=self._status.host_id, now_s=self._first_start_s)

    async def _read_shards(self) -> int | None:
        try:
            shards = await read_shards(self._redis)
        except StoreUnavailable as exc:
            self._status.tell("log_files:store", str(exc))
            return None
        if shards is None:
            self._status.tell("log_files:store", "waiting for a rollup: none has made Redis ready")
        return shards

    async def _assemble(self, shards: int) -> Reading:
        """What needs to know of Redis; a failure ends in the loop's next try."""
        host_id, records = self._status.host_id, FileRecords(self._redis)
        first_start_s, is_first = await note_first_start(self._redis, host_id=host_id, now_s=self._started_s)
        self._first_start_s = first_start_s
        known = await records.read_all(shards)
        reading = Reading(
            shards=shards,
            table=self._table,
            open_files=self._open_files,
            bus=self._bus,
            formats=self._formats,
            unsettled=self._following.settle_soon,
            unreadable=self._following.unreadable,
            drained=self._following.note_caught_up,
        )
        beginning = Beginning(
            shards=shards,
            host_id=host_id,
            from_end=self._options.read_from == "end",
            first_start_s=first_start_s,
            is_first_start=is_first,
        )
        copies = Copies(known, table=self._table, open_files=self._open_files, records=records, shards=shards)
        settling = Settling(
            identity=Identity(beginning, known=known, records=records, copies=copies),
            records=records,
            open_files=self._open_files,
            copies=copies,
            bus=self._bus,
            look=self._following.look,
            settled=reading.touch,
        )
        comparing = Comparing(shards=shards, table=self._table, records=records, seek=reading.seek)
        self._following.use(reading=reading, settling=settling, comparing=comparing)
        return reading

    async def _on_batches_parsed(self, event: BatchesParsed) -> None:
        for part in event.parts:
            self._rates.note(part.span.source_id, part.batch)

    async def _on_store_recovered(self, event: StoreRecovered) -> None:
        self._following.compare_soon()
