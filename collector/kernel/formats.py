"""Formats: gives each source to the format that knows it best, and makes batches of its lines."""

from __future__ import annotations

import logging
from collections.abc import Sequence

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
from collector.models.recognition import Recognition

log = logging.getLogger(__name__)


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
        keep = Keep(self.sample_below, self._newest.most())
        parsed = self._sources.parse(lines.span, lines.data, received_s=received_s, keep=keep)
        counted_bytes = parsed.batch.size_bytes
        if counted_bytes != len(lines.data):
            raise ApplicationError(f"a format counted {counted_bytes} of {len(lines.data)} bytes")
        self._newest.spend(len(parsed.batch.newest))
        return ParsedPart(lines.span, parsed.batch, parsed.engine_versions)

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
