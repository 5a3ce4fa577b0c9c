"""Step: what was read of one file on its way through formats and sink, until the answer comes."""

from __future__ import annotations

from dataclasses import dataclass

from collector.applications.sources.log_files.followed_file import FollowedFile
from collector.lib.clock import now_s
from collector.models.batch import LogBatch, Skipped
from collector.models.count_table import CountTable
from collector.models.haul import ParsedPart
from collector.models.log_span import LogSpan


@dataclass(slots=True)
class Step:
    """One span of one file."""

    #: The file; its worker has it in hand until the step is over.
    file: FollowedFile
    #: Where the lines stand.
    span: LogSpan
    #: Whole lines; empty for one line that is not held in memory.
    data: bytes
    #: The file's size when it was read.
    size_bytes: int
    #: No complete line stands behind them (yet).
    is_last: bool
    #: Why nobody counts the line: "oversize" or "unparsable"; "" when it is not known that nobody does.
    refused: str = ""

    @property
    def has_one_line(self) -> bool:
        """Whether it cannot be made smaller."""
        return self.data.find(b"\n", 0, -1) < 0

    def uncounted(self) -> ParsedPart:
        """A batch that says of its line only why it is not counted."""
        skipped = {self.refused: Skipped(1, self.span.end - self.span.start)}
        return ParsedPart(self.span, LogBatch(now_s(), [], [], CountTable.of([]), skipped))
