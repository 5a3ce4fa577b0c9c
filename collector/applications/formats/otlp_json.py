"""The format of trace and log files in OTLP JSON."""

from __future__ import annotations

from typing import ClassVar

from collector.core.otlp_cause import LoggedErrors
from collector.core.otlp_lines import OtlpLines
from collector.core.otlp_recognition import recognise_otlp
from collector.core.otlp_traces import Traces
from collector.kernel.application import Bound
from collector.kernel.format import Format, Parser
from collector.kernel.status import Status


class OtlpJson(Format):
    """Recognises and reads what the OpenTelemetry Collector's file exporter, SDKs and our own receiver write."""

    name = "otlp_json"
    #: One line is one export: thousands of spans.
    max_line_bytes: ClassVar[int] = 8 * 1024 * 1024

    def __init__(self) -> None:
        self._traces = Traces()
        self._errors = LoggedErrors()

    async def on_bound(self, event: Bound) -> None:
        status = await event.services.aget(Status)
        status.add_counter("otlp_calls_unanswered", lambda: self._traces.unanswered)
        status.add_counter("otlp_spans_evicted", lambda: self._traces.evicted)

    def recognise(self, sample: bytes) -> float:
        return recognise_otlp(sample)[0]

    def complain(self, sample: bytes) -> str:
        return recognise_otlp(sample)[1]

    def make_parser(self) -> Parser:
        return OtlpLines(self._traces, self._errors, max_line_bytes=self.max_line_bytes)
