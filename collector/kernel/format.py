"""Format: an Application that reads lines; and Formats, which gives each source to the format that knows it best."""

from __future__ import annotations

import logging
from collections import OrderedDict
from typing import Protocol

from collector.kernel.application import Application, Bind
from collector.kernel.bus import Bus
from collector.kernel.events import BatchParsed, LinesRead, ParseFailed
from collector.models.errors import ApplicationError
from collector.models.parsed_chunk import ParsedChunk

log = logging.getLogger(__name__)
#: What a format is shown of a source to recognise it.
SAMPLE_BYTES = 16 * 1024
#: Sources whose parser is remembered; one that is forgotten only loses what it knew of the lines just before.
MAX_PARSERS = 10_000


class Parser(Protocol):
    """Reads the lines of one source, in order."""

    def parse(self, chunk: bytes, *, offset: int, received_s: float) -> ParsedChunk:
        """
        Count the lines of a chunk.

        Args:
            chunk: whole lines, each ending with a newline, none over 64 KiB.
            offset: of its first byte in the source. When it is not where the chunk before ended (a repeat, a rewind),
                the parser forgets what it remembers of earlier lines.
            received_s: unix time when they were read, seconds.
        """
        ...


class Format(Application):
    """Subclass it for a format; it is asked through the methods below and needs no listener of its own."""

    def recognise(self, sample: bytes) -> float:
        """How sure the format is that these lines are its own, 0 (not at all) to 1. The last line may be cut."""
        raise NotImplementedError

    def complain(self, sample: bytes) -> str:
        """For people: the first thing in these lines that is not the format's, and what was expected; "" for none."""
        return ""

    def make_parser(self) -> Parser:
        """A parser for one source."""
        raise NotImplementedError


class Formats:
    """Hears LinesRead, lets the format of the source parse them, tells BatchParsed."""

    def __init__(self, formats: list[Format]) -> None:
        self._formats = formats
        self._parsers: OrderedDict[tuple[str, int], Parser] = OrderedDict()
        self._bus: Bus | None = None

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
        parser = self._parser(event)
        try:
            parsed = parser.parse(event.data, offset=event.span.start, received_s=event.received_s)
            counted_bytes = parsed.batch.size_bytes
            if counted_bytes != len(event.data):
                raise ApplicationError(f"a format counted {counted_bytes} of {len(event.data)} bytes")
        except Exception as exc:
            log.error("a format failed on %s", event.span.record.path, exc_info=exc)
            self._parsers.pop(event.span.source_id, None)
            await self._bus.publish(ParseFailed(event.span, f"{type(exc).__name__}: {exc}"[:200]))
            return
        await self._bus.publish(BatchParsed(event.span, parsed.batch, parsed.engine_versions))

    def _parser(self, event: LinesRead) -> Parser:
        source_id = event.span.source_id
        known = self._parsers.get(source_id)
        if known is not None:
            self._parsers.move_to_end(source_id)
            return known
        chosen, confidence = self.choose(event.data[:SAMPLE_BYTES])
        parser = chosen.make_parser()
        # Nobody was sure, so the first format counts these lines, under a reason; the next ones may tell more.
        if confidence > 0:
            self._parsers[source_id] = parser
            if len(self._parsers) > MAX_PARSERS:
                self._parsers.popitem(last=False)
        return parser
