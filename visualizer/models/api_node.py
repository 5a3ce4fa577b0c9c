"""What the API answers of one node, as JSON (see visualizer/models/api_answer.py)."""

from __future__ import annotations

import msgspec

from visualizer.models.node_details import FailureGroup, NewestLine
from visualizer.models.topology import Node
from visualizer.models.trouble import Trouble


class Numbers(msgspec.Struct, frozen=True, kw_only=True):
    """A node's last 60 s."""

    #: Runs that began; for a stream, messages read.
    started: int
    #: Runs that ended well, that failed, and that their event did not care for.
    done: int
    failed: int
    ignored: int
    #: Running now; null while Redis does not say.
    pending: int | None
    #: Runs per second over the last 10 s.
    rate: float
    #: Durations, ms; null when no line carried one.
    p50: float | None
    p95: float | None
    p99: float | None
    #: 95th percentile of the time messages waited, ms; null but for streams.
    wait: float | None


class Instance(msgspec.Struct, frozen=True, kw_only=True):
    """A running process and its share of the last 60 s."""

    #: Host name as logged.
    host_name: str
    #: Process id as logged.
    pid: str
    #: Runs that ended.
    runs: int
    #: Those that failed.
    failed: int
    #: 95th percentile, ms.
    p95_ms: float | None
    #: Its share of all runs, percent.
    share: float
    #: What is odd about it, in words; "" for nothing.
    flag: str


class Neighbour(msgspec.Struct, frozen=True, kw_only=True):
    """A node that leads here, or to which this one leads."""

    #: from | to.
    way: str
    #: Its node id.
    id: str
    #: Runs per second that pass; null where lines do not tell.
    rate: float | None
    #: Runs of the last 60 s that ended, and that failed.
    ended: int
    failed: int
    #: What the line rests on, in words, where it is not confirmed; else "".
    said: str


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """When something will be, if all goes on as in the last minute."""

    #: in | now | never | no limit | unknown.
    when: str
    #: Seconds from now; null where `when` tells none.
    in_s: float | None


class QueueGroup(msgspec.Struct, frozen=True, kw_only=True):
    """A consumer group of a queue. Null is what is not known, never 0."""

    #: As the broker has it.
    name: str
    #: Declared in a config, or named by lines.
    is_known: bool
    #: False: left behind, as by an older version of an app.
    is_current: bool
    #: Messages that no consumer was given; null: at most the queue's length.
    waiting: int | None
    #: Age of the oldest of them; at most that where it is a bound.
    oldest_s: float | None
    oldest_is_bound: bool
    #: Messages given and not acknowledged.
    pending: int
    #: How many consumers it has, and how many hold messages and do not ask any more.
    consumers: int
    stuck_consumers: int
    #: Messages read in `window_s` of the queue.
    read: int | None
    #: Messages gone before it got to them, at least.
    trimmed_unread: int
    #: When nothing waits any more, and when messages are trimmed unread.
    drain: Forecast
    overflow: Forecast


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """A queue of a stream, as its broker says."""

    #: The stream's key at the broker, and the broker's URL.
    key: str
    broker: str
    #: Messages in it, read ones too.
    length: int
    #: Messages written in the last `window_s`; null where that is not known.
    written: int | None
    window_s: float
    #: Messages that it may hold; 0: no limit; null: not known.
    most_messages: int | None
    groups: tuple[QueueGroup, ...]


class NodeReport(msgspec.Struct, frozen=True, kw_only=True):
    """How a node does."""

    #: What it is.
    node: Node
    #: fail | warn | wait | ok | idle.
    state: str
    #: That in words: two of them, and a sentence with the numbers.
    headline: str
    sentence: str
    #: Its last minute.
    last_60_s: Numbers
    #: Processes, odd ones first.
    instances: tuple[Instance, ...]
    #: Who leads here, then where it leads.
    neighbours: tuple[Neighbour, ...]
    #: What goes wrong, the gravest first.
    troubles: tuple[Trouble, ...]
    #: Of a stream, where its broker is asked.
    queues: tuple[Queue, ...] = ()


class SeriesPoint(msgspec.Struct, frozen=True, kw_only=True):
    """A step of history."""

    #: When it begins.
    at: int
    #: Runs that began; for a stream, messages that were taken up.
    started: int
    #: Runs that ended, in whatever way, and those of them that failed.
    ended: int
    failed: int
    #: Of what they took or, for a stream, messages waited, ms; null when no line carried one.
    p50: float | None
    p95: float | None


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """A node's history."""

    #: Node id.
    id: str
    #: Seconds of a point.
    step: int
    #: The first point's begin, and the last one's end.
    since: int
    until: int
    #: Oldest first, without gaps: what did not run is 0.
    points: tuple[SeriesPoint, ...]


class History(msgspec.Struct, frozen=True, kw_only=True):
    """The history of everything that ran, or of an app."""

    #: Key of the app; "" for everything.
    app: str
    #: Seconds of a point.
    step: int
    #: The first point's begin, and the last one's end.
    since: int
    until: int
    #: Oldest first, without gaps: what did not run is 0.
    points: tuple[SeriesPoint, ...]


class Lines(msgspec.Struct, frozen=True, kw_only=True):
    """Texts out of a node's log lines, redacted before they were kept."""

    #: Newest first.
    newest: tuple[NewestLine, ...]
    #: By cause, the newest first.
    failures: tuple[FailureGroup, ...]
