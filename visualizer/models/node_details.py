"""NodeDetails: what history says of one node, for its panel."""

from __future__ import annotations

from collections.abc import Mapping
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
    #: 95th percentile of what they took, ms; None when no line carried one.
    p95_ms: float | None = None


@dataclass(frozen=True, slots=True)
class ChartSlot:
    """A slot of the chart."""

    #: Runs that ended; for a stream, messages read.
    runs: int = 0
    #: Those that failed.
    failed: int = 0
    #: 95th percentile of what they took or, for a stream, waited, ms; None when no line carried one.
    p95_ms: float | None = None


@dataclass(frozen=True, slots=True)
class PanelChart:
    """The last SLOTS_S of some activities, without the slot that is still being filled; or the time around a moment."""

    #: Unix second at which the last slot ends.
    end_s: int = 0
    #: Oldest first.
    slots: tuple[ChartSlot, ...] = (ChartSlot(),) * (SLOTS_S // SLOT_S)
    #: Bucket (collector/lib/log_buckets.py) → count: durations or, for a stream, waits. Of all slots; at a moment, of
    #: what its numbers are of.
    durations: Mapping[int, int] = field(default_factory=dict)
    #: Seconds of a slot.
    slot_s: int = SLOT_S
    #: The moment, unix seconds; 0 of now.
    at_s: int = 0


@dataclass(frozen=True, slots=True)
class EarlierChart:
    """The time that a chart shows, and the same a day or a week earlier, in the same steps."""

    #: How much earlier, seconds.
    back_s: int
    #: The durations of both are of all their slots.
    now: PanelChart
    then: PanelChart
    #: Since when history is kept, unix seconds; None: nothing is.
    begun_s: int | None
    #: Ran nothing at all then, as far as anybody knows?
    is_silent: bool
    #: What was measured then of what the histogram shows.
    durations: Mapping[int, int]


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
    #: What the chart shows.
    chart: PanelChart = field(default_factory=PanelChart)
    #: Newest first.
    failures: tuple[FailureGroup, ...] = field(default=())
    #: Entries of sampled operations, newest first.
    samples: tuple[SampledRun, ...] = ()
    #: Ids of its activities in SQL.
    activity_ids: tuple[int, ...] = ()
    #: Was anything ever counted for it?
    seen: bool = False
