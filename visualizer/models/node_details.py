"""NodeDetails: what history says of one node, for its panel."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

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


class NewestLine(msgspec.Struct, frozen=True):
    """One of the newest lines, as the rollup keeps it in Redis (redis_keys.newest_lines). Texts are untrusted."""

    #: Unix time of the line, seconds.
    t: float
    #: Where it was written, as logged.
    host: str = ""
    pid: str = ""
    #: "INFO".
    level: str = ""
    #: Without time stamp, level and logger; redacted and cut.
    text: str = ""


@dataclass(frozen=True, slots=True)
class SampledRun:
    """One entry of a sampled operation."""

    #: Unix time, seconds.
    timestamp_s: float
    #: A Status (collector/models/activity.py).
    status: int
    #: How long it ran; None when its line does not say.
    duration_ms: float | None
    #: Where it ran.
    host_name: str
    pid: str
    #: The line's own ids; "" when it has none.
    request_id: str
    operation_id: str


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
    #: Entries of sampled operations, newest first.
    samples: tuple[SampledRun, ...] = ()
    #: Ids of its activities in SQL.
    activity_ids: tuple[int, ...] = ()
    #: Was anything ever counted for it?
    seen: bool = False
