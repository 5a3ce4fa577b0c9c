"""FileStatuses: once a second, what changed about the followed files goes to Redis, for the page about sources."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from redis.asyncio import Redis

from collector.applications.sources.log_files.file_table import FileTable
from collector.applications.sources.log_files.followed_file import COPY, NO_LINE, STRANGE_RECORD, TOO_OLD, FollowedFile
from collector.applications.sources.log_files.line_rates import LineRates
from collector.core.lag import Lag
from collector.kernel.status import Status
from collector.lib.clock import now_s
from collector.models.errors import StoreUnavailable
from collector.models.file_status import GONE, QUIET, READING, RESTS, UNREADABLE, WAITING, FileStatus
from collector.models.recognition import Recognition
from collector.repo.file_statuses import remove_statuses, write_statuses

log = logging.getLogger(__name__)
EVERY_S = 1.0
#: Looking for what changed takes at most this share of the time, however many files there are.
SHARE = 0.01
#: Files looked at before somebody else has the loop.
_AT_ONCE = 500
_RESTS_BECAUSE = {
    NO_LINE: "no complete line yet",
    TOO_OLD: "rotated before the first start here",
    COPY: "a copy of a file that is read, so far",
    STRANGE_RECORD: "its record in Redis is of another file; waiting until that is mended",
}
#: Problems that make files wait, the gravest first.
_STORE_PROBLEMS = ("store:away", "log_files:store", "store:wait", "store:busy")


@dataclass(slots=True)
class _Known:
    """What was said of one file."""

    #: Its fields that a status is made of, as they were then.
    seen: tuple[object, ...] = ()
    #: What was written; kept only while it may change by itself.
    written: FileStatus | None = None
    lag: Lag = field(default_factory=Lag)


class FileStatuses:
    """Files that rest as they are cost one comparison and are not written again."""

    def __init__(
        self,
        redis: Redis,
        *,
        table: FileTable,
        rates: LineRates,
        recognition: Callable[[tuple[str, int]], Recognition | None],
        status: Status,
        skipped: Callable[[], Mapping[str, str]],
    ) -> None:
        """
        Args:
            rates: what was read of each source lately.
            recognition: what the lines of a source look like.
            skipped: path → why it is not followed at all.
        """
        self._redis = redis
        self._table = table
        self._rates = rates
        self._recognition = recognition
        self._status = status
        self._skipped = skipped
        self._known: dict[tuple[int, int], _Known] = {}
        self._written_skipped: dict[str, str] = {}
        self._looked_s = now_s()
        #: How long looking took this time.
        self._took_s = 0.0

    async def run(self) -> None:
        """Write what changed, again and again."""
        while True:
            self._took_s = 0.0
            try:
                await self.write()
            except StoreUnavailable as exc:
                log.debug("file statuses were not written: %s", exc)
                self._forget()
            await asyncio.sleep(max(EVERY_S, self._took_s / SHARE))

    async def write(self) -> None:
        """
        Write what changed since the last time.

        Raises:
            StoreUnavailable.
        """
        changed, gone = await self._look()
        was_there = await write_statuses(self._redis, self._status.collector_id, changed, gone)
        if not was_there and len(self._known) + len(self._written_skipped) > len(changed):
            self._forget()

    async def remove(self) -> None:
        """
        Nobody follows the files any more.

        Raises:
            StoreUnavailable.
        """
        await remove_statuses(self._redis, self._status.collector_id)

    def _forget(self) -> None:
        """Redis may have nothing of what was written: say all of it again."""
        for known in self._known.values():
            known.seen = ()
        self._written_skipped.clear()

    async def _look(self) -> tuple[dict[str, FileStatus], list[str]]:
        changed: dict[str, FileStatus] = {}
        at_s, looked_s = now_s(), self._looked_s
        files = list(self._table)
        for at in range(0, len(files), _AT_ONCE):
            began = time.perf_counter()
            for file in files[at : at + _AT_ONCE]:
                known, seen = self._known.get(file.key), _seen(file)
                if known is not None and known.seen == seen and known.written is None:
                    continue
                status = self._changed(file, seen, at_s, looked_s)
                if status is not None:
                    changed[_field(file.key)] = status
            self._took_s += time.perf_counter() - began
            await asyncio.sleep(0)
        over = self._known.keys() - {file.key for file in files}
        for key in over:
            del self._known[key]
        self._looked_s = at_s
        before, self._written_skipped = self._written_skipped, dict(self._skipped())
        for path, why in self._written_skipped.items():
            if before.get(path) != why:
                changed[f"path:{_shown(path)}"] = FileStatus(path=_shown(path), state=UNREADABLE, reason=why)
        paths = before.keys() - self._written_skipped.keys()
        return changed, [*map(_field, over), *(f"path:{_shown(path)}" for path in paths)]

    def _changed(self, file: FollowedFile, seen: tuple[object, ...], at_s: float, looked_s: float) -> FileStatus | None:
        known = self._known.setdefault(file.key, _Known())
        is_new, before = known.seen != seen, known.written
        known.seen = seen
        status = self._make(file, known.lag, at_s, looked_s)
        # What reads or waits changes by itself; the rest only when its file does.
        known.written = status if status.lag_bytes or status.lines_per_s else None
        return status if is_new or status != before else None

    def _make(self, file: FollowedFile, lag: Lag, at_s: float, looked_s: float) -> FileStatus:
        record = file.record
        offset = record.offset if record else 0
        reads = not file.resting and file.seen_bytes != file.drained_bytes
        lag_bytes = max(0, file.seen_bytes - offset) if reads else 0
        source_id = (record.file_id, record.generation) if record else ("", 0)
        read, looks_like = self._rates.of(source_id), self._recognition(source_id)
        lines_per_s = read.lines_per_s(at_s) if read else 0.0
        state, reason = self._state(file, lag_bytes, lines_per_s)
        return FileStatus(
            path=file.shown_path,
            state=state,
            reason=reason,
            file_id=source_id[0],
            generation=source_id[1],
            size_bytes=file.seen_bytes,
            offset=offset,
            lag_bytes=lag_bytes,
            behind_since_s=lag.note(now_s=at_s, size_bytes=offset + lag_bytes, offset=offset, looked_s=looked_s),
            lines_per_s=lines_per_s,
            format=looks_like.format if looks_like else "",
            confidence=looks_like.confidence if looks_like else 0.0,
            complaint=looks_like.complaint if looks_like else "",
            first_lines=looks_like.first_lines if looks_like else (),
            last_line_s=read.last_line_s if read else 0.0,
        )

    def _state(self, file: FollowedFile, lag_bytes: int, lines_per_s: float) -> tuple[str, str]:
        if file.unreadable:
            return UNREADABLE, self._status.problem(f"file:{file.key}").partition(": ")[0] or "cannot be read"
        if file.gone_since is not None:
            return GONE, "deleted or renamed away; read on as long as it can be"
        if file.resting:
            return RESTS, _RESTS_BECAUSE[file.resting]
        if lag_bytes and (problem := self._status.problem(*_STORE_PROBLEMS)):
            return WAITING, problem
        return (READING if lag_bytes or lines_per_s else QUIET), ""


def _seen(file: FollowedFile) -> tuple[object, ...]:
    return (
        file.record,
        file.seen_bytes,
        file.drained_bytes,
        file.path,
        file.resting,
        file.unreadable,
        file.gone_since is None,
    )


def _field(key: tuple[int, int]) -> str:
    return f"{key[0]}:{key[1]}"


def _shown(path: str) -> str:
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
