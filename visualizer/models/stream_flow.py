"""StreamFlow: what goes into a stream and out of it, and how long that waits, as far as log lines tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: Ways in which a wait changes.
RISING = "rising"
FALLING = "falling"
STEADY = "steady"


@dataclass(frozen=True, slots=True)
class StreamPart:
    """A stream, or what passes over one line to or from it."""

    #: Node id of the stream.
    stream: str
    #: Only these queues; empty: all of them.
    queues: tuple[str, ...] = ()
    #: Only what this event reads; "": what all do.
    reader: str = ""


@dataclass(frozen=True, slots=True)
class WaitTrend:
    """How the wait of messages changes over the live window."""

    #: RISING | FALLING | STEADY.
    way: str
    #: By how much a minute, ms; below 0 when it falls.
    per_min_ms: float


@dataclass(frozen=True, slots=True)
class StreamFlow:
    """The last `window_s` of a stream, or of some of its queues."""

    #: Length of the window, seconds.
    window_s: float
    #: Messages written; None where no line ever told of writing.
    written: int | None = None
    #: Consumer group ("" where lines name none) → messages read.
    read: Mapping[str, int] = field(default_factory=dict)
    #: None: too few messages to tell.
    trend: WaitTrend | None = None
