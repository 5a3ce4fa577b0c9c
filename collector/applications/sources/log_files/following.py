"""Following: the loops of `log_files`: look at the folders, settle who files are, compare records with Redis."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from contextlib import suppress

from collector.applications.sources.log_files.comparing import Comparing
from collector.applications.sources.log_files.file_table import FileTable
from collector.applications.sources.log_files.followed_file import STRANGE_RECORD, FollowedFile
from collector.applications.sources.log_files.reading import Reading
from collector.applications.sources.log_files.settling import Settling
from collector.io.file_watch import FileWatch
from collector.io.log_paths import Scan, scan
from collector.io.open_files import OpenFiles
from collector.kernel.status import SourceStatus, Status
from collector.lib.clock import now_s
from collector.models.errors import RecordDamaged, StoreUnavailable

log = logging.getLogger(__name__)
#: How often everything is looked at while the kernel does not tell all that may happen.
LOOK_S = 1.0
#: And while it does; names that come or go are looked at as soon as it tells.
LOOK_WATCHED_S = 5.0
#: Looking takes at most this share of the time, however many files there are.
LOOK_SHARE = 0.05
#: The same while the kernel tells of every change, and looking only makes sure.
LOOK_WATCHED_SHARE = 0.01
#: How often Redis is asked whether records have moved.
COMPARE_S = 2.0
#: A writer may go on for a while in a file that was renamed away or deleted.
GONE_IDLE_S = 5.0
#: All files are asked then, however often a queue runs empty; it takes at most a hundredth of the time.
NOTE_CAUGHT_UP_S = 0.25
NOTE_SHARE = 0.01
#: Between tries when something cannot go on.
RETRY_S = 0.2


class Following:
    """Who is followed, and how far everything is."""

    def __init__(
        self,
        patterns: Sequence[str],
        *,
        roots: Sequence[str],
        table: FileTable,
        open_files: OpenFiles,
        watch: FileWatch,
        status: Status,
    ) -> None:
        """
        Args:
            roots: folders into which links may lead, beside the patterns' own.
        """
        self._patterns = patterns
        self._roots = roots
        self._table = table
        self._open_files = open_files
        self._watch = watch
        self._status = status
        self._scan = Scan({}, {}, {}, frozenset())
        self._to_settle = asyncio.Event()
        self._to_compare = asyncio.Event()
        self._caught_up_s = self._note_again_at = 0.0
        #: Every file that had a record at the start has found it.
        self._is_known_settled = False
        self._reading: Reading
        self._settling: Settling
        self._comparing: Comparing

    def use(self, *, reading: Reading, settling: Settling, comparing: Comparing) -> None:
        """They call back here, so they come after."""
        self._reading, self._settling, self._comparing = reading, settling, comparing

    async def look_loop(self) -> None:
        """Look at the folders now and then, and hear from the kernel in between."""
        while True:
            began = time.monotonic()
            # What happened before a folder was watched, nobody was told.
            asked = self.look()
            took_s = time.monotonic() - began
            # Names may change faster than a look takes.
            earliest = time.monotonic() + took_s / LOOK_SHARE
            deadline = max(began + LOOK_S, earliest)
            while True:
                left_s = (earliest if asked else deadline) - time.monotonic()
                if left_s <= 0:
                    watched_s = max(LOOK_WATCHED_S, took_s / LOOK_WATCHED_SHARE)
                    if asked or deadline >= began + watched_s or self._watch.polls or self._table.is_restless:
                        break
                    deadline += LOOK_S
                    continue
                changes = await self._watch.changes(within_s=left_s)
                asked = asked or changes.rescan
                for path in changes.modified:
                    file = self._table.at(path)
                    if file is None:
                        asked = True
                    else:
                        self._touch(file)

    async def settle_loop(self) -> None:
        """Settle files whenever there is one to settle."""
        while True:
            await self._to_settle.wait()
            self._to_settle.clear()
            try:
                await self._settle_all()
                self._status.clear_problem("log_files:store")
            except StoreUnavailable as exc:
                self._status.tell("log_files:store", str(exc))
                await asyncio.sleep(RETRY_S)
                self._to_settle.set()

    async def compare_loop(self) -> None:
        """Follow records that have moved in Redis."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._to_compare.wait(), COMPARE_S)
            try:
                await (self._comparing.compare() if self._to_compare.is_set() else self._comparing.step())
            except StoreUnavailable as exc:
                log.debug("records were not compared: %s", exc)
                await asyncio.sleep(RETRY_S)
            else:
                self._to_compare.clear()

    def look(self) -> bool:
        """Look at the folders; what is new or has changed is touched. True when it is to be done again soon."""
        before, self._scan = self._scan, scan(self._patterns, roots=self._roots)
        for path in before.skipped.keys() - self._scan.skipped.keys():
            self._status.clear_problem(f"path:{path}")
        for path, reason in self._scan.skipped.items():
            self._status.tell(f"path:{path}", f"not read, {reason}: {_shown(path)}")
        is_new = self._watch.watch(self._scan.folders)
        for file in self._table.look(self._scan):
            self._touch(file)
        # Where there is no file, nothing waits: that is to be said, too.
        if self._table.is_restless or not len(self._table):
            self._to_settle.set()
        return is_new

    def unreadable(self, file: FollowedFile, exc: OSError) -> None:
        """A file cannot be opened or read now; each look tries again."""
        if isinstance(exc, FileNotFoundError):
            return  # the next look finds out
        file.unreadable = True
        reason = (exc.strerror or type(exc).__name__).lower()
        self._status.tell(f"file:{file.key}", f"{reason}: {file.shown_path}")

    def note_caught_up(self) -> None:
        """Nothing waits in a queue any more: look whether that is all, but not all the time."""
        if time.monotonic() > self._note_again_at:
            self._note_caught_up()

    def source_status(self) -> SourceStatus:
        """What the heartbeat says of the files."""
        self._note_caught_up()
        return SourceStatus(
            caught_up_s=self._caught_up_s,
            files=len(self._table),
            backlog_bytes=sum(file.waiting_bytes for file in self._table),
            patterns=self._scan.patterns,
        )

    def skipped(self) -> dict[str, str]:
        """Path → why it is not followed, as of the last look."""
        return self._scan.skipped

    def settle_soon(self) -> None:
        """A file needs to be settled."""
        self._to_settle.set()

    def compare_soon(self) -> None:
        """Records may have moved."""
        self._to_compare.set()

    def _note_caught_up(self) -> None:
        began = time.monotonic()
        if self._is_known_settled and self._reading.is_idle:
            waits = (f for f in self._table if f.waiting_bytes or (f.record is None and not f.resting))
            if all(file.unreadable for file in waits):
                self._caught_up_s = now_s()
        took_s = time.monotonic() - began
        self._note_again_at = began + max(NOTE_CAUGHT_UP_S, took_s / NOTE_SHARE)

    def _touch(self, file: FollowedFile) -> None:
        if file.record is None:
            file.resting = ""
            self._to_settle.set()
        else:
            self._reading.touch(file)

    async def _settle_all(self) -> None:
        for only_known in (False,) if self._is_known_settled else (True, False):
            unsettled = [file for file in self._table if file.record is None or file.gone_since is not None]
            unsettled.sort(key=lambda file: file.path)
            if not only_known:
                await self._settling.settle_new(
                    [each for each in unsettled if each.record is None and not each.resting]
                )
            for file in unsettled:
                is_lost = file.gone_since is not None and file.key not in self._open_files
                if file.record is None and not file.resting and not is_lost:
                    await self._settle(file, only_known=only_known)
                elif file.gone_since is not None:
                    await self._end_if_over(file)
        self._is_known_settled = True
        if any(file.record is None and not file.resting and not file.unreadable for file in self._table):
            await asyncio.sleep(RETRY_S / 10)
            self._to_settle.set()
        else:
            self.note_caught_up()

    async def _settle(self, file: FollowedFile, *, only_known: bool) -> None:
        try:
            await self._settling.settle(file, only_known=only_known)
        except OSError as exc:
            self.unreadable(file, exc)
            return
        except RecordDamaged as exc:
            self._status.tell(f"file:{file.key}", f"{exc}: {file.shown_path}")
            file.resting = STRANGE_RECORD
            return
        if file.unreadable:
            file.unreadable = False
            self._status.clear_problem(f"file:{file.key}")

    async def _end_if_over(self, file: FollowedFile) -> None:
        """A file that is gone is read through its descriptor until nothing came for a while."""
        idle = time.monotonic() - (file.gone_since or 0) > GONE_IDLE_S
        is_over = idle and file.waiting_bytes == 0
        if file.busy or (file.key in self._open_files and not is_over):
            return
        if file.record is not None:
            await self._settling.end(file, file.record)
        self._open_files.close(file.key)
        self._table.drop(file)
        self._status.clear_problem(f"file:{file.key}")


def _shown(path: str) -> str:
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
