"""What is counted: one ActivityKey per thing that runs, one Status per way a run is seen."""

from __future__ import annotations

from enum import IntEnum

import msgspec


class Status(IntEnum):
    """What a line says of a run; the value is the wire form."""

    START = 0
    DONE = 1
    FAILED = 2
    IGNORED = 3


#: Wrote to key.stream.
PUBLISH = "publish"
#: Asked something else for an answer.
CALL = "call"
#: What was asked and tells nothing itself; key.stream is its name, as of the call, and there is no app. Only calls lead
#: to it.
EXTERNAL = "external"
#: Called something that told so; how it was set off is for its own lines to tell. Only calls come from it.
CALLER = "caller"
#: How a run is set off, as far as its lines tell, and what a run does to others.
KINDS = ("request", "stream", "service", "setup", PUBLISH, CALL, EXTERNAL, CALLER)

#: Stands for all names of a dimension beyond its cap.
OTHER = "__other__"


class ActivityKey(msgspec.Struct, frozen=True, array_like=True, order=True, cache_hash=True):
    """What the collector counts by. Empty text where a part does not apply."""

    #: Key of the app it ran in: "simple_example.0x30".
    app: str
    #: Key of the plugin whose event it is, when it runs plugged into the app: "basic_auth.0x30".
    plugin: str
    #: Event name with its stage: "shuffle.parallelize_event$process_first_part".
    event: str
    #: One of KINDS.
    kind: str
    #: Stream it read, without the queue's suffix: "orders.placed". What a "publish" wrote to; of a "call" the name of
    #: what it asked, where the call itself tells it: "postgresql orders".
    stream: str = ""
    #: Queue of that stream: "AUTO", "express".
    queue: str = ""
    #: Consumer group it read with.
    consumer_group: str = ""

    @property
    def event_label(self) -> str:
        """The event as tables under its app name it; a plugin's event stands as "basic_auth.0x30.login"."""
        return f"{self.plugin}.{self.event}" if self.plugin else self.event


class Server(msgspec.Struct, frozen=True, array_like=True, order=True, cache_hash=True):
    """One running process, as its log lines name it."""

    #: Host name as logged.
    host_name: str
    #: Process id as logged.
    pid: str
