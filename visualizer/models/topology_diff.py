"""TopologyDiff: what is otherwise between two topologies, and how what it touches behaved before and after."""

from __future__ import annotations

import msgspec

ADDED = "added"
REMOVED = "removed"
CHANGED = "changed"
#: Ways of a Change, in the order in which they are told.
HOWS = (ADDED, REMOVED, CHANGED)

#: A Change of an app; others have the kind of their node or edge.
APP = "app"


class SettingChange(msgspec.Struct, frozen=True):
    """A value that is another one."""

    #: As the config names it: "response_timeout", "write_stream.queue_strategy".
    name: str
    #: As text; "" where it is not set.
    before: str = ""
    after: str = ""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One app, node or edge that is new, gone or otherwise."""

    #: One of HOWS.
    how: str
    #: app | event | stream | dangling | external | read | write | call.
    kind: str
    #: For people: an app's key, a node's label, an edge's ends.
    name: str
    #: App key or node id, as it is now or, when it is gone, was; "" for edges.
    id: str = ""
    #: What it was when its app had another version; "" when it is the same or new.
    was: str = ""
    #: Node ids of an edge; "" for everything else.
    source: str = ""
    target: str = ""
    #: Keys of the apps it belongs to: of an edge those of both ends.
    apps: tuple[str, ...] = ()
    #: Is or was it in a config? False: it was seen only.
    declared: bool = True
    #: Of what is otherwise.
    settings: tuple[SettingChange, ...] = ()


class Behaviour(msgspec.Struct, frozen=True, kw_only=True):
    """What some activities did in a while."""

    #: Seconds looked at.
    window_s: float
    #: Runs that ended; for a stream, messages read.
    runs: int
    #: Those that failed.
    failed: int
    #: 95th percentile of what they took or, for a stream, waited, ms; None when no line carried one.
    p95_ms: float | None = None

    @property
    def per_s(self) -> float:
        """Runs a second."""
        return self.runs / self.window_s if self.window_s > 0 else 0.0

    @property
    def failed_percent(self) -> float | None:
        """Share of failed runs; None of none."""
        return 100 * self.failed / self.runs if self.runs else None


class BehaviourChange(msgspec.Struct, frozen=True, kw_only=True):
    """A node that changed or whose edges did, before and after."""

    #: Its id now, or what it was when it is gone.
    id: str
    #: Its label.
    name: str
    #: None: history has nothing of that side.
    before: Behaviour | None = None
    after: Behaviour | None = None


class TopologyDiff(msgspec.Struct, frozen=True, kw_only=True):
    """Two topologies, compared."""

    #: standard | expanded.
    view: str
    #: What was compared, in words: "live", "#12 (2026-11-22 18:30 UTC)", "apps.json".
    before: str
    after: str
    changes: tuple[Change, ...] = ()
    behaviour: tuple[BehaviourChange, ...] = ()
    #: What could not be read, in words.
    warnings: tuple[str, ...] = ()
