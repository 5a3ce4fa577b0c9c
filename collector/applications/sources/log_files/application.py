"""LogFiles: the source `log_files`. Looks, settles, reads and compares, each in a loop of its own."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from functools import partial
from typing import ClassVar

from redis.asyncio import Redis

from collector.applications.sources.log_files.copies import Copies
from collector.applications.sources.log_files.file_table import FileTable
from collector.applications.sources.log_files.followed_file import FollowedFile
from collector.applications.sources.log_files.reading import Reading
from collector.applications.sources.log_files.settling import Beginning, Settling
from collector.io.file_watch import FileWatch
from collector.io.log_paths import Scan, scan
from collector.io.open_files import OpenFiles
from collector.kernel.application import Application, Bind, Bound, Ready, Shutdown
from collector.kernel.bus import Bus
from collector.kernel.events import StoreRecovered
from collector.kernel.status import SourceStatus, Status
from collector.lib.clock import now_s
from collector.models.errors import StoreUnavailable
from collector.models.options import Options
from collector.repo.file_records import FileRecords
from collector.repo.layout import note_first_start, read_shards

log = logging.getLogger(__name__)
#: How often everything is looked at, whatever inotify says.
LOOK_S = 1.0
#: Looking takes at most this share of the time, however many files there are.
LOOK_SHARE = 0.05
#: How often records are compared with Redis.
COMPARE_S = 2.0
#: A writer may go on for a while in a file that was renamed away or deleted.
GONE_IDLE_S = 5.0
#: Between tries when something cannot go on.
RETRY_S = 0.2
#: While one waits for Redis the other parses.
WORKERS_PER_SHARD = 2


class LogFiles(Application):
    """The source `log_files`."""

    name: ClassVar[str] = "log_files"
    needs: ClassVar[tuple[str, ...]] = ("store",)

    def __init__(self) -> None:
        self._table = FileTable()
        self._open_files = OpenFiles()
        self._to_settle = asyncio.Event()
        self._to_compare = asyncio.Event()
        self._scan = Scan({}, {}, {}, frozenset())
        self._caught_up_s = 0.0
        self._is_known_settled = False
        self._watch: FileWatch | None = None
        self._reading: Reading | None = None
        self._settling: Settling
        self._options: Options
        self._bus: Bus
        self._redis: Redis
        self._status: Status

    async def on_bind(self, event: Bind) -> None:
        self._options, self._bus = event.options, event.bus
        event.bus.listen(StoreRecovered, self._on_store_recovered)
        # Closed with the registry, when no loop uses them any more.
        event.registry.register_value(OpenFiles, self._open_files, on_registry_close=self._open_files.close_all)

    async def on_bound(self, event: Bound) -> None:
        self._redis = await event.services.aget(Redis)
        self._status = await event.services.aget(Status)
        self._status.add_source(self.name, self._source_status)
        self._watch = FileWatch()
        event.services.registry.register_value(FileWatch, self._watch, on_registry_close=self._watch.close)

    async def on_ready(self, event: Ready) -> None:
        event.start(partial(self._begin, event), name="begin")

    async def on_shutdown(self, event: Shutdown) -> None:
        if self._reading is not None:
            await self._reading.close()

    async def _begin(self, event: Ready) -> None:
        """Wait until Redis says in how many shards to write, then start."""
        while True:
            try:
                shards = await read_shards(self._redis)
                if shards is not None:
                    break
                self._tell("log_files:store", "waiting for a rollup: none has made Redis ready")
            except StoreUnavailable as exc:
                self._tell("log_files:store", str(exc))
            await asyncio.sleep(RETRY_S)
        await self._assemble(shards)
        event.start(self._look_loop, name="look")
        event.start(self._settle_loop, name="settle")
        event.start(self._compare_loop, name="compare")
        assert self._reading is not None
        for shard in range(shards):
            for worker in range(WORKERS_PER_SHARD):
                event.start(partial(self._reading.work, shard), name=f"read {shard}.{worker}")

    async def _assemble(self, shards: int) -> None:
        records, host_id = FileRecords(self._redis), self._status.host_id
        first_start_s, is_first = await note_first_start(self._redis, host_id=host_id, now_s=time.time())
        known = await records.read_all(shards)
        self._status.clear_problem("log_files:store")
        self._reading = Reading(
            shards=shards,
            table=self._table,
            records=records,
            open_files=self._open_files,
            bus=self._bus,
            unsettled=self._to_settle.set,
            unreadable=self._unreadable,
            drained=self._note_caught_up,
        )
        self._settling = Settling(
            beginning=Beginning(
                shards=shards,
                host_id=host_id,
                from_end=self._options.read_from == "end",
                first_start_s=first_start_s,
                is_first_start=is_first,
            ),
            records=records,
            open_files=self._open_files,
            copies=Copies(known, table=self._table, open_files=self._open_files, records=records, shards=shards),
            bus=self._bus,
            look=self._look,
        )

    async def _look_loop(self) -> None:
        assert self._watch is not None
        assert self._reading is not None
        while True:
            began = time.monotonic()
            self._look()
            self._to_settle.set()
            took_s = time.monotonic() - began
            # Names may change faster than a look takes.
            earliest = time.monotonic() + took_s / LOOK_SHARE
            deadline = began + max(LOOK_S, took_s / LOOK_SHARE)
            asked = False
            while (left_s := (earliest if asked else deadline) - time.monotonic()) > 0:
                changes = await self._watch.changes(within_s=left_s)
                asked = asked or changes.rescan
                for path in changes.modified:
                    file = self._table.at(path)
                    if file is None:
                        asked = True
                    else:
                        self._touch(file)

    def _look(self) -> None:
        """Look at the folders; what is new or has changed is touched."""
        self._scan = scan(self._options.logs)
        if self._watch is not None:
            self._watch.watch(self._scan.folders)
        for file in self._table.look(self._scan):
            self._touch(file)

    def _touch(self, file: FollowedFile) -> None:
        if file.record is None:
            file.resting = ""
            self._to_settle.set()
        elif self._reading is not None:
            self._reading.touch(file)

    async def _settle_loop(self) -> None:
        while True:
            await self._to_settle.wait()
            self._to_settle.clear()
            try:
                await self._settle_all()
                self._status.clear_problem("log_files:store")
            except StoreUnavailable as exc:
                self._tell("log_files:store", str(exc))
                await asyncio.sleep(RETRY_S)
                self._to_settle.set()

    async def _settle_all(self) -> None:
        for only_known in (False,) if self._is_known_settled else (True, False):
            for file in sorted(self._table, key=lambda file: file.path):
                if file.gone_since is not None:
                    await self._end_if_over(file)
                elif file.record is None and not file.resting:
                    await self._settle(file, only_known=only_known)
        self._is_known_settled = True
        if any(file.record is None and not file.resting and not file.unreadable for file in self._table):
            await asyncio.sleep(RETRY_S / 10)
            self._to_settle.set()
        else:
            self._note_caught_up()

    async def _settle(self, file: FollowedFile, *, only_known: bool) -> None:
        try:
            await self._settling.settle(file, only_known=only_known)
        except OSError as exc:
            self._unreadable(file, exc)
            return
        if file.unreadable:
            file.unreadable = False
            self._status.clear_problem(f"file:{file.key}")
        self._touch_settled(file)

    def _touch_settled(self, file: FollowedFile) -> None:
        if file.record is not None and self._reading is not None:
            self._reading.touch(file)

    async def _end_if_over(self, file: FollowedFile) -> None:
        """A file that is gone is read through its descriptor until nothing came for a while."""
        is_open = file.key in self._open_files
        idle = time.monotonic() - (file.gone_since or 0) > GONE_IDLE_S
        if file.busy or (is_open and not (idle and file.waiting_bytes == 0)):
            return
        if file.record is not None:
            await self._settling.end(file, file.record)
        elif is_open and not file.resting:
            await self._settle(file, only_known=False)
            return
        self._open_files.close(file.key)
        self._table.drop(file)
        self._status.clear_problem(f"file:{file.key}")

    async def _compare_loop(self) -> None:
        assert self._reading is not None
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._to_compare.wait(), COMPARE_S)
            self._to_compare.clear()
            try:
                await self._reading.compare()
            except StoreUnavailable as exc:
                log.debug("records were not compared: %s", exc)
                await asyncio.sleep(RETRY_S)

    async def _on_store_recovered(self, event: StoreRecovered) -> None:
        self._to_compare.set()

    def _unreadable(self, file: FollowedFile, exc: OSError) -> None:
        if isinstance(exc, FileNotFoundError):
            return  # the next look finds out
        file.unreadable = True
        reason = (exc.strerror or type(exc).__name__).lower()
        self._tell(f"file:{file.key}", f"{reason}: {file.shown_path}")

    def _tell(self, key: str, text: str) -> None:
        if self._status.set_problem(key, text):
            log.warning("%s", text)

    def _note_caught_up(self) -> None:
        if self._is_known_settled and self._reading is not None and self._reading.is_idle:
            unsettled = (f for f in self._table if f.record is None and not f.resting and not f.unreadable)
            if next(unsettled, None) is None:
                self._caught_up_s = now_s()

    def _source_status(self) -> SourceStatus:
        self._note_caught_up()
        for path, reason in self._scan.skipped.items():
            self._status.set_problem(f"path:{path}", f"not read, {reason}: {path}")
        return SourceStatus(
            caught_up_s=self._caught_up_s,
            files=len(self._table),
            backlog_bytes=sum(file.waiting_bytes for file in self._table),
            patterns=self._scan.patterns,
        )
