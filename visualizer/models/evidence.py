"""What an edge rests on: whether it is declared, whether it was seen, and when. Evidence is its wire form in Redis."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

import msgspec

from visualizer.models.node_id import across_views
from visualizer.models.seen_hour import Pair
from visualizer.models.topology import Edge

#: Declared and seen, in time.
CONFIRMED = "confirmed"
#: Declared, and not seen since we watch.
NEVER = "never"
#: Declared, seen, and missing for longer than is usual.
QUIET = "quiet"
#: Seen, and in no config.
UNDECLARED = "undeclared"
#: Leads to what nobody has.
DANGLING = "dangling"
#: Leads to an app that is there in another version only.
SKEWED = "skewed"
STATES = (CONFIRMED, NEVER, QUIET, UNDECLARED, DANGLING, SKEWED)
#: What declared and observed do not agree on, what is certain first.
DRIFT = (DANGLING, SKEWED, UNDECLARED, QUIET, NEVER)


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen of a pair, of all time."""

    pair: Pair
    #: Unix seconds.
    first_s: int
    last_s: int
    #: How often it ran or called.
    count: int


class Evidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Of one edge."""

    #: One of STATES.
    state: str
    #: Unix seconds; 0 for never.
    first_s: int = 0
    last_s: int = 0
    #: How often it was seen.
    count: int = 0
    #: Lines do not tell of it: it counts as seen as both its ends were.
    inferred: bool = False
    #: Known by what callers say of themselves alone.
    told: bool = False
    #: Neither end has a config that could declare it.
    alone: bool = False
    #: Undeclared, and not seen any more for so long that nobody is asked about it.
    old: bool = False
    #: How long it may be quiet at this time of the day before it is missed, seconds; 0 while that is not known.
    allowed_s: int = 0
    #: Versions of the called app that are there instead of the one that is named.
    versions: tuple[str, ...] = ()
    #: Of what was never seen: unix second since when one of its ends is; 0 where neither is.
    since_s: int = 0
    #: Somebody takes this state for normal.
    accepted: bool = False
    #: Wants an answer: it is long enough so to be told, and nobody takes it for normal.
    asks: bool = False


class AcceptedEdge(NamedTuple):
    """A state that somebody takes for normal."""

    state: str
    note: str
    #: Who it was, as far as is known; and when, unix seconds.
    accepted_by: str
    accepted_s: int


def edge_identity(edge: Edge) -> str:
    """What tells an edge apart in both views; of one shape, whatever its names are."""
    ends = (across_views(end, queue=edge.label) for end in (edge.source, edge.target))
    return sha256("\n".join((edge.kind, *ends, edge.label)).encode()).hexdigest()
