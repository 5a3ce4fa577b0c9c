"""Lines of no known format → LogBatch."""

from __future__ import annotations

from collector.models.batch import LogBatch, Skipped
from collector.models.count_table import CountTable
from collector.models.keep import COUNTS_ONLY, Keep
from collector.models.parsed_chunk import ParsedChunk


class UnknownLines:
    """Counts every line as unparsable: nothing is dropped because nobody knows it."""

    def parse(self, chunk: bytes, *, offset: int, received_s: float, keep: Keep = COUNTS_ONLY) -> ParsedChunk:
        """See collector/kernel/format.py."""
        lines = chunk.count(b"\n") + (not chunk.endswith(b"\n"))
        skipped = {"unparsable": Skipped(lines, len(chunk))} if chunk else {}
        return ParsedChunk(LogBatch(received_s, [], [], CountTable.of([]), skipped))
