"""Which incidents a node or an edge was part of at a time, for its panel."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from visualizer.models.alert import EDGE_MARK, Incident, Member
from visualizer.models.node_id import EXPANDED, across_views
from visualizer.models.topology import READ, REQUEST, WRITE, Edge


@dataclass(frozen=True, slots=True)
class OpenThen:
    """An incident that was open at a time, as one that is part of it sees it. Times are unix seconds."""

    key: str
    severity: str
    #: What was wrong here.
    words: str
    #: Since when that was so.
    since_s: float
    #: Name of the root that it followed from; "" where it is the root itself.
    root: str
    #: When the incident was over; 0: it still is open.
    resolved_s: float


def open_then(incidents: Iterable[Incident], subjects: Collection[str], at_s: float) -> Iterator[OpenThen]:
    """Those of which one of the subjects was a member at a time, unix seconds."""
    for incident in incidents:
        here = [member for member in incident.members if member.subject in subjects and _is_firing(member, at_s)]
        if here:
            first, head = min(here, key=lambda member: member.since_s), incident.head
            yield OpenThen(
                key=incident.key,
                severity=incident.severity,
                words=first.words,
                since_s=first.since_s,
                root="" if head.subject in subjects else head.name,
                resolved_s=incident.resolved_s,
            )


def node_subjects(node_id: str, edges: Iterable[Edge], *, view: str) -> set[str]:
    """
    How alerts name a node: as the standard view does, an entry as its event.

    Args:
        edges: of its topology.
    """
    touching = [edge for edge in edges if node_id in (edge.source, edge.target)]
    entered = {edge.target for edge in touching if edge.kind == REQUEST and edge.source == node_id}
    names = {node_id, *entered}
    if view == EXPANDED:
        queue = next((edge.label for edge in touching if edge.kind in (READ, WRITE)), "")
        names = {across_views(name, queue=queue) for name in names}
    return names


def edge_subjects(edges: Iterable[Edge], *, view: str) -> set[str]:
    """How alerts name the edges between two nodes."""
    found = set()
    for edge in edges:
        ends = (edge.source, edge.target)
        found.add(EDGE_MARK.join(across_views(end, queue=edge.label) if view == EXPANDED else end for end in ends))
    return found


def _is_firing(member: Member, at_s: float) -> bool:
    return member.since_s <= at_s and not 0 < member.until_s <= at_s
