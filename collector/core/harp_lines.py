"""Lines of HARP Proxy's JSON log → LogBatch. Every byte of a chunk is counted once."""

from __future__ import annotations

from collections import deque
from datetime import UTC
from io import BytesIO

import msgspec

from collector.core.batch_builder import MAX_FAILURES, BatchBuilder, Route, measure
from collector.core.harp_line import Call, HarpLine, Run, read_harp_line
from collector.core.json_fields import UNREADABLE
from collector.core.json_time import NO_TIME, unix_time_s
from collector.core.labels import clean_label, printable
from collector.core.redact import redact_text
from collector.lib.sampling import is_sampled
from collector.models.activity import ActivityKey, Server, Status
from collector.models.batch import KeptEntry, NewLine
from collector.models.count_table import ActivityCount
from collector.models.keep import COUNTS_ONLY, Keep
from collector.models.log_span import MAX_LINE_BYTES
from collector.models.parsed_chunk import ParsedChunk

MAX_TEXT_CHARS = 200
MAX_NEWEST = 20
#: Its lines name neither host nor process.
_SERVER = Server("", "")
_decoder = msgspec.json.Decoder(HarpLine)


class HarpLines:
    """Reads the lines of one source; what one line tells does not depend on others."""

    def __init__(self, *, is_asked: bool = False) -> None:
        """
        Args:
            is_asked: proxies are asked for their transactions, which counts what these lines tell; none counts twice.
        """
        self._is_asked = is_asked
        self._routes: dict[tuple[ActivityKey, Status], Route] = {}

    def parse(self, chunk: bytes, *, offset: int, received_s: float, keep: Keep = COUNTS_ONLY) -> ParsedChunk:
        """See collector/kernel/format.py. What stands behind the last newline counts as a line, too."""
        batch = BatchBuilder(received_s)
        newest: deque[NewLine] = deque(maxlen=min(keep.newest_lines, MAX_NEWEST))
        for line in BytesIO(chunk):
            self._read_line(line, batch, newest, offset=offset, keep=keep)
            offset += len(line)
        for each in reversed(newest):
            batch.newest(each)
        return ParsedChunk(batch.build())

    def _read_line(self, text: bytes, batch: BatchBuilder, newest: deque[NewLine], *, offset: int, keep: Keep) -> None:
        if len(text) > MAX_LINE_BYTES:
            batch.skip("oversize", len(text))
            return
        try:
            line = _decoder.decode(text)
        except UNREADABLE:
            batch.skip("unparsable", len(text))
            return
        at_s = unix_time_s(line.timestamp, UTC)
        if at_s == NO_TIME:
            batch.skip("unparsable", len(text))
            return
        told = None if self._is_asked else read_harp_line(line)
        if isinstance(told, Call):
            batch.call(int(at_s), told.caller, told.callee, failed=False)
        if not isinstance(told, Run):
            batch.skip("message", len(text))
            return
        count = self._count(told, batch, int(at_s), len(text))
        entry = _entry(line, told, count, at_s=at_s, offset=offset)
        if told.status is Status.FAILED and count.count <= MAX_FAILURES:
            batch.keep(entry)
        if is_sampled(line.transaction.encode(), keep.sample_below):
            batch.sample(msgspec.structs.replace(entry, cause=""))
        newest.append(
            NewLine(at_s, count.key, count.server, clean_label(line.level.upper().encode()), _shown(line.event))
        )

    def _count(self, run: Run, batch: BatchBuilder, second: int, size_bytes: int) -> ActivityCount:
        if run.with_start:
            start = batch.count(second, self._route(run.key, Status.START))
            start.count += 1
            start.size_bytes += size_bytes // 2
            size_bytes -= size_bytes // 2
        count = batch.count(second, self._route(run.key, run.status))
        count.count += 1
        count.size_bytes += size_bytes
        measure(count, run.duration_ms if run.duration_ms >= 0 else None, None)
        return count

    def _route(self, key: ActivityKey, status: Status) -> Route:
        route = self._routes.get((key, status))
        if route is None:
            route = self._routes[key, status] = Route(key, _SERVER, int(status))
        return route


def _entry(line: HarpLine, run: Run, count: ActivityCount, *, at_s: float, offset: int) -> KeptEntry:
    return KeptEntry(
        timestamp_s=at_s,
        key=count.key,
        server=count.server,
        status=count.status,
        offset=offset,
        operation_id=redact_text(clean_label(line.transaction.encode("utf-8", "backslashreplace"))),
        cause=_shown(run.cause),
        duration_ms=run.duration_ms,
    )


def _shown(text: str) -> str:
    return printable(redact_text(text[: 4 * MAX_TEXT_CHARS])).strip()[:MAX_TEXT_CHARS]
