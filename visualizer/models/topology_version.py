"""TopologyVersion: from when until when a topology was current, and what brought it."""

from __future__ import annotations

import msgspec

#: Kinds of a Cause.
FIRST = "first"
CONFIG = "config"
HOST_NEW = "host_new"
HOST_GONE = "host_gone"
SEEN = "seen"
HIDDEN = "hidden"


class Cause(msgspec.Struct, frozen=True):
    """Who or what changed the topology."""

    #: FIRST | CONFIG | HOST_NEW | HOST_GONE | SEEN | HIDDEN.
    kind: str
    #: A host's URL, what was seen, the app that is hidden; "" of the first.
    what: str = ""
    #: How many more of this kind there are.
    more: int = 0


class TopologyVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A while in which one content was current. A content that comes back is another version with the same hash."""

    #: Counts up; what people call it by: #12.
    number: int
    #: Hash of the content (kept_topology.kept_version).
    content: str
    #: Unix seconds: since when, and when it was last found current, to the minute.
    first_s: int
    last_s: int
    #: What it was made from; as long as that is the same the topology is.
    basis: str = ""
    #: Host URL → hash of what it declares.
    hosts: dict[str, str] = {}
    #: What is otherwise than before, in words.
    summary: str = ""
    causes: tuple[Cause, ...] = ()
