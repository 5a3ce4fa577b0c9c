"""
What is declared: RuntimeApps of all hosts and documents, joined, as far as the graph needs it. Not our Options.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from visualizer.models.node_id import AUTO
from visualizer.models.topology import Server

#: Event types that answer a request: hopeit's, methods that documents declare, and HTTP for whichever, as a proxy does.
REQUEST_TYPES = frozenset({"GET", "POST", "MULTIPART", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "HTTP"})
#: Every event type.
EVENT_TYPES = REQUEST_TYPES | {"STREAM", "SERVICE", "SETUP"}
#: Types a connection can have.
CONNECTION_TYPES = frozenset({"GET", "POST"})
#: A write strategy: a message keeps the queue it came from. The other one, DROP, is the default.
PROPAGATE = "PROPAGATE"
QUEUE_STRATEGIES = frozenset({PROPAGATE, "DROP"})


@dataclass(frozen=True, slots=True)
class ReadStream:
    """What an event consumes."""

    #: Stream name, without a queue's suffix.
    name: str
    #: Queues it reads, in order of preference.
    queues: tuple[str, ...] = (AUTO,)
    #: Its readers share the messages; "" when none is told.
    consumer_group: str = ""
    #: Where it is declared, as a JSON pointer; "" in a runtime config.
    place: str = ""


@dataclass(frozen=True, slots=True)
class WriteStream:
    """Where an event's result goes."""

    #: Stream name, without a queue's suffix.
    name: str
    #: Queues it writes to.
    queues: tuple[str, ...] = (AUTO,)
    #: Whether AUTO stands for the queue a message came from.
    propagate: bool = False
    #: Where it is declared, as a JSON pointer; "" in a runtime config.
    place: str = ""


@dataclass(frozen=True, slots=True)
class Connection:
    """A declared call of an event."""

    #: Key in the calling app's connections.
    app_connection: str
    #: Name of the event that is called.
    event: str
    #: GET | POST.
    type: str


@dataclass(frozen=True, slots=True)
class AppConnection:
    """Where calls of an app go."""

    #: Name of the app that is called, as configured.
    name: str
    #: Its version.
    version: str
    #: Plugin whose event is called on that app, or "".
    plugin_name: str = ""
    #: Its version; "" means the app's.
    plugin_version: str = ""


@dataclass(frozen=True, slots=True)
class EventTimeouts:
    """After what time an event is given up; hopeit's defaults."""

    #: Of a request.
    response_s: float = 60.0
    #: Of a message.
    stream_s: float = 60.0


@dataclass(frozen=True, slots=True)
class EventConfig:
    """One effective event."""

    #: "<app key>.[<plugin key>.]<event>[$<stage>]", unique in a RuntimeConfig.
    key: str
    #: One of EVENT_TYPES.
    type: str
    #: What it consumes, if it does.
    read_stream: ReadStream | None = None
    #: Where its result goes, if anywhere.
    write_stream: WriteStream | None = None
    #: Further streams, which documents may tell.
    more_reads: tuple[ReadStream, ...] = ()
    more_writes: tuple[WriteStream, ...] = ()
    #: Declared calls.
    connections: tuple[Connection, ...] = ()
    #: Names of what it declares to call outside, where nothing has a config.
    externals: tuple[str, ...] = ()
    #: A route of its own; "" for the one made from its names.
    route: str = ""
    #: Where it is declared, as a JSON pointer; "" in a runtime config, where its key tells.
    place: str = ""

    @property
    def reads(self) -> tuple[ReadStream, ...]:
        """Everything it consumes."""
        return (self.read_stream, *self.more_reads) if self.read_stream else self.more_reads

    @property
    def writes(self) -> tuple[WriteStream, ...]:
        """Everywhere its results go."""
        return (self.write_stream, *self.more_writes) if self.write_stream else self.more_writes


@dataclass(frozen=True, slots=True)
class AppConfig:
    """One app of one version, on all its servers."""

    #: "simple_example.0x30".
    key: str
    #: Name as configured.
    name: str
    #: Version as configured.
    version: str
    #: Running processes, in the order of the hosts.
    servers: tuple[Server, ...] = ()
    #: Keys of the plugins it uses.
    plugins: tuple[str, ...] = ()
    #: Connection key → where it goes.
    connections: Mapping[str, AppConnection] = field(default_factory=dict)
    #: Effective events, as listed.
    events: tuple[EventConfig, ...] = ()
    #: Event without its app → its time-outs, where the app tells some.
    timeouts: Mapping[str, EventTimeouts] = field(default_factory=dict)
    #: Findings of the linter that the app says are meant: "<rule>" or "<rule>:<event>" (docs/lint.md).
    accepted: tuple[str, ...] = ()
    #: The kind of document that declares it (collector/models/document.py); "" for a runtime config.
    kind: str = ""


@dataclass(frozen=True, slots=True)
class RuntimeConfig:
    """The configs of all hosts, joined."""

    #: In the order in which the hosts name them; keys are unique.
    apps: tuple[AppConfig, ...] = ()
    #: What could not be used, in words for people.
    warnings: tuple[str, ...] = ()
