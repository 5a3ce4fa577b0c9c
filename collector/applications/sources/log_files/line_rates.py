"""LineRates: how many lines of each source were read lately, and when its newest line was written."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from collector.models.batch import LogBatch
from collector.models.file_status import RATE_WINDOW_S

#: Sources that are remembered; one that is forgotten only shows no rate until its next line.
MAX_SOURCES = 20_000


@dataclass(slots=True)
class RecentLines:
    """One source."""

    #: As in FileStatus.
    last_line_s: float = 0.0
    #: (unix second, lines read in it), oldest first, over the last RATE_WINDOW_S. A few at most.
    seconds: list[tuple[int, int]] = field(default_factory=list)

    def add(self, at_s: float, lines: int) -> None:
        """Lines were read."""
        second = int(at_s)
        if self.seconds and self.seconds[-1][0] == second:
            lines += self.seconds.pop()[1]
        self.seconds.append((second, lines))
        self._let_go(at_s)

    def lines_per_s(self, at_s: float) -> float:
        """The rate as of now."""
        self._let_go(at_s)
        return round(sum(lines for _, lines in self.seconds) / RATE_WINDOW_S, 1)

    def _let_go(self, at_s: float) -> None:
        while self.seconds and self.seconds[0][0] <= at_s - RATE_WINDOW_S:
            del self.seconds[0]


class LineRates:
    """By source id."""

    def __init__(self) -> None:
        self._sources: OrderedDict[tuple[str, int], RecentLines] = OrderedDict()

    def note(self, source_id: tuple[str, int], batch: LogBatch) -> None:
        """A batch of the source was read."""
        read = self._sources.get(source_id)
        if read is None:
            read = self._sources[source_id] = RecentLines()
        self._sources.move_to_end(source_id)
        read.add(batch.received_s, batch.lines)
        newest_s = batch.counts.newest_second
        read.last_line_s = max(read.last_line_s, batch.received_s if newest_s is None else newest_s)
        if len(self._sources) > MAX_SOURCES:
            self._sources.popitem(last=False)

    def of(self, source_id: tuple[str, int]) -> RecentLines | None:
        """What was read of it; None when nothing was."""
        return self._sources.get(source_id)
