"""What is placed together: the nodes of each app, each event with its request, and what links them."""

from __future__ import annotations

from dataclasses import dataclass, field

from visualizer.core.layout_app import Unit
from visualizer.models import node_id
from visualizer.models.topology import REQUEST, Edge, Node, Topology

#: Key of a group that is one node without an app: free things have no box around them.
FREE = "free"
APP = "app"
GroupKey = tuple[str, str]


@dataclass(slots=True)
class Group:
    """One app, or one node without app."""

    #: In order of their ids.
    units: list[Unit] = field(default_factory=list)
    #: Between these units.
    links: set[tuple[int, int]] = field(default_factory=set)
    #: Units that are linked to other groups.
    linked_outside: set[int] = field(default_factory=set)


def group_nodes(topology: Topology) -> tuple[dict[GroupKey, Group], set[tuple[GroupKey, GroupKey]]]:
    """
    The groups, ordered by key, and the links between different ones.

    The same whatever the order of the topology's nodes and edges. Edges to unknown nodes do not count.
    """
    apps = {app.key for app in topology.apps}
    groups = {(APP, key): Group() for key in sorted(apps)}
    nodes = sorted(topology.nodes, key=lambda node: node.id)
    request_of = _requests([node for node in nodes if node.app in apps], topology.edges)
    with_event = {request: event for event, request in request_of.items()}
    unit_of: dict[str, tuple[GroupKey, int]] = {}
    for node in nodes:
        if node.id in with_event:
            continue
        key = (APP, node.app) if node.app in apps else (FREE, node.id)
        group = groups.setdefault(key, Group())
        unit_of[node.id] = key, len(group.units)
        group.units.append(Unit(node, request_of.get(node.id, "")))
    for request, event in with_event.items():
        unit_of[request] = unit_of[event]
    return groups, _link(groups, unit_of, topology.edges)


def _requests(nodes: list[Node], edges: tuple[Edge, ...]) -> dict[str, str]:
    """Event → its request, where both are in one app; a request has one event and an event one request."""
    app_of = {node.id: node.app for node in nodes}
    requests = {node.id for node in nodes if node.kind == node_id.REQUEST}
    found: dict[str, str] = {}
    taken: set[str] = set()
    for source, target in sorted((edge.source, edge.target) for edge in edges if edge.kind == REQUEST):
        belong = source in requests and target in app_of and target not in requests and app_of[source] == app_of[target]
        if belong and target not in found and source not in taken:
            found[target] = source
            taken.add(source)
    return found


def _link(
    groups: dict[GroupKey, Group], unit_of: dict[str, tuple[GroupKey, int]], edges: tuple[Edge, ...]
) -> set[tuple[GroupKey, GroupKey]]:
    between: set[tuple[GroupKey, GroupKey]] = set()
    for edge in edges:
        source_unit, target_unit = unit_of.get(edge.source), unit_of.get(edge.target)
        if source_unit is None or target_unit is None or source_unit == target_unit:
            continue
        (source_key, source), (target_key, target) = source_unit, target_unit
        if source_key == target_key:
            groups[source_key].links.add((source, target))
        else:
            between.add((source_key, target_key))
            groups[source_key].linked_outside.add(source)
            groups[target_key].linked_outside.add(target)
    return between
