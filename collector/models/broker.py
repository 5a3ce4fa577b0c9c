"""
What a broker says of its streams: BrokerPoll, one round of questions as it came back, and BrokerAnswer, the state of
the broker, kept in Redis as JSON (collector/models/redis_keys.py, BROKERS). Messages themselves are never in either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

#: How often each broker is asked.
POLL_EVERY_S = 5.0
#: What was answered longer ago says nothing of now.
FRESH_FOR_S = 4 * POLL_EVERY_S
#: A consumer that holds messages and has not asked for so long is stuck.
STUCK_AFTER_S = 60.0
#: Rates look back this far.
FLOW_WINDOW_S = 60.0

#: A stream that nobody declares and that has no consumer group is drawn when it has been there for so long: streams
#: that are made for one answer and thrown away would change the graph all the time.
LASTING_S = 60.0

#: Fields of a reply by name, without the dash-separated bytes Redis sends.
Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StreamReply:
    """What XINFO told of one stream."""

    #: Its key.
    name: str
    #: XINFO STREAM.
    stream: Fields
    #: XINFO GROUPS.
    groups: Sequence[Fields] = ()
    #: Group → XINFO CONSUMERS; only of groups in which something is pending.
    consumers: Mapping[str, Sequence[Fields]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerPoll:
    """One round: what every stream told, or a reason why not."""

    #: "" when it worked, else why not, for people.
    reason: str = ""
    #: From the first question to the last answer.
    latency_ms: float | None = None
    #: "Valkey 9.1.2".
    version: str = ""
    #: The broker's own clock, unix seconds; ids of messages are made from it.
    at_s: float = 0.0
    #: In the order of their names.
    streams: tuple[StreamReply, ...] = ()
    #: Streams that the user may not look at.
    refused: int = 0
    #: Streams beyond the limit, which were not asked for.
    left_out: int = 0


class BrokerConsumer(msgspec.Struct, frozen=True, kw_only=True):
    """A consumer that is stuck. Names are untrusted."""

    name: str
    #: Messages it was given and has not acknowledged.
    pending: int
    #: Since when it has not asked for anything, seconds.
    idle_s: float


class BrokerGroup(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A consumer group of a stream. None stands for what is not known, never 0."""

    name: str
    #: How many consumers it has.
    consumers: int = 0
    #: Messages in work: given to a consumer, not acknowledged.
    pending: int = 0
    #: Messages in the stream that no consumer was given; None: at most `at_most`, or the stream's length.
    waiting: int | None = None
    at_most: int | None = None
    #: Id of the last message that a consumer was given.
    given_id: tuple[int, int] = (0, 0)
    #: Age of the oldest of them when the broker was asked; None when none waits, or it is not known.
    oldest_s: float | None = None
    #: It is at most so old.
    oldest_is_bound: bool = False
    #: Messages that were trimmed or deleted before the group got to them, at least; of what it has still to read.
    trimmed: int = 0
    #: Messages read since the stream was made, as far as the broker counts them.
    position: int | None = None
    #: Messages read in the stream's `window_s`.
    read: int | None = None
    #: Consumers that hold messages and do not ask any more: those that hold most, and how many there are.
    stuck: tuple[BrokerConsumer, ...] = ()
    stuck_count: int = 0


class BrokerStream(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One stream. Names are untrusted."""

    #: Its key in Redis: hopeit's stream, with ".<queue>" for each queue but AUTO.
    name: str
    #: Messages in it, read ones too.
    length: int
    #: Messages written since it was made; None before Redis 7.
    added_total: int | None = None
    #: Id of its last message, milliseconds and sequence; zeros when it has none.
    last_id: tuple[int, int] = (0, 0)
    #: Messages written in the last `window_s`; None when that is not known.
    added: int | None = None
    #: What `added` and `read` look back on, seconds; 0 after the first look.
    window_s: float = 0.0
    #: Unix time since which it has been there at every look, by the collector's clock.
    since_s: float = 0.0
    groups: tuple[BrokerGroup, ...] = ()


class BrokerAnswer(msgspec.Struct, kw_only=True):
    """The state of one configured broker."""

    #: URL as configured, without user, password and options.
    url: str
    #: Place in the configuration, from 0.
    position: int
    #: ALIVE or ERROR (collector/models/host.py).
    status: str
    #: Why ERROR, and what to do.
    reason: str = ""
    #: Unix time since which the status holds.
    since_s: float
    #: Unix time of the last poll, and of the last that was answered; 0 when none ever was.
    polled_s: float
    answered_s: float = 0.0
    #: How long the answer took; None while nothing answered.
    latency_ms: float | None = None
    #: "Valkey 9.1.2".
    version: str = ""
    #: As last answered.
    streams: tuple[BrokerStream, ...] = ()
    #: Streams that the user may not look at, and those beyond the limit.
    refused: int = 0
    left_out: int = 0
    #: Source application that polled it.
    source: str = "broker_redis"

    @property
    def lasting(self) -> list[str]:
        """Names of the streams that are there to stay: what a picture may show."""
        return [each.name for each in self.streams if each.groups or self.answered_s - each.since_s >= LASTING_S]
