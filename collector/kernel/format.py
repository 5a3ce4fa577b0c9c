"""Format: an Application that reads lines; collector/kernel/formats.py gives each source to the best of them."""

from __future__ import annotations

from typing import ClassVar, Protocol

from collector.kernel.application import Application
from collector.models.keep import COUNTS_ONLY, Keep
from collector.models.log_span import MAX_LINE_BYTES
from collector.models.parsed_chunk import ParsedChunk

#: What a format is shown of a source to recognise it.
SAMPLE_BYTES = 16 * 1024


class Parser(Protocol):
    """Reads the lines of one source, in order."""

    def parse(self, chunk: bytes, *, offset: int, received_s: float, keep: Keep = COUNTS_ONLY) -> ParsedChunk:
        """
        Count the lines of a chunk.

        Args:
            chunk: whole lines, each ending with a newline, none over the format's `max_line_bytes`.
            offset: of its first byte in the source. When it is not where the chunk before ended (a repeat, a rewind),
                the parser forgets what it remembers of earlier lines.
            received_s: unix time when they were read, seconds.
            keep: what is kept whole beside the counts.
        """
        ...


class Format(Application):
    """Subclass it for a format; it is asked through the methods below and needs no listener of its own."""

    #: A longer line, its newline counted, is counted as oversize and never held in memory. Less than the default is
    #: taken for the default.
    max_line_bytes: ClassVar[int] = MAX_LINE_BYTES

    def for_path(self, path: str) -> Format:
        """The format to use for this file: itself, or one that knows more where reading depends on the path."""
        return self

    def recognise(self, sample: bytes) -> float:
        """
        How sure the format is that these lines are its own, 0 (not at all) to 1. The last line may be cut.

        Below FITS (collector/models/recognition.py) it will not read them, and is only nearer than one that says 0.
        """
        raise NotImplementedError

    def complain(self, sample: bytes) -> str:
        """For people: the first thing in these lines that is not the format's, and what was expected; "" for none."""
        return ""

    def make_parser(self) -> Parser:
        """A parser for one source."""
        raise NotImplementedError
