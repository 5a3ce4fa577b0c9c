"""What batches say of who reads which process, as far as it is not written yet: a row a pair and ten minutes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from visualizer.core.roll_up import ClaimedBatch
from visualizer.models.feed import FEED_S, Feed

#: Of so few pairs none is forgotten.
_FEW = 1000


class FeedNews:
    """Remembers what was written, as long as that says anything."""

    def __init__(self) -> None:
        self._written_s: dict[tuple[int, str], int] = {}
        #: Processes come and go, and collectors too: beyond so many it is looked which pairs are over.
        self._most = _FEW

    def forget(self) -> None:
        """Believe nothing about rows any more: all are written anew."""
        self._written_s.clear()

    def of(self, claimed: Iterable[ClaimedBatch], *, now_s: float) -> list[Feed]:
        """What is to be written, in order; what says a time that cannot be was read now."""
        found: dict[tuple[int, str], int] = {}
        for each in claimed:
            at_s = int(each.batch.received_s if 0 <= each.batch.received_s <= now_s else now_s)
            for server in each.server_ids if each.collector else ():
                pair = server, each.collector
                written_s = self._written_s.get(pair)
                if written_s is None or abs(at_s - written_s) >= FEED_S:
                    found[pair] = max(at_s, found.get(pair, 0))
        return [Feed(*pair, found[pair]) for pair in sorted(found)]

    def note(self, written: Sequence[Feed]) -> None:
        """These are committed."""
        for feed in written:
            self._written_s[feed.server, feed.collector] = feed.last_s
        if len(self._written_s) > self._most:
            newest_s = max(self._written_s.values())
            self._written_s = {pair: at_s for pair, at_s in self._written_s.items() if newest_s - at_s < FEED_S}
            self._most = max(_FEW, 2 * len(self._written_s))
