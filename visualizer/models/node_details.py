"""NodeDetails: what history says of one node, for its panel."""

from __future__ import annotations

from dataclasses import dataclass, field

from visualizer.models.live import ActivityStats

#: The panel's plot: one bar a slot, over the last SLOTS_S.
SLOT_S = 10
SLOTS_S = 900


@dataclass(frozen=True, slots=True)
class ServerShare:
    """What one running process did of a node's runs in the last 60 s."""

    #: Host name as logged.
    host_name: str
    #: Process id as logged.
    pid: str
    #: Runs that ended; for a stream, messages read.
    runs: int
    #: Those that failed.
    failed: int


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """Failures with one cause, the newest of them whole."""

    #: The text of the error; "" when the line told none.
    cause: str
    #: How many are kept with this cause.
    count: int
    #: Unix time of the newest, seconds.
    timestamp_s: float
    #: Where the newest ran.
    host_name: str
    pid: str
    #: Its traceback, its ids; "" when the line told none.
    traceback: str
    request_id: str
    operation_id: str
    message_id: str


@dataclass(frozen=True, slots=True)
class NodeDetails:
    """One node's history."""

    #: The last 60 s by activity. `pending` is not known to history: 0.
    activities: tuple[ActivityStats, ...] = ()
    #: By running process, the busiest first.
    servers: tuple[ServerShare, ...] = ()
    #: (started or ended, failed) a slot, oldest first.
    slots: tuple[tuple[int, int], ...] = ()
    #: Newest first.
    failures: tuple[FailureGroup, ...] = field(default=())
    #: Was anything ever counted for it?
    seen: bool = False
