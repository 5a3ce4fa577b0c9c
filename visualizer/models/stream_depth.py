"""What brokers say of a drawn stream: how deep it is, how long until it is empty, how long until it overflows."""

from __future__ import annotations

from dataclasses import dataclass

from collector.models.broker import BrokerGroup, BrokerStream

#: What a forecast may be: in so many seconds; it is so already; there is no limit; not as things go; not known.
IN = "in"
NOW = "now"
NO_LIMIT = "no limit"
NEVER = "never"
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Forecast:
    """When something will be, if all goes on as in the last minute."""

    #: One of the words above.
    when: str
    #: Of IN: seconds from now.
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class GroupDepth:
    """One consumer group of one queue."""

    #: What the broker says.
    told: BrokerGroup
    #: Does a config declare it, or do lines name it?
    is_known: bool
    #: Is it of now, or one that was left behind, as by an older version of an app? Redis keeps those for ever.
    is_current: bool
    #: When nothing waits for it any more.
    drain: Forecast
    #: When messages are trimmed before it gets to them.
    overflow: Forecast


@dataclass(frozen=True, slots=True)
class QueueDepth:
    """One queue, which is one stream of the broker."""

    #: URL of the broker.
    broker: str
    #: What it says.
    told: BrokerStream
    #: How long ago that was, seconds; and is it still of now?
    ago_s: float
    is_fresh: bool
    #: Messages that its writers let it hold; 0: no limit; None: not known.
    most_messages: int | None
    groups: tuple[GroupDepth, ...]


@dataclass(frozen=True, slots=True)
class StreamDepth:
    """A stream, or some of its queues, at all brokers."""

    #: Is any broker asked?
    is_asked: bool = False
    #: Queues that a broker has, by name.
    queues: tuple[QueueDepth, ...] = ()
    #: Consumer groups that are declared to read it, and that no broker has: their readers never began.
    missing: tuple[str, ...] = ()

    @property
    def groups(self) -> tuple[tuple[QueueDepth, GroupDepth], ...]:
        """Every group of now, as far as that is known now."""
        return tuple(
            (queue, group) for queue in self.queues if queue.is_fresh for group in queue.groups if group.is_current
        )
