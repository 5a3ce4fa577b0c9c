"""Blast: who suffers when something is down, and what could make something suffer."""

from __future__ import annotations

import msgspec

#: Ways: what suffers when it is down, and what, being down, would make it suffer.
SUFFERS = "suffers"
CAUSES = "causes"
WAYS = (SUFFERS, CAUSES)

#: When: at once, as with what waits for an answer; or when what streams hold is used up, or they are full.
NOW = "now"
LATER = "later"

#: How something suffers (or makes suffer).
FAILS = "fails"
STARVES = "starves"
FILLS = "fills"


class Impact(msgspec.Struct, frozen=True, kw_only=True):
    """One node that suffers, or that could be the cause."""

    #: Node id.
    id: str
    #: NOW | LATER.
    when: str
    #: FAILS | STARVES | FILLS: of the node that suffers.
    how: str
    #: Id of the neighbour over which it comes.
    via: str
    #: Lines between, at least.
    hops: int
    #: Share of what the sufferer does that is hit, 0 … 1; None where a line on the way was never seen.
    share: float | None = None


class Refill(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a stream that nobody reads for a while."""

    #: Messages it may hold before the oldest are thrown away; 0: no limit; None: not known.
    most_messages: int | None = None
    #: Messages per second that come in, by the broker's count, or by who reads them now.
    per_s: float | None = None
    #: Messages that wait in it already, by the broker's count.
    waiting: int = 0

    @property
    def overflow_s(self) -> float | None:
        """Seconds until it is full; None where that is not known or never."""
        if not self.most_messages or not self.per_s:
            return None
        return max(0, self.most_messages - self.waiting) / self.per_s
