"""
Lines of OTLP JSON, one export request each → LogBatch.

A span only tells of its end: it is counted as a START at its beginning and a DONE or FAILED at its end. The bytes of a
line are split over what is in it, so that each is counted once. What is counted depends on the line alone; only calls
and causes are put together from several lines.
"""

from __future__ import annotations

from itertools import chain

import msgspec
from msgspec.structs import replace

from collector.core.batch_builder import MAX_FAILURES, BatchBuilder, measure
from collector.core.labels import MAX_LABEL_CHARS, clean_label
from collector.core.otlp_cause import ERROR_SEVERITY, LoggedErrors
from collector.core.otlp_cells import LineCells, name_bytes
from collector.core.otlp_export import Span, decode_export, decode_record, decode_span, value_text
from collector.core.otlp_newest import Newest, NewestLines
from collector.core.otlp_span import SERVER, Reading, Resource, has_failed, kind_of, read_resource, read_span
from collector.core.otlp_traces import Noted, Traces
from collector.core.redact import redact_text
from collector.lib.sampling import is_sampled
from collector.models.activity import ActivityKey, Status
from collector.models.batch import KeptEntry
from collector.models.count_table import ActivityCount
from collector.models.keep import COUNTS_ONLY, Keep
from collector.models.parsed_chunk import ParsedChunk

#: Distinct calls of a second in one batch, and bytes of the names of their ends; more wait for the next one.
MAX_CALLS = 500
MAX_CALL_NAME_BYTES = 24 * 1024
_NS = 1_000_000_000
#: No clock shows more, and it fits into the columns of a batch.
_LATEST_NS = 2**40 * _NS
_BOM = b"\xef\xbb\xbf"
_HEX = frozenset("0123456789abcdef")


class OtlpLines:
    """Reads the lines of one source."""

    def __init__(self, traces: Traces, errors: LoggedErrors, *, max_line_bytes: int) -> None:
        """
        Args:
            traces, errors: shared by all sources, as a trace may go through many.
        """
        self._traces = traces
        self._errors = errors
        self._max_line_bytes = max_line_bytes

    def parse(self, chunk: bytes, *, offset: int, received_s: float, keep: Keep = COUNTS_ONLY) -> ParsedChunk:
        """Count whole lines; see Parser.parse. What stands behind the last newline counts as a line, too."""
        reader = _Chunk(self._traces, self._errors, received_s=received_s, keep=keep)
        *lines, rest = chunk.split(b"\n")
        for line in lines:
            self._read_line(reader, line, size_bytes=len(line) + 1, offset=offset)
            offset += len(line) + 1
        if rest:
            self._read_line(reader, rest, size_bytes=len(rest), offset=offset)
        self._traces.settle(received_s=received_s)
        self._add_calls(reader.batch)
        reader.newest.give_to(reader.batch)
        return ParsedChunk(reader.batch.build())

    def _read_line(self, reader: _Chunk, line: bytes, *, size_bytes: int, offset: int) -> None:
        if size_bytes > self._max_line_bytes:
            reader.batch.skip("oversize", size_bytes)
        else:
            reader.read_line(line, size_bytes=size_bytes, offset=offset)

    def _add_calls(self, batch: BatchBuilder) -> None:
        ready, rows, names = self._traces.ready, set[tuple[int, ActivityKey, ActivityKey]](), 0
        while ready:
            call = ready[0]
            row = (call.second, call.caller, call.callee)
            if row not in rows:
                if len(rows) >= MAX_CALLS or names >= MAX_CALL_NAME_BYTES:
                    return
                rows.add(row)
                names += name_bytes(call.caller) + name_bytes(call.callee)
            ready.popleft()
            batch.call(*row, failed=call.failed)


