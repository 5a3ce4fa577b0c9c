"""PathComparison: two operations hop by hop, and where one took longer than the other."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spent:
    """What of an operation's time passed at one hop. No moment is counted at two of them."""

    ran_ms: float = 0.0
    waited_ms: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HopPair:
    """A hop of a, and the one of b that is of the same event, read from the same stream, on the same branch."""

    #: Place of the hop in a and in b; None: that one has no such hop.
    a: int | None
    b: int | None
    #: Place of the pair it follows from; None for the first ones.
    after: int | None = None
    #: How many it follows from, one after the other.
    depth: int = 0
    #: How much longer b ran, and waited, ms; None where one of them is not known.
    ran_more_ms: float | None = None
    waited_more_ms: float | None = None
    #: What of the difference in all lies here, ms: in running, in waiting.
    of_ran_ms: float = 0.0
    of_waited_ms: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PathComparison:
    """Two operations, a and b."""

    #: What a pair follows from stands before it.
    pairs: tuple[HopPair, ...]
    #: From the first begin to the last end that was kept, ms.
    a_ms: float
    b_ms: float
    #: What of the difference lies before the hops that lead to the end: nobody knows what they followed from, ms.
    unknown_ms: float

    @property
    def more_ms(self) -> float:
        """How much longer b took; the parts of the pairs and what is unknown add up to it."""
        return self.b_ms - self.a_ms
