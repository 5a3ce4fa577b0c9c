"""
LineReader: hopeit lines, one by one, into a batch. `_read_line` alone decides what a line means. Lines whose bytes
between time stamp and first value are known, and which end as known, are counted without it, just as it would.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from collector.core.batch_builder import MAX_FAILURES, BatchBuilder, Route, measure
from collector.core.hopeit_callers import CALLER_MARK, caller_text, is_call, takes_calls
from collector.core.hopeit_execution import make_entry, make_route
from collector.core.hopeit_extras import DURATION, TRACK, Extras, parse_extras, parse_metrics, track_id
from collector.core.hopeit_failures import RecentErrors
from collector.core.hopeit_head import (
    ENGINE_LOGGER,
    EXECUTIONS,
    MILLISECONDS,
    SECOND_BYTES,
    SEPARATOR,
    STATS,
    TIMESTAMP_BYTES,
    Head,
    parse_head,
    parse_logger_name,
    starts_like_a_timestamp,
    strip_line,
    unix_second,
)
from collector.core.hopeit_open_runs import LoneRun
from collector.core.hopeit_routes import HopeitRoutes
from collector.core.labels import clean_label
from collector.core.open_runs import OpenRuns, PlaceRuns
from collector.core.run_identity import FIRST, LAST
from collector.lib.sampling import is_sampled
from collector.models.activity import ActivityKey, Status
from collector.models.count_table import ActivityCount
from collector.models.log_span import MAX_LINE_BYTES

# A plain number: comparing an enum costs more.
_FAILED = int(Status.FAILED)
_STATS_FIELD = STATS[1] + SEPARATOR
#: The count of one second and one route, the end its lines must have, what they may tell a caller of, and its runs.
Cell = tuple[ActivityCount, bytes, ActivityKey | None, PlaceRuns]
_IDENTITY_AT, _IDENTITY_END = len(TRACK) + FIRST, len(TRACK) + LAST


class LineReader:
    """Reads lines of one chunk, in order."""

    def __init__(
        self,
        batch: BatchBuilder,
        routes: HopeitRoutes,
        errors: RecentErrors,
        open_runs: OpenRuns,
        *,
        pairs_runs: bool,
        sample_below: int,
    ) -> None:
        """
        Args:
            pairs_runs: find out what of its runs stays open; else, where lines are counted elsewhere between those that
                it reads, it leaves that to who takes its lone runs.
        """
        #: As the last line said that tells it; "" for none.
        self.engine_version = ""
        self._batch = batch
        self._routes = routes
        self._errors = errors
        self._open_runs = open_runs
        #: None: each goes to its place at once.
        self._lone: list[LoneRun] | None = None if pairs_runs else []
        self._sample_below = sample_below
        self._cells_of_second: dict[bytes, dict[bytes, Cell]] = {}

    def read_lines(self, lines: Iterable[bytes], offsets: Iterable[int], *, behind: int) -> None:
        """
        Read lines without their newlines.

        Args:
            offsets: where each line begins in its source. Between two lines there may be others, counted elsewhere.
            behind: the source's offset behind the line before the first one.
        """
        # The hot loop of small chunks.
        lone = self._lone
        cells: dict[bytes, Cell] = {}
        second = b""
        for line, offset in zip(lines, offsets, strict=True):
            if offset != behind:
                self._errors.close()
            size = len(line) + 1
            behind = offset + size
            if line[:SECOND_BYTES] != second:
                second = line[:SECOND_BYTES]
                cells = self._cells_of_second.setdefault(second, {})
            track = line.find(TRACK, TIMESTAMP_BYTES)
            timed = line.find(DURATION, TIMESTAMP_BYTES, track)
            prefix = line[TIMESTAMP_BYTES : timed + len(DURATION) if timed > 0 else track + len(TRACK)]
            cell = cells.get(prefix)
            if cell is None and prefix in self._routes.runs:
                cell = self._open_cell(cells, second, prefix)
            if (
                cell is None
                or track < 0
                or size > MAX_LINE_BYTES
                or line[SECOND_BYTES:TIMESTAMP_BYTES] not in MILLISECONDS
                or not line.endswith(cell[1])
            ):
                self.read_line(line, size_bytes=size, offset=offset)
                continue
            self._errors.close()
            count = cell[0]
            count.count += 1
            count.size_bytes += size
            duration_ms = None
            if timed > 0:
                duration_ms, stream_age_ms = parse_metrics(line[timed + len(DURATION) : track])
                measure(count, duration_ms, stream_age_ms)
            identity = line[track + _IDENTITY_AT : track + _IDENTITY_END]
            runs = cell[3]
            if lone is not None:
                lone.append(LoneRun(offset, runs, identity, not count.status))
            elif runs.again or (not count.status and identity in runs.opened):
                (runs.close(identity) if count.status else runs.open(identity, offset))
            elif not count.status:
                runs.opened[identity] = offset
            elif runs.opened.pop(identity, None) is None:
                runs.closed.append(identity)
            if cell[2] is not None and CALLER_MARK in line:
                self._count_call(count, cell[2], line[track : len(line) - len(cell[1])])
            if self._sample_below or count.status == _FAILED:
                ids = line[track : len(line) - len(cell[1])]
                self._keep(count, ids, time=line[:TIMESTAMP_BYTES], duration_ms=duration_ms, offset=offset)

    def take_lone(self) -> list[LoneRun]:
        """The runs of the lines read since it was asked last, as far as it does not pair them."""
        lone, self._lone = self._lone, None if self._lone is None else []
        return lone or []

    def read_line(self, line: bytes, *, size_bytes: int, offset: int) -> None:
        """Read a line, with its newline `size_bytes` long."""
        if size_bytes > MAX_LINE_BYTES:
            self._batch.skip("oversize", size_bytes)
            return
        text = strip_line(line)
        head = parse_head(text)
        if head is None:
            self._read_headless(text, size_bytes=size_bytes)
            return
        self._errors.close()
        status = EXECUTIONS.get((head.level, head.message))
        if status is None:
            self._read_message(head, text, size_bytes=size_bytes, whole=len(text) == len(line))
        elif (name := parse_logger_name(head.logger)) is None:
            self._batch.skip("unparsable", size_bytes)
        else:
            extras = parse_extras(head.extras)
            route = make_route(name, extras, status)
            if len(text) == len(line):
                self._remember(text, head, extras, route)
            count = self._batch.count(head.second, route)
            count.count += 1
            count.size_bytes += size_bytes
            duration_ms, stream_age_ms = parse_metrics(extras.metrics)
            measure(count, duration_ms, stream_age_ms)
            identity = (extras.track + extras.tail)[_IDENTITY_AT:_IDENTITY_END]
            self._note_run(count, route, identity, offset=offset)
            if takes_calls(route):
                self._count_call(count, route.key, extras.track)
            self._keep(count, extras.track, time=text[:TIMESTAMP_BYTES], duration_ms=duration_ms, offset=offset)

    def _note_run(self, count: ActivityCount, route: Route, identity: bytes, *, offset: int) -> None:
        place = self._open_runs.of(count, route)
        if self._lone is not None:
            self._lone.append(LoneRun(offset, place, identity, not count.status))
        elif count.status:
            place.close(identity)
        else:
            place.open(identity, offset)

    def _count_call(self, run: ActivityCount, callee: ActivityKey, track: bytes) -> None:
        text = caller_text(track)
        caller = self._routes.caller(text) if text else None
        if caller and is_call(caller, callee):
            fails = run.status == _FAILED
            self._batch.call(run.second, caller, callee, failed=fails, count=not fails)

    def _keep(self, count: ActivityCount, track: bytes, *, time: bytes, duration_ms: float | None, offset: int) -> None:
        # A run that was just counted; it may be kept as a failure, as a sample, as both.
        fails = count.status == _FAILED and count.count <= MAX_FAILURES
        samples = self._sample_below and is_sampled(track_id(track, b"track.request_id"), self._sample_below)
        if not (fails or samples):
            return
        timestamp_s = count.second + int(time[SECOND_BYTES + 1 :]) / 1000
        entry = make_entry(count, track, timestamp_s=timestamp_s, offset=offset, duration_ms=duration_ms)
        if samples:
            self._batch.sample(entry)
        if fails:
            cause = self._errors.cause_of(track_id(track, b"track.operation_id"))
            self._batch.keep(replace(entry, cause=cause.text, traceback=cause.traceback))

    def _open_cell(self, cells: dict[bytes, Cell], second: bytes, prefix: bytes) -> Cell | None:
        at_s = unix_second(second)
        if at_s is None:
            return None
        run = self._routes.runs[prefix]
        route = run.route
        callee = route.key if takes_calls(route) else None
        count = self._batch.count(at_s, route)
        cell = cells[prefix] = count, run.end, callee, self._open_runs.of(count, route)
        return cell

    def _read_headless(self, text: bytes, *, size_bytes: int) -> None:
        if starts_like_a_timestamp(text):
            self._errors.close()
            self._batch.skip("unparsable", size_bytes)
        else:
            self._errors.extend(text)
            self._batch.skip("continuation", size_bytes)

    def _read_message(self, head: Head, text: bytes, *, size_bytes: int, whole: bool) -> None:
        is_stats = (head.level, head.message) == STATS
        self._batch.skip("stats" if is_stats else "message", size_bytes)
        if head.level == b"ERROR":
            # A message that goes on in the next line has no extras yet.
            self._errors.begin(head.message + SEPARATOR + head.extras if head.extras else head.message)
            return
        if head.logger.startswith(ENGINE_LOGGER):
            name = parse_logger_name(head.logger)
            self.engine_version = clean_label(name.version) if name else self.engine_version
        if whole:
            self._remember_other(text, head, is_stats=is_stats)

    def _remember(self, text: bytes, head: Head, extras: Extras, route: Route) -> None:
        # Only lines whose values before the track ids are the engine's: what is counted by columns, or by the loop
        # above, believes their metrics.
        if extras.tail and extras.track and extras.trusted:
            end = len(text) - len(head.extras) - len(SEPARATOR) + extras.call_bytes
            end += len(DURATION if text.startswith(DURATION, end) else TRACK)
            self._routes.learn_run(text[TIMESTAMP_BYTES:end], route, extras.tail)

    def _remember_other(self, text: bytes, head: Head, *, is_stats: bool) -> None:
        message_at = TIMESTAMP_BYTES + 3 * len(SEPARATOR) + len(head.level) + len(head.logger)
        if not is_stats:
            self._routes.learn_message(text[TIMESTAMP_BYTES:message_at])
        elif text.startswith(_STATS_FIELD, message_at):
            self._routes.learn_stats(text[TIMESTAMP_BYTES : message_at + len(_STATS_FIELD)])
