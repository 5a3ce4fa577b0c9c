"""SourceParsers: the parser of each source, as long as its lines look like what they were recognised as."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from collector.kernel.format import SAMPLE_BYTES, Format, Parser
from collector.kernel.format_choice import FormatChoice
from collector.models.batch import LogBatch
from collector.models.keep import Keep
from collector.models.log_span import LogSpan
from collector.models.parsed_chunk import ParsedChunk
from collector.models.recognition import SURE, Recognition

#: Sources whose format is remembered; one that is forgotten is recognised anew.
MAX_SOURCES = 10_000
#: Sources whose parser is kept, some KiB each; one that is let go only loses what it knew of the lines just before.
MAX_PARSERS = 1_000
#: Under these a format counts lines it does not understand; more than half of them, and it may not be the one.
_NOT_UNDERSTOOD = ("unparsable", "continuation")


@dataclass(slots=True)
class _Source:
    """What is known of one source."""

    #: Makes its parser.
    format: Format
    #: Why that is its format.
    recognition: Recognition


class SourceParsers:
    """Remembers a parser a source."""

    def __init__(self, choice: FormatChoice) -> None:
        self._choice = choice
        self._sources: OrderedDict[tuple[str, int], _Source] = OrderedDict()
        self._parsers: OrderedDict[tuple[str, int], Parser] = OrderedDict()
        self._heads: OrderedDict[str, tuple[Format, Recognition]] = OrderedDict()

    def choose_for(self, path: str, sample: bytes) -> Format:
        """The format of a file, from its beginning; remembered for when its lines come from further on."""
        self._heads[path] = chosen = self._choice.choose(path, sample)
        self._heads.move_to_end(path)
        if len(self._heads) > MAX_SOURCES:
            self._heads.popitem(last=False)
        return chosen[0]

    def recognition(self, source_id: tuple[str, int]) -> Recognition | None:
        """What the lines of a source look like; None while none were read, or it was forgotten."""
        source = self._sources.get(source_id)
        return source.recognition if source else None

    def forget(self, source_id: tuple[str, int]) -> None:
        """Begin anew with this source."""
        self._sources.pop(source_id, None)
        self._parsers.pop(source_id, None)

    def parse(self, span: LogSpan, data: bytes, *, received_s: float, keep: Keep) -> ParsedChunk:
        """
        Let the format of the source count the lines of a span.

        Raises:
            ApplicationError: no format is switched on.
            Exception: whatever the format raises.
        """
        source = self._source(span, data)
        parser = self._parser(span.source_id, source)
        parsed = parser.parse(data, offset=span.start, received_s=received_s, keep=keep)
        if not source.recognition.is_set and _is_mostly_not_understood(parsed.batch):
            # The newest lines tell what the file is by now.
            found = self._choice.choose(span.record.path, _last_lines(data))
            if found[1].confidence >= SURE and found[1].format != source.recognition.format:
                parser = self._parser(span.source_id, self._remember(span.source_id, found))
                return parser.parse(data, offset=span.start, received_s=received_s, keep=keep)
        return parsed

    def _source(self, span: LogSpan, data: bytes) -> _Source:
        known = self._sources.get(span.source_id)
        if known is not None and known.recognition.confidence >= SURE:
            self._sources.move_to_end(span.source_id)
            return known
        # Nobody was sure: the lines before may have been a banner.
        found = self._choice.choose(span.record.path, data[:SAMPLE_BYTES])
        if found[1].confidence < SURE and span.start > 0:
            head = self._heads.get(span.record.path, found)
            found = max(found, head, key=lambda each: each[1].confidence)
        if known is None or found[1].confidence > known.recognition.confidence:
            return self._remember(span.source_id, found)
        return known

    def _remember(self, source_id: tuple[str, int], found: tuple[Format, Recognition]) -> _Source:
        chosen, recognition = found
        known = self._sources.get(source_id)
        if known is not None and known.recognition.format != recognition.format:
            self._parsers.pop(source_id, None)
        self._sources[source_id] = source = _Source(chosen, recognition)
        if len(self._sources) > MAX_SOURCES:
            self.forget(next(iter(self._sources)))
        return source

    def _parser(self, source_id: tuple[str, int], source: _Source) -> Parser:
        parser = self._parsers.get(source_id)
        if parser is None:
            parser = self._parsers[source_id] = source.format.make_parser()
            if len(self._parsers) > MAX_PARSERS:
                self._parsers.popitem(last=False)
        else:
            self._parsers.move_to_end(source_id)
        return parser


def _is_mostly_not_understood(batch: LogBatch) -> bool:
    odd = sum([batch.skipped[reason].lines for reason in _NOT_UNDERSTOOD if reason in batch.skipped])
    return odd > 0 and 2 * odd > batch.lines


def _last_lines(data: bytes) -> bytes:
    if len(data) <= SAMPLE_BYTES:
        return data
    start = data.rfind(b"\n", 0, len(data) - SAMPLE_BYTES) + 1
    return data[start : start + 2 * SAMPLE_BYTES]
