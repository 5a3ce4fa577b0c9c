"""The newest lines of a chunk: spans, and what was logged in them."""

from __future__ import annotations

from collections import Counter, deque
from typing import NamedTuple

from collector.core.batch_builder import BatchBuilder
from collector.core.otlp_cause import shown
from collector.models.activity import ActivityKey, Server
from collector.models.batch import NewLine

MAX_OF_ACTIVITY = 20
MAX_TEXT_CHARS = 300


class Newest(NamedTuple):
    """A line as it came."""

    key: ActivityKey
    server: Server
    timestamp_s: float
    level: str
    text: str


class NewestLines:
    """The last few that were added."""

    def __init__(self, most: int) -> None:
        self.are_wanted = most > 0
        self._lines: deque[Newest] = deque(maxlen=most)

    def add(self, line: Newest) -> None:
        """It is newer than those before."""
        self._lines.append(line)

    def give_to(self, batch: BatchBuilder) -> None:
        """Put them into a batch, the newest first, for people to read."""
        counts: Counter[ActivityKey] = Counter()
        for line in reversed(self._lines):
            counts[line.key] += 1
            if counts[line.key] <= MAX_OF_ACTIVITY:
                key, server = batch.key_index(line.key), batch.server_index(line.server)
                text = shown(line.text, most=MAX_TEXT_CHARS).replace("\n", " ")
                batch.newest(NewLine(line.timestamp_s, key, server, line.level, text))
