"""BehaviourDifference: a node or an app that clearly behaves otherwise than a day, or seven days, earlier."""

from __future__ import annotations

import msgspec

from visualizer.models.topology_diff import Behaviour

#: How it differs, the worst first.
FAILS_MORE = "fails_more"
SLOWER = "slower"
FEWER_RUNS = "fewer_runs"
MORE_RUNS = "more_runs"
NEW = "new"
FAILS_LESS = "fails_less"
FASTER = "faster"
WAYS = (FAILS_MORE, SLOWER, FEWER_RUNS, MORE_RUNS, NEW, FAILS_LESS, FASTER)


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """A node or an app that is compared."""

    #: Its id now: of a node, or an app's key.
    id: str
    #: What it was then, where its app had another version; "" when it was not there.
    was: str
    #: Its label; of an app its key.
    name: str
    #: App key; "" for an app itself, and for a stream.
    app: str = ""
    #: Is it an app, a stream?
    is_app: bool = False
    is_stream: bool = False


class BehaviourDifference(msgspec.Struct, frozen=True, kw_only=True):
    """One that differs."""

    #: What it is.
    of: Compared
    #: Of WAYS, the worst first.
    ways: tuple[str, ...]
    #: None: it did nothing.
    earlier: Behaviour | None
    now: Behaviour | None
