"""
Judges every edge of a view: does what is declared agree with what was seen?

An app tells in its config what it means to do, and in its lines what it does. What is certain is told before what is
likely: a call that leads nowhere needs no lines to be wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from collector.models.celery_event import CELERY, CELERY_CLIENT
from visualizer.core.edge_sights import EdgeSights, first_and_last
from visualizer.models.evidence import CONFIRMED, DANGLING, NEVER, QUIET, SKEWED, UNDECLARED, Evidence, Sight
from visualizer.models.node_id import DANGLING as DANGLING_NODE
from visualizer.models.node_id import dangling_name, versioned_parts
from visualizer.models.topology import WRITE, Edge, Topology

#: What was not seen for so long, while its ends were, is told.
WATCHED_S = 86400
#: How long these sights may be quiet now, seconds; None while that is not known.
Allowed = Callable[[Sequence[Sight]], float | None]


def declared_state(edge: Edge, *, target_kind: str) -> str:
    """What the topology alone tells of an edge."""
    if target_kind == DANGLING_NODE:
        return DANGLING
    if not edge.declared:
        return UNDECLARED
    return CONFIRMED if edge.observed else NEVER


def judge_edges(
    topology: Topology, sights: EdgeSights, *, now_s: float | None, allowed: Allowed
) -> dict[str, Evidence]:
    """
    Edge id → what it rests on.

    Args:
        now_s: up to when everything that was seen is known; None while that is not known: then nothing is missed.
    """
    kinds = {node.id: node.kind for node in topology.nodes}
    configured, silent = _configured(topology), _silent_writers(topology)
    judged = {}
    for edge in topology.edges:
        evidence = _seen(edge, sights, state=declared_state(edge, target_kind=kinds[edge.target]))
        if evidence.state == CONFIRMED and not evidence.inferred and now_s is not None:
            evidence = _missed(evidence, sights.of_edge[edge.id], now_s=now_s, allowed=allowed)
        is_silent = edge.kind == WRITE and edge.source in silent
        if evidence.state == UNDECLARED and (is_silent or not configured & {edge.source, edge.target}):
            evidence = replace(evidence, alone=True)
        judged[edge.id] = evidence
    return judged | _skewed(topology, judged)


def asks(evidence: Evidence, *, now_s: float) -> bool:
    """
    Does it want an answer? What was never seen does when its ends were watched for a day; what is undeclared does not
    where nobody declares anything, as of apps that are known by their spans alone, nor when it is over for long.
    """
    if evidence.accepted or evidence.alone or evidence.old or evidence.state == CONFIRMED:
        return False
    return evidence.state != NEVER or 0 < evidence.since_s <= now_s - WATCHED_S


def with_old(judged: Mapping[str, Evidence], *, before_s: float) -> dict[str, Evidence]:
    """The same, with what is undeclared marked old where it was seen last before `before_s`, unix seconds."""
    return {
        edge: replace(found, old=True) if found.state == UNDECLARED and 0 < found.last_s < before_s else found
        for edge, found in judged.items()
    }


def _configured(topology: Topology) -> set[str]:
    """Ids of the nodes that a config declares, or whose app has one."""
    apps = {node.app for node in topology.nodes if node.declared and node.app}
    return {node.id for node in topology.nodes if node.declared or node.app in apps}


def _silent_writers(topology: Topology) -> set[str]:
    """Ids of the nodes of Celery's apps: nothing in Celery could declare who sends a task."""
    apps = {app.key for app in topology.apps if app.version in (CELERY, CELERY_CLIENT)}
    return {node.id for node in topology.nodes if node.app in apps}


def _seen(edge: Edge, sights: EdgeSights, *, state: str) -> Evidence:
    own = sights.of_edge.get(edge.id, [])
    if own:
        first_s, last_s = first_and_last(own)
        count = sum(sight.count for sight in own)
        return Evidence(state=state, first_s=first_s, last_s=last_s, count=count, told=edge.id in sights.told)
    ends = [first_and_last(sights.of_node.get(end, ())) for end in (edge.source, edge.target)]
    if not edge.observed:
        return Evidence(state=state, since_s=min((first_s for first_s, _ in ends if first_s), default=0))
    # Both its ends ran: the later of their beginnings, and the earlier of their ends.
    first_s, last_s = max(first_s for first_s, _ in ends), min(last_s for _, last_s in ends)
    return Evidence(state=state, first_s=first_s, last_s=last_s, inferred=True)


def _missed(evidence: Evidence, own: Sequence[Sight], *, now_s: float, allowed: Allowed) -> Evidence:
    allowed_s = allowed(own)
    if allowed_s is None:
        return evidence
    state = QUIET if now_s - evidence.last_s > allowed_s else CONFIRMED
    return replace(evidence, state=state, allowed_s=int(allowed_s))


def _skewed(topology: Topology, judged: Mapping[str, Evidence]) -> dict[str, Evidence]:
    """Calls to an app that is there in another version only, and what was seen to go there instead."""
    versions: defaultdict[str, set[str]] = defaultdict(set)
    for app in topology.apps:
        name, _, version = app.key.partition(".")
        versions[name].add(version)
    found, meant = dict[str, Evidence](), set[tuple[str, str, str]]()
    for edge in topology.edges:
        if judged[edge.id].state == DANGLING:
            name, version, event = versioned_parts(dangling_name(edge.target))
            if version not in versions[name] and versions[name]:
                found[edge.id] = replace(judged[edge.id], state=SKEWED, versions=tuple(sorted(versions[name])))
                meant.add((edge.source, name, event))
    for edge in topology.edges:
        name, version, event = versioned_parts(edge.target)
        if judged[edge.id].state == UNDECLARED and (edge.source, name, event) in meant:
            found[edge.id] = replace(judged[edge.id], state=SKEWED, versions=(version,))
    return found
