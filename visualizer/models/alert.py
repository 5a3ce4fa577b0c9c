"""
Alert: one rule on one subject, while it is wrong. Incident: alerts that have one root, which people are told of once.

A subject is a node id of the standard view, or one of the marks below before the name of what is not in the graph.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

#: Before a host's URL, a collector's id, the name of what is ours, an app's key.
HOST_MARK = "host:"
COLLECTOR_MARK = "collector:"
APP_MARK = "app:"
#: Source and target of an edge, in its subject.
EDGE_MARK = " > "

#: What a signal says of a rule on a subject. BETWEEN its two thresholds everything stays what it is; NONE: too little
#: is there to judge.
BAD = "bad"
BETWEEN = "between"
GOOD = "good"
NONE = "none"


@dataclass(frozen=True, slots=True)
class Signal:
    """What is seen now of one rule on one subject."""

    #: Id of the rule.
    rule: str
    subject: str
    #: BAD | BETWEEN | GOOD | NONE.
    level: str
    #: One sentence with the numbers it rests on.
    words: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """One rule on one subject. Times are unix seconds."""

    rule: str
    subject: str
    #: Since when it is wrong.
    bad_s: float
    #: Since when it fires; 0 while it has not been wrong for long enough.
    firing_s: float = 0.0
    #: Since when it has been well again; 0 while it is not.
    good_s: float = 0.0
    #: When it was found wrong last.
    seen_s: float = 0.0
    words: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What there is one of."""
        return self.rule, self.subject

    @property
    def is_firing(self) -> bool:
        """Long enough wrong to be told."""
        return self.firing_s > 0


class Member(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A rule on a subject, as part of an incident."""

    rule: str
    subject: str
    #: What people call it.
    name: str
    #: Unix seconds; until is 0 while it fires.
    since_s: float
    until_s: float = 0.0
    words: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What there is one of."""
        return self.rule, self.subject


@dataclass(frozen=True, slots=True)
class IncidentEvent:
    """One line of an incident's timeline."""

    at_s: float
    #: opened | joined | left | root | merged | resolved | acknowledged | silenced | sent | not_sent | held_back
    kind: str
    words: str


@dataclass(slots=True)
class Incident:
    """What people are told of once."""

    #: Random; in its address and in every notification.
    key: str
    #: The subject all others follow from.
    root: str
    severity: str
    opened_s: float
    members: list[Member]
    #: Unix seconds; 0 while it is open.
    resolved_s: float = 0.0
    #: What happened since it was read; the store appends it.
    news: list[IncidentEvent] = field(default_factory=list)

    @property
    def live(self) -> list[Member]:
        """Members that fire now."""
        return [member for member in self.members if not member.until_s]

    @property
    def head(self) -> Member:
        """The root's member that began first; where the root has none (any more), the first of all."""
        of_root = [member for member in self.members if member.subject == self.root]
        return min(of_root or self.members, key=lambda member: (bool(member.until_s), member.since_s))
