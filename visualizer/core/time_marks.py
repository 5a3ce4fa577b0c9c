"""Versions of the topology and incidents → what time in the page marks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from visualizer.core.incident_words import incident_title
from visualizer.core.topology_causes import cause_words
from visualizer.core.untrusted import visible
from visualizer.models.alert import Incident
from visualizer.models.kept_topology import KeptApp
from visualizer.models.time_mark import CONFIG, DEPLOY, INCIDENT, SEEN, Deploy, TimeMark
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
    )


def _by_name(apps: Collection[KeptApp]) -> dict[str, tuple[KeptApp, ...]]:
    named = defaultdict[str, list[KeptApp]](list)
    for app in sorted(apps):
        named[app.name].append(app)
    return {name: tuple(versions) for name, versions in named.items()}
