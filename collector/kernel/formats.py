"""Formats: gives each source to the format that knows it best, and makes batches of its lines."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace

from msgspec import structs

from collector.core.join_batches import join_batches
from collector.kernel.application import Bind
from collector.kernel.bus import Bus
from collector.kernel.events import BatchesParsed, LinesRead, ParseFailed
from collector.kernel.format import Format
from collector.kernel.format_choice import FormatChoice
from collector.kernel.line_budget import LineBudget
from collector.kernel.source_parsers import SourceParsers
from collector.models.errors import ApplicationError
from collector.models.haul import ParsedPart, SourceLines
from collector.models.keep import Keep
from collector.models.log_span import LogSpan
from collector.models.parsed_chunk import ParsedChunk
from collector.models.recognition import Recognition

log = logging.getLogger(__name__)
#: What a parser is given at once: what it needs beside it is a multiple, and memory has to stay flat.
WINDOW_BYTES = 1024 * 1024


class Formats:
    """Hears LinesRead, lets the format of the source parse them, tells BatchesParsed."""

    def __init__(self, formats: Sequence[Format], *, overrides: Sequence[str] = ()) -> None:
        """
        Args:
            overrides: "glob=format" each (EVENTSCOPE_FORMATS).

        Raises:
            ApplicationError: an override names no format that is switched on.
        """
        self._choice = FormatChoice(formats, overrides=overrides)
        self._sources = SourceParsers(self._choice)
        self._bus: Bus | None = None
        #: Operations whose sample_hash is below are kept whole; a sink says so.
        self.sample_below = 0
        self._newest = LineBudget()

    def bind(self, event: Bind) -> None:
        """Start to listen."""
        self._bus = event.bus
        event.bus.listen(LinesRead, self._on_lines_read)

    def choose(self, sample: bytes, *, path: str = "") -> tuple[Format, Recognition]:
        """
        The format that is surest of these lines, and how sure it is; one that counts them as unparsable when none fits.

        Raises:
            ApplicationError: no format is switched on.
        """
        return self._choice.choose(path, sample)

    def choose_for(self, path: str, sample: bytes) -> Format:
        """The format of a file whose beginning this is. Raises as `choose` does."""
        return self._sources.choose_for(path, sample)

    def recognition(self, source_id: tuple[str, int]) -> Recognition | None:
        """What the lines of a source look like; None while none were read, or it was forgotten."""
        return self._sources.recognition(source_id)

    def parse(self, lines: SourceLines, received_s: float) -> ParsedPart:
        """
        Let the format of a source count its lines.

        Raises:
            ApplicationError: no format is switched on, or the format counted other bytes than these.
            Exception: whatever the format raises.
        """
        parsed = [self._count(span, data, received_s) for span, data in _windows(lines)]
        if len(parsed) == 1:
            return ParsedPart(lines.span, parsed[0].batch, parsed[0].engine_versions)
        versions = {name: version for each in parsed for name, version in each.engine_versions.items()}
        return ParsedPart(lines.span, join_batches([each.batch for each in parsed]), versions)

    def _count(self, span: LogSpan, data: bytes, received_s: float) -> ParsedChunk:
        keep = Keep(self.sample_below, self._newest.most())
        parsed = self._sources.parse(span, data, received_s=received_s, keep=keep)
        counted_bytes = parsed.batch.size_bytes
        if counted_bytes != len(data):
            raise ApplicationError(f"a format counted {counted_bytes} of {len(data)} bytes")
        self._newest.spend(len(parsed.batch.newest))
        return parsed

    async def _on_lines_read(self, event: LinesRead) -> None:
        assert self._bus is not None
        self._choice.check()
        parsed: list[ParsedPart] = []
        failed: list[ParseFailed] = []
        for lines in event.parts:
            try:
                parsed.append(self.parse(lines, event.received_s))
            except Exception as exc:
                log.error("a format failed on %s", lines.span.record.path, exc_info=exc)
                self._sources.forget(lines.span.source_id)
                failed.append(ParseFailed(lines.span, f"{type(exc).__name__}: {exc}"[:200]))
        for failure in failed:
            await self._bus.publish(failure)
        if parsed:
            await self._bus.publish(BatchesParsed(tuple(parsed)))


def _windows(lines: SourceLines) -> Iterator[tuple[LogSpan, bytes]]:
    """The lines in parts of whole lines, none over WINDOW_BYTES that could be smaller."""
    span, data = lines.span, lines.data
    if len(data) <= WINDOW_BYTES:
        yield span, data
        return
    place = 0
    while place < len(data):
        end = data.rfind(b"\n", place, place + WINDOW_BYTES) + 1 or data.find(b"\n", place) + 1 or len(data)
        record = structs.replace(span.record, offset=span.start + place)
        yield replace(span, record=record, end=span.start + end), data[place:end]
        place = end
