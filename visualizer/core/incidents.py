"""Alerts that fire, folded under their roots → the incidents as they are now, and what is new about each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from msgspec.structs import replace

from collector.models.alert_rule import SEVERITIES, AlertRule
from visualizer.core.alert_roots import SLACK_S
from visualizer.models.alert import Alert, Incident, IncidentEvent, Member


def update_incidents(
    known: Sequence[Incident],
    firing: Collection[Alert],
    roots: Mapping[str, str],
    *,
    rules: Mapping[str, AlertRule],
    name_of: Callable[[str], str],
    new_key: Callable[[], str],
    now_s: float,
) -> list[Incident]:
    """
    Every incident that is new or changed, its `news` said. What is known and unchanged is left out.

    An incident takes in whatever has its root, and keeps what was ever in it: one that falls apart stays one, two that
    turn out to have one root become the older one.

    Args:
        known: the open ones; they are changed in place.
        firing: alerts that fire.
        roots: subject → root, of every subject that fires (alert_roots.py).
        name_of: subject → what people call it.
        new_key: makes a key.
    """
    groups = defaultdict[str, list[Alert]](list)
    for alert in firing:
        groups[roots[alert.subject]].append(alert)
    taken: dict[str, Incident] = {}
    for root, alerts in sorted(groups.items(), key=lambda item: (min(each.bad_s for each in item[1]), item[0])):
        own = _incidents_of(alerts, known)
        if not own:
            incident = Incident(new_key(), root, "", now_s, [])
            taken[incident.key] = incident
        else:
            incident = own[0]
            taken.setdefault(incident.key, incident)
            for other in own[1:]:
                _merge(other, incident, now_s)
        _take_in(incident, root, alerts, roots, name_of, now_s)
    keys = {alert.key for alert in firing}
    for incident in {**{each.key: each for each in known}, **taken}.values():
        _let_go(incident, keys, now_s)
        _weigh(incident, rules)
        if incident.news:
            taken[incident.key] = incident
    return [incident for incident in taken.values() if incident.news]


def _incidents_of(alerts: Iterable[Alert], known: Sequence[Incident]) -> list[Incident]:
    """Those that hold one of these, the oldest first."""
    keys = {alert.key for alert in alerts}
    found = [each for each in known if not each.resolved_s and any(one.key in keys for one in each.live)]
    return sorted(found, key=lambda each: (each.opened_s, each.key))


def _take_in(
    incident: Incident,
    root: str,
    alerts: Sequence[Alert],
    roots: Mapping[str, str],
    name_of: Callable[[str], str],
    now_s: float,
) -> None:
    is_new = not incident.members
    here = {member.key: member for member in incident.live}
    # The root's own first: its word opens the timeline.
    for alert in sorted(alerts, key=lambda each: (each.subject != root, each.firing_s, each.key)):
        if alert.key in here:
            here[alert.key].words = alert.words
            continue
        name = name_of(alert.subject)
        # What comes and goes is a member once: the timeline has each time.
        incident.members = [member for member in incident.members if member.key != alert.key]
        incident.members.append(
            Member(rule=alert.rule, subject=alert.subject, name=name, since_s=alert.bad_s, words=alert.words)
        )
        first = is_new and len(incident.members) == 1
        incident.news.append(IncidentEvent(now_s, "opened" if first else "joined", f"{name}: {alert.words}"))
    if not is_new and incident.root != root and not _stands(incident, roots, now_s):
        incident.root = root
        incident.news.append(IncidentEvent(now_s, "root", f"It follows from {name_of(root)}."))


def _stands(incident: Incident, roots: Mapping[str, str], now_s: float) -> bool:
    """Does its root still explain it? What a cause did may last a while longer than the cause itself."""
    if incident.root in roots:
        return roots[incident.root] == incident.root
    ended_s = [member.until_s or now_s for member in incident.members if member.subject == incident.root]
    return now_s - max(ended_s, default=0.0) < SLACK_S


def _merge(other: Incident, into: Incident, now_s: float) -> None:
    """Two that have one root: the older one goes on."""
    joined = {member.key for member in other.live}
    into.members = [*(member for member in into.members if member.key not in joined), *other.live]
    # What it was stays to be read: what was live ends here.
    other.members = [replace(member, until_s=member.until_s or now_s) for member in other.members]
    other.resolved_s = now_s
    other.news.append(IncidentEvent(now_s, "merged", f"It goes on as incident {into.key}: both have one root."))
    into.news.append(IncidentEvent(now_s, "joined", f"Incident {other.key} has the same root, and goes on here."))


def _let_go(incident: Incident, firing: Collection[tuple[str, str]], now_s: float) -> None:
    if incident.resolved_s:
        return
    for member in incident.live:
        if member.key not in firing:
            member.until_s = now_s
            incident.news.append(IncidentEvent(now_s, "left", f"{member.name} is well again."))
    if not incident.live:
        incident.resolved_s = now_s
        incident.news.append(IncidentEvent(now_s, "resolved", "Everything is well again."))


def _weigh(incident: Incident, rules: Mapping[str, AlertRule]) -> None:
    """As grave as its gravest member ever was."""
    found = {rules[member.rule].severity for member in incident.members if member.rule in rules}
    found |= {incident.severity} if incident.severity else set()
    incident.severity = next((each for each in SEVERITIES if each in found), SEVERITIES[-1])
