"""What the API answers of incidents and alerts, as JSON (see visualizer/models/api_answer.py)."""

from __future__ import annotations

import msgspec


class IncidentRow(msgspec.Struct, frozen=True, kw_only=True):
    """Alerts that have one root."""

    #: In its address and in every notification.
    id: str
    #: What is wrong, and how much follows from it.
    title: str
    #: critical | warning | info.
    severity: str
    #: The subject all others follow from: a node id, a line, app:<key>, host:<URL> or collector:<id>; and its name.
    root: str
    root_name: str
    #: When it began, and when all was well again; null while it is open.
    opened: float
    resolved: float | None
    #: Who takes care of it, and since when; "" and null while nobody does.
    acknowledged_by: str
    acknowledged: float | None
    #: How many follow from the root.
    affected: int


class IncidentMember(msgspec.Struct, frozen=True, kw_only=True):
    """A rule on a subject, as part of an incident."""

    #: Id of the rule.
    rule: str
    #: As root of an incident; and what people call it.
    subject: str
    name: str
    #: Since when it is wrong, and until when it was; null while it is.
    since: float
    until: float | None
    #: What was seen.
    words: str


class IncidentLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of an incident's timeline."""

    #: When.
    at: float
    #: opened | joined | left | root | merged | resolved | acknowledged | silenced | sent | not_sent | held_back.
    kind: str
    #: What happened.
    words: str


class IncidentReport(IncidentRow, frozen=True, kw_only=True):
    """All of an incident."""

    #: What is, or was, wrong.
    members: tuple[IncidentMember, ...]
    #: Names of what follows from the root, in the order in which it came.
    affected_names: tuple[str, ...]
    #: In order.
    timeline: tuple[IncidentLine, ...]
    #: There are older lines than those.
    timeline_is_cut: bool
    #: Addresses: its page, its root on the graph ("" where it is not on it), and the graph as it was then.
    page: str
    graph: str
    graph_then: str


class AlertState(msgspec.Struct, frozen=True, kw_only=True):
    """A rule on a subject that is wrong."""

    #: A node id, a line, app:<key>, host:<URL> or collector:<id>.
    subject: str
    #: waiting (not wrong for long enough) | firing | ending (well again, not for long enough).
    state: str
    #: Since when it is wrong, since when it fires, and since when it is well again; null for not.
    wrong_since: float
    firing_since: float | None
    well_since: float | None
    #: What was seen.
    words: str


class AlertRuleState(msgspec.Struct, frozen=True, kw_only=True):
    """A rule, and what it finds now."""

    #: Id of the rule.
    id: str
    #: What it looks at.
    measure: str
    #: Glob over apps, events, streams or hosts; "" for any.
    match: str
    #: Wrong above this, well again below that (ms for durations); null where the measure has no threshold.
    above: float | None
    clear_below: float | None
    #: How long it has to be wrong before it fires, and well before that is over, seconds.
    for_s: float
    keep_firing_s: float
    #: critical | warning | info.
    severity: str
    #: firing | waiting (wrong, not for long enough) | ok | off.
    state: str
    #: How many subjects are wrong, and how many of them fire.
    wrong: int
    firing: int
    #: The first of them, those that fire before others.
    alerts: tuple[AlertState, ...]