class _Chunk:
    """One chunk in the reading."""

    def __init__(self, traces: Traces, errors: LoggedErrors, *, received_s: float, keep: Keep) -> None:
        self.batch = BatchBuilder(received_s)
        self.newest = NewestLines(keep.newest_lines)
        self._cells = LineCells(self.batch)
        self._traces = traces
        self._errors = errors
        self._received_s = received_s
        self._sample_below = keep.sample_below
        self._offset = 0

    def read_line(self, line: bytes, *, size_bytes: int, offset: int) -> None:
        """Count everything in a line."""
        export = decode_export(line if line[:1] == b"{" else line.lstrip(b"\0").removeprefix(_BOM))
        if export is None or export.is_empty:
            self.batch.skip("unparsable", size_bytes)
            return
        self._offset = offset
        self._cells.begin_line()
        spans, records = list(export.spans()), list(export.records())
        items = sum(len(several) for _, several in chain(spans, records))
        if not items:
            self.batch.skip("metrics" if export.has_metrics else "message", size_bytes)
            return
        share, rest = divmod(size_bytes, items)
        for scopes, read in ((spans, self._read_span), (records, self._read_record)):
            for raw_resource, several in scopes:
                resource = read_resource(raw_resource)
                for raw in several:
                    read(raw, resource, size_bytes=share + rest)
                    rest = 0

    def _read_span(self, raw: msgspec.Raw, resource: Resource, *, size_bytes: int) -> None:
        span = decode_span(raw)
        times = _times(span) if span is not None else None
        if span is None or times is None:
            self.batch.skip("unparsable", size_bytes)
            return
        reading = read_span(span, resource)
        began_s, ended_s = times[0] // _NS, times[1] // _NS
        self._note(span, resource, reading, second=began_s)
        if reading is None:
            self.batch.skip("message", size_bytes)
            return
        status = Status.FAILED if has_failed(span) else Status.DONE
        cells = self._cells.open(reading.key, resource.server, status, began_s=began_s, ended_s=ended_s)
        if cells is None:
            self.batch.skip("crowded", size_bytes)
            return
        began, ended = cells
        began.count += 1
        began.size_bytes += size_bytes // 2
        ended.count += 1
        ended.size_bytes += size_bytes - size_bytes // 2
        timestamp_s, duration_ms = times[1] / _NS, max(0, times[1] - times[0]) / 1e6
        measure(ended, duration_ms, None)
        self._keep_whole(span, reading, ended, timestamp_s=timestamp_s, duration_ms=duration_ms)
        if self.newest.are_wanted:
            level = "ERROR" if status is Status.FAILED else "INFO"
            text = f"{span.name} took {duration_ms:.3g} ms"
            self.newest.add(Newest(reading.key, resource.server, timestamp_s, level, text))

    def _note(self, span: Span, resource: Resource, reading: Reading | None, *, second: int) -> None:
        if span.traceId and span.spanId:
            noted = Noted(
                parent_id=span.parentSpanId or "",
                app=resource.app,
                second=second,
                failed=has_failed(span),
                is_server=kind_of(span) == SERVER,
                reading=reading,
            )
            self._traces.add(span.traceId, span.spanId, noted, received_s=self._received_s)

    def _keep_whole(
        self, span: Span, reading: Reading, count: ActivityCount, *, timestamp_s: float, duration_ms: float
    ) -> None:
        is_failure = count.status == Status.FAILED and count.count <= MAX_FAILURES
        is_sample = self._sample_below > 0 and is_sampled(span.traceId.encode("utf-8", "replace"), self._sample_below)
        if not is_failure and not is_sample:
            return
        entry = KeptEntry(
            timestamp_s=timestamp_s,
            key=count.key,
            server=count.server,
            status=count.status,
            offset=self._offset,
            request_id=_shown_id(span.traceId),
            operation_id=_shown_id(span.spanId),
            message_id=_shown_id(reading.message_id),
            duration_ms=duration_ms,
        )
        if is_sample:
            self.batch.sample(entry)
        if is_failure:
            cause = self._errors.cause_of(span)
            self.batch.keep(replace(entry, cause=cause.text, traceback=cause.traceback))

    def _read_record(self, raw: msgspec.Raw, resource: Resource, *, size_bytes: int) -> None:
        record = decode_record(raw)
        self.batch.skip("unparsable" if record is None else "message", size_bytes)
        if record is None or not record.traceId:
            return
        is_error = isinstance(record.severityNumber, int) and record.severityNumber >= ERROR_SEVERITY
        if is_error:
            self._errors.add(record)
        key = self._traces.key_of(record.traceId, record.spanId or "") if self.newest.are_wanted else None
        if key is not None:
            level = clean_label(record.severityText[:16].encode("utf-8", "replace"))
            level = level or ("ERROR" if is_error else "INFO")
            at_s = min(max(record.timeUnixNano or record.observedTimeUnixNano, 0), _LATEST_NS) / _NS
            self.newest.add(Newest(key, resource.server, at_s, level, value_text(record.body)))


def _times(span: Span) -> tuple[int, int] | None:
    """Beginning and end, ns; None when it has neither. One that lacks is the other."""
    start_ns = span.startTimeUnixNano or span.endTimeUnixNano
    end_ns = span.endTimeUnixNano or start_ns
    if start_ns <= 0 or end_ns <= 0:
        return None
    return min(start_ns, _LATEST_NS), min(end_ns, _LATEST_NS)


def _shown_id(text: str) -> str:
    # Hex, unless somebody made it up.
    label = clean_label(text[: 2 * MAX_LABEL_CHARS].encode("utf-8", "replace"))
    return label if _HEX.issuperset(label) else redact_text(label)
