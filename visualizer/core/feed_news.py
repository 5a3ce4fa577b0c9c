"""What batches say of who reads which process, as far as it is not written yet: a row a pair and ten minutes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from visualizer.core.roll_up import ClaimedBatch
from visualizer.models.feed import FEED_S, Feed

#: A clock that says something later is broken.
_LATEST_S = 2**37


class FeedNews:
    """Remembers what was written."""

    def __init__(self) -> None:
        self._written_s: dict[tuple[int, str], int] = {}

    def forget(self) -> None:
        """Believe nothing about rows any more: all are written anew."""
        self._written_s.clear()

    def of(self, claimed: Iterable[ClaimedBatch]) -> list[Feed]:
        """What is to be written, in order."""
        found: dict[tuple[int, str], int] = {}
        for each in claimed:
            if not each.collector or not 0 <= each.batch.received_s < _LATEST_S:
                continue
            at_s = int(each.batch.received_s)
            for server in each.server_ids:
                pair = server, each.collector
                written_s = self._written_s.get(pair)
                if written_s is None or abs(at_s - written_s) >= FEED_S:
                    found[pair] = max(at_s, found.get(pair, 0))
        return [Feed(*pair, found[pair]) for pair in sorted(found)]

    def note(self, written: Sequence[Feed]) -> None:
        """These are committed."""
        for feed in written:
            self._written_s[feed.server, feed.collector] = feed.last_s
