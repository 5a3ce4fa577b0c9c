"""
What the browser gets. One kind of message for the graph, Delta; a snapshot is a Delta with `reset`.

This file and static/js/graph.js are the two ends of this wire; JSON, times in unix seconds.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from visualizer.models.topology import Box

#: Node states, worst first; "unknown": nobody looks.
STATES = ("fail", "warn", "wait", "unknown", "ok", "idle")


class NodeStats(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A node's numbers over the last 60 s."""

    started: int = 0
    done: int = 0
    failed: int = 0
    ignored: int = 0
    pending: int = 0
    #: Runs per second over the last 10 s.
    rate: float = 0
    #: Durations, ms; None when no line carried one.
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    #: 95th percentile of the time messages waited before they were read, ms.
    wait: float | None = None
    #: One of STATES.
    state: str = "idle"
    #: Unix time of the last entry; 0 when none was ever seen in the window.
    last: float = 0
    #: What stands still: one of visualizer/models/standstill.py's KINDS; "" for nothing.
    halt: str = ""
    #: How many runs, messages or hosts that is, and unix time since when.
    halts: int = 0
    since: float = 0


class StatsChange(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The fields of NodeStats that changed; what is left out stays as it was."""

    started: int | UnsetType = UNSET
    done: int | UnsetType = UNSET
    failed: int | UnsetType = UNSET
    ignored: int | UnsetType = UNSET
    pending: int | UnsetType = UNSET
    rate: float | UnsetType = UNSET
    p50: float | UnsetType | None = UNSET
    p95: float | UnsetType | None = UNSET
    p99: float | UnsetType | None = UNSET
    wait: float | UnsetType | None = UNSET
    state: str | UnsetType = UNSET
    last: float | UnsetType = UNSET
    halt: str | UnsetType = UNSET
    halts: int | UnsetType = UNSET
    since: float | UnsetType = UNSET


class NodeView(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A node as it is drawn: where, what, and its numbers."""

    id: str
    kind: str
    name: str
    label: str
    app: str
    box: Box
    stats: NodeStats
    #: Its number: what deltas call it instead of its long id. No other node of the picture has it.
    n: int = 0
    event_type: str = ""
    plugin: str = ""
    queue: str = ""
    declared: bool = True
    observed: bool = False


class EdgeView(msgspec.Struct, kw_only=True, omit_defaults=True):
    """An edge as it is drawn."""

    id: str
    source: str
    target: str
    kind: str
    label: str = ""
    declared: bool = True
    observed: bool = False
    #: Runs per second that passed over it, over the last 10 s, where that is known; else None.
    rate: float | None = None
    #: 95th percentile of the wait, ms: only stream → consumer edges.
    wait: float | None = None
    #: What it rests on: one of visualizer/models/evidence.py's STATES.
    state: str = "confirmed"
    #: Unix second at which it was seen first and last, where its state is another one; 0 for never.
    first: int = 0
    last: int = 0
    #: Wants an answer: it is long enough so to be told, and nobody takes it for normal.
    asks: bool = False
    #: Its number, as a node's.
    n: int = 0


class Adds(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Things that are new, or changed in more than their numbers: whole, each takes the place of what has its id."""

    nodes: list[NodeView] = []
    edges: list[EdgeView] = []
    #: {"key", "name", "version", "box": [x, y, w, h], "hosts": [url …]}, and "annexes": [box …] where it has any.
    apps: list[dict[str, Any]] = []


class Updates(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Things whose numbers changed, by their `n`."""

    nodes: dict[int, StatsChange] = {}
    #: [rate, wait].
    edges: dict[int, tuple[float | None, float | None]] = {}
    #: Of edges: [state, first, last, asks].
    evidence: dict[int, tuple[str, int, int, bool]] = {}


class Removes(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Ids of things that are gone."""

    nodes: list[str] = []
    edges: list[str] = []
    apps: list[str] = []


class Delta(msgspec.Struct, kw_only=True, omit_defaults=True, tag="delta", tag_field="type"):
    """apply(before, delta) == after."""

    #: Id of the hub that counts `seq`; said with `reset`, it holds for what follows.
    hub: str = ""
    #: Grows by one a delta of this view.
    seq: int
    #: standard | expanded; said with `reset`, as `hub`.
    view: str = ""
    #: Unix time of the hub's clock, seconds.
    at: float
    #: True: forget everything, this is the whole picture.
    reset: bool = False
    add: Adds = msgspec.field(default_factory=Adds)
    update: Updates = msgspec.field(default_factory=Updates)
    remove: Removes = msgspec.field(default_factory=Removes)
    #: `n` of the nodes that just did something. It changes nothing in the picture.
    pulse: list[int] = []


class Beat(msgspec.Struct, kw_only=True, tag="beat", tag_field="type"):
    """Sent every 0.5 s: the browser's proof that what it draws is alive."""

    hub: str
    #: seq of the last delta of this view: a browser that has an older one asks for a resync.
    seq: int
    #: Unix time of the hub's clock, seconds.
    at: float
    #: How far behind the logs the picture is, seconds: the worst of all collectors and rollups; None while one is gone,
    #: but for collectors of which it is known what is not seen for it: that is unknown.
    behind_s: float | None
    #: Hosts that answer, hosts configured.
    hosts_alive: int
    hosts_total: int
    #: Log files followed.
    files: int
    #: Lines the collectors have shipped since they started, whatever they were.
    lines: int
    #: Unix time of the newest entry that was ever counted; 0 when none was.
    newest_s: float
    #: What is wrong, in words: "no collector has reported for 12 s". Empty when live.
    problems: list[str]


encode_text = msgspec.json.Encoder().encode
