"""Formats: gives each source to the format that knows it best, and makes batches of its lines."""

from __future__ import annotations

import logging
from collections import OrderedDict

from collector.kernel.application import Bind
from collector.kernel.bus import Bus
from collector.kernel.events import BatchesParsed, LinesRead, ParseFailed
from collector.kernel.format import SAMPLE_BYTES, Format, Parser
from collector.models.errors import ApplicationError
from collector.models.haul import ParsedPart, SourceLines
from collector.models.keep import Keep

log = logging.getLogger(__name__)
#: Sources whose parser is remembered; one that is forgotten only loses what it knew of the lines just before.
MAX_PARSERS = 10_000


class Formats:
    """Hears LinesRead, lets the format of the source parse them, tells BatchesParsed."""

    def __init__(self, formats: list[Format]) -> None:
        self._formats = formats
        self._parsers: OrderedDict[tuple[str, int], Parser] = OrderedDict()
        self._bus: Bus | None = None
        #: What is kept whole beside the counts; a sink says so.
        self.keep = Keep()

    def bind(self, event: Bind) -> None:
        """Start to listen."""
        self._bus = event.bus
        event.bus.listen(LinesRead, self._on_lines_read)

    def choose(self, sample: bytes) -> tuple[Format, float]:
        """
        The format that is surest of these lines, and how sure it is; the first of equals.

        Raises:
            ApplicationError: no format is switched on.
        """
        if not self._formats:
            raise ApplicationError("lines were read, but no application that is a format is switched on")
        confidences = [each.recognise(sample) for each in self._formats]
        best = max(range(len(confidences)), key=lambda place: (confidences[place], -place))
        return self._formats[best], confidences[best]

    async def _on_lines_read(self, event: LinesRead) -> None:
        assert self._bus is not None
        parsed: list[ParsedPart] = []
        failed: list[ParseFailed] = []
        for lines in event.parts:
            try:
                parsed.append(self._parse(lines, event.received_s))
            except Exception as exc:
                log.error("a format failed on %s", lines.span.record.path, exc_info=exc)
                self._parsers.pop(lines.span.source_id, None)
                failed.append(ParseFailed(lines.span, f"{type(exc).__name__}: {exc}"[:200]))
        for failure in failed:
            await self._bus.publish(failure)
        if parsed:
            await self._bus.publish(BatchesParsed(tuple(parsed)))

    def _parse(self, lines: SourceLines, received_s: float) -> ParsedPart:
        parser, data = self._parser(lines), lines.data
        parsed = parser.parse(data, offset=lines.span.start, received_s=received_s, keep=self.keep)
        counted_bytes = parsed.batch.size_bytes
        if counted_bytes != len(data):
            raise ApplicationError(f"a format counted {counted_bytes} of {len(data)} bytes")
        return ParsedPart(lines.span, parsed.batch, parsed.engine_versions)

    def _parser(self, lines: SourceLines) -> Parser:
        source_id = lines.span.source_id
        known = self._parsers.get(source_id)
        if known is not None:
            self._parsers.move_to_end(source_id)
            return known
        chosen, confidence = self.choose(lines.data[:SAMPLE_BYTES])
        parser = chosen.make_parser()
        # Nobody was sure, so the first format counts these lines, under a reason; the next ones may tell more.
        if confidence > 0:
            self._parsers[source_id] = parser
            if len(self._parsers) > MAX_PARSERS:
                self._parsers.popitem(last=False)
        return parser
