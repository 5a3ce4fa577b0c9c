"""Versions of the topology and incidents → what time in the page marks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from collector.models.alert_rule import WARNING
from visualizer.core.freshness import duration_words
from visualizer.core.incident_words import incident_title
from visualizer.core.topology_causes import cause_words
from visualizer.core.untrusted import visible
from visualizer.models.alert import Incident
from visualizer.models.kept_topology import KeptApp
from visualizer.models.process_change import MORE, ProcessChange
from visualizer.models.time_mark import CONFIG, DEPLOY, INCIDENT, LOOP, RESTART, SCALED, SEEN, Deploy, TimeMark
from visualizer.models.topology_version import CONFIG as BY_CONFIG
from visualizer.models.topology_version import FIRST, HOST_GONE, HOST_NEW, TopologyVersion

#: Causes that a host brought.
BY_HOSTS = frozenset({BY_CONFIG, HOST_NEW, HOST_GONE})


def find_deploys(before: Collection[KeptApp], after: Collection[KeptApp]) -> tuple[Deploy, ...]:
    """
    The apps that run in other versions, by name.

    An app that is all new or all gone was not deployed: a config says so.
    """
    was, now = _by_name(before), _by_name(after)
    return tuple(
        Deploy(name=name, before=was[name], after=now[name])
        for name in sorted(was.keys() & now.keys())
        if was[name] != now[name]
    )


def deploy_words(deploy: Deploy) -> str:
    """ "shop 1.0 → 1.1"; of several at once "shop 1.0 → 1.0 + 1.1"."""
    was, now = (" + ".join(app.version for app in side) for side in (deploy.before, deploy.after))
    return visible(f"{deploy.name} {was} → {now}")


def version_mark(version: TopologyVersion, deployed: Sequence[Deploy] = ()) -> TimeMark | None:
    """
    What to mark of a version; None of the first, before which there is nothing.

    Args:
        deployed: find_deploys() from the version before to this one.
    """
    kinds = {cause.kind for cause in version.causes}
    if FIRST in kinds:
        return None
    kind = DEPLOY if deployed else CONFIG if kinds & BY_HOSTS else SEEN
    causes = [] if deployed else [cause_words(cause) for cause in version.causes]
    words = "; ".join([*map(deploy_words, deployed), *causes, *filter(None, [version.summary])])
    at_s = float(version.first_s)
    return TimeMark(kind=kind, at_s=at_s, until_s=at_s, words=visible(words), about=str(version.number))


def incident_mark(incident: Incident) -> TimeMark:
    """From its beginning to its end."""
    return TimeMark(
        kind=INCIDENT,
        at_s=incident.opened_s,
        until_s=incident.resolved_s,
        words=incident_title(incident),
        about=incident.key,
        severity=incident.severity,
        root=incident.head.subject,
    )


def versions_words(before: Collection[str], after: Collection[str]) -> str:
    """Keys of an app: "shop.1x0", "shop.1x0 → shop.1x1"."""
    was, now = " + ".join(sorted(before)), " + ".join(sorted(after))
    return visible(was if was == now else f"{was} → {now}")


def process_mark(change: ProcessChange) -> TimeMark:
    """What its processes did; a loop has a length, and is nothing to be left alone."""
    is_loop = change.kind == LOOP
    kind = change.kind if change.kind in (RESTART, LOOP) else SCALED
    until_s = change.until_s if is_loop else change.at_s
    severity = WARNING if is_loop else ""
    words = change_words(change)
    return TimeMark(
        kind=kind, at_s=change.at_s, until_s=until_s, words=words, about=change.after[-1], severity=severity
    )


def change_words(change: ProcessChange) -> str:
    """ "shop.1x0: 4 processes on 2 hosts replaced within 40 s"."""
    return f"{versions_words(change.before, change.after)}: {_what_changed(change)}"


def _what_changed(change: ProcessChange) -> str:
    took_s, count = change.until_s - change.at_s, change.count
    hosts = visible(change.hosts[0]) if len(change.hosts) == 1 else f"{len(change.hosts)} hosts"
    some = "1 process" if count == 1 else f"{count} processes"
    within = f" within {duration_words(took_s)}" if took_s >= 1 else ""
    if change.kind == LOOP:
        return f"no process stays on {hosts}: {count} ended within a minute each, in {duration_words(took_s)}"
    if change.kind == RESTART:
        return f"{some} on {hosts} replaced{within}"
    how = "more" if change.kind == MORE else "fewer"
    return f"{some} {how} on {hosts}{within}"


def _by_name(apps: Collection[KeptApp]) -> dict[str, tuple[KeptApp, ...]]:
    named = defaultdict[str, list[KeptApp]](list)
    for app in sorted(apps):
        named[app.name].append(app)
    return {name: tuple(versions) for name, versions in named.items()}
