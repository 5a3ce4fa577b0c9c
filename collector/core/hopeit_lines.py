"""
Lines as hopeit.engine writes them → LogBatch.

Every byte of a chunk is counted once: under an execution, or under the reason why its line is none. The fast path
takes two lines for alike when everything between their time stamps and their measured or tracked values is the same
bytes and they end alike; a line it does not know goes to `_read_line`, which alone decides what a line means.
"""

from __future__ import annotations

from collector.core.batch_builder import MAX_FAILURES, BatchBuilder, Route, measure
from collector.core.hopeit_execution import make_failure, make_route
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
from collector.core.labels import clean_label
from collector.models.activity import Status
from collector.models.count_table import ActivityCount
from collector.models.keep import COUNTS_ONLY, Keep
from collector.models.log_span import MAX_LINE_BYTES
from collector.models.parsed_chunk import ParsedChunk

#: Distinct beginnings of lines remembered for one source; hopeit writes a file per event, so a few are normal.
MAX_ROUTES = 2048
#: The engine's name on the bus.
ENGINE = "hopeit.engine"


class HopeitLines:
    """
    Reads the lines of one source, chunk by chunk. What it remembers between chunks makes it faster and explains
    failures; the sums do not depend on it, nor on where chunks begin.
    """

    def __init__(self) -> None:
        self._end = 0
        self._engine_version = ""
        self._routes: dict[bytes, tuple[Route, bytes]] = {}
        self._errors = RecentErrors()

    def parse(self, chunk: bytes, *, offset: int, received_s: float, keep: Keep = COUNTS_ONLY) -> ParsedChunk:
        """
        Count whole lines. What stands behind the last newline counts as a line, too.

        Args:
            offset: of the chunk's first byte in its source.
            received_s: unix time when it was read, seconds.

        Returns:
            Its batch, with Σ counts.size_bytes + Σ skipped.size_bytes == len(chunk).
        """
        if offset != self._end:
            self._errors = RecentErrors()
        self._end = offset + len(chunk)
        self._engine_version = ""
        batch = BatchBuilder(received_s)
        *lines, rest = chunk.split(b"\n")
        self._read_lines(lines, batch, offset=offset)
        if rest:
            self._read_line(rest, batch, size_bytes=len(rest), offset=self._end - len(rest))
        self._errors.trim()
        return ParsedChunk(batch.build(), {ENGINE: self._engine_version} if self._engine_version else {})

    def _read_lines(self, lines: list[bytes], batch: BatchBuilder, *, offset: int) -> None:
        # The hot loop. A cell is the count of one second and one route, with the end that its lines must have.
        cells_of_second: dict[bytes, dict[bytes, tuple[ActivityCount, bytes]]] = {}
        cells: dict[bytes, tuple[ActivityCount, bytes]] = {}
        second = b""
        for line in lines:
            size = len(line) + 1
            if line[:SECOND_BYTES] != second:
                second = line[:SECOND_BYTES]
                cells = cells_of_second.setdefault(second, {})
            track = line.find(TRACK, TIMESTAMP_BYTES)
            timed = line.find(DURATION, TIMESTAMP_BYTES, track)
            span = line[TIMESTAMP_BYTES : timed if timed > 0 else track]
            cell = cells.get(span)
            if cell is None and span in self._routes:
                cell = self._open_cell(batch, cells, second, span)
            if (
                cell is None
                or track < 0
                or size > MAX_LINE_BYTES
                or line[SECOND_BYTES:TIMESTAMP_BYTES] not in MILLISECONDS
                or not line.endswith(cell[1])
            ):
                self._read_line(line, batch, size_bytes=size, offset=offset)
            else:
                count = cell[0]
                count.count += 1
                count.size_bytes += size
                if timed > 0:
                    measure(count, *parse_metrics(line[timed + len(DURATION) : track]))
            offset += size

    def _open_cell(
        self, batch: BatchBuilder, cells: dict[bytes, tuple[ActivityCount, bytes]], second: bytes, span: bytes
    ) -> tuple[ActivityCount, bytes] | None:
        at_s = unix_second(second)
        if at_s is None:
            return None
        route, tail = self._routes[span]
        cell = cells[span] = (batch.count(at_s, route), tail)
        return cell

    def _read_line(self, line: bytes, batch: BatchBuilder, *, size_bytes: int, offset: int) -> None:
        if size_bytes > MAX_LINE_BYTES:
            batch.skip("oversize", size_bytes)
            return
        text = strip_line(line)
        head = parse_head(text)
        if head is None:
            self._read_headless(text, batch, size_bytes=size_bytes)
            return
        status = EXECUTIONS.get((head.level, head.message))
        if status is None:
            self._read_message(head)
            batch.skip("stats" if (head.level, head.message) == STATS else "message", size_bytes)
            return
        name = parse_logger_name(head.logger)
        if name is None:
            batch.skip("unparsable", size_bytes)
            return
        extras = parse_extras(head.extras)
        route = make_route(name, extras, status)
        self._remember(text, head, extras, route)
        count = batch.count(head.second, route)
        count.count += 1
        count.size_bytes += size_bytes
        measure(count, *parse_metrics(extras.metrics))
        if status is Status.FAILED and count.count <= MAX_FAILURES:
            timestamp_s = head.second + int(text[SECOND_BYTES + 1 : TIMESTAMP_BYTES]) / 1000
            operation_id = track_id(extras.track, b"track.operation_id")
            cause = self._errors.cause_of(operation_id)
            batch.keep(make_failure(count, extras, cause, timestamp_s=timestamp_s, offset=offset))

    def _read_headless(self, text: bytes, batch: BatchBuilder, *, size_bytes: int) -> None:
        if starts_like_a_timestamp(text):
            self._errors.close()
            batch.skip("unparsable", size_bytes)
        else:
            self._errors.extend(text)
            batch.skip("continuation", size_bytes)

    def _read_message(self, head: Head) -> None:
        self._errors.close()
        if head.level == b"ERROR":
            # A message that goes on in the next line has no extras yet.
            self._errors.begin(head.message + SEPARATOR + head.extras if head.extras else head.message)
        elif head.logger.startswith(ENGINE_LOGGER):
            name = parse_logger_name(head.logger)
            self._engine_version = clean_label(name.version) if name else self._engine_version

    def _remember(self, text: bytes, head: Head, extras: Extras, route: Route) -> None:
        # Only lines whose values before the track ids are the engine's: the fast path believes their metrics.
        # FAILED has to be looked at each time.
        if not (extras.tail and extras.track and extras.trusted) or route.status == Status.FAILED:
            return
        # A dict forgets nothing by itself, and what apps log as START may differ in every line.
        if len(self._routes) >= MAX_ROUTES:
            self._routes.clear()
        end = len(text) - len(head.extras) - len(SEPARATOR) + extras.call_bytes
        self._routes[text[TIMESTAMP_BYTES:end]] = (route, extras.tail)
