"""
A Picture is everything one view shows at one moment. The law between two of them, and the only thing a browser has
to know: apply(a, difference(a, b)) == b. static/js/graph.js is held to it by the same cases, delta_cases.json.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from visualizer.core.evidence import declared_state
from visualizer.models.delta import Adds, Delta, EdgeView, NodeStats, NodeView, Removes, Updates
from visualizer.models.topology import DrawnTopology

T = TypeVar("T")
#: (rate, wait).
EdgeNumbers = tuple[float | None, float | None]
#: (state, first, last, asks).
EdgeEvidence = tuple[str, int, int, bool]


@dataclass(frozen=True, slots=True)
class Picture:
    """Nodes, edges and apps of one view."""

    #: Node id → the node with its place and numbers.
    nodes: Mapping[str, NodeView] = field(default_factory=dict)
    #: Edge id → the edge with its numbers.
    edges: Mapping[str, EdgeView] = field(default_factory=dict)
    #: App key → {"key", "name", "version", "box", "hosts"}, and "annexes" where it has any.
    apps: Mapping[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """What a Delta carries, without its envelope."""

    #: New, or changed in more than its numbers: whole, replaces what has its id.
    add: Adds
    #: Only the numbers changed.
    update: Updates
    #: Gone.
    remove: Removes

    @property
    def empty(self) -> bool:
        """Is there nothing to say?"""
        return self == Difference(Adds(), Updates(), Removes())


def difference(before: Picture, after: Picture) -> Difference:
    """What turns one picture into the other."""
    add, update, remove = Adds(), Updates(), Removes()
    for node in after.nodes.values():
        old_node = before.nodes.get(node.id)
        if old_node is None or msgspec.structs.replace(old_node, stats=node.stats) != node:
            add.nodes.append(node)
        elif old_node.stats != node.stats:
            update.nodes[node.id] = node.stats
    for edge in after.edges.values():
        old_edge = before.edges.get(edge.id)
        if old_edge is None or with_evidence(with_numbers(old_edge, numbers_of(edge)), evidence_of(edge)) != edge:
            add.edges.append(edge)
            continue
        if numbers_of(old_edge) != numbers_of(edge):
            update.edges[edge.id] = numbers_of(edge)
        if evidence_of(old_edge) != evidence_of(edge):
            update.evidence[edge.id] = evidence_of(edge)
    add.apps = [app for key, app in after.apps.items() if before.apps.get(key) != app]
    remove.nodes = _gone(before.nodes, after.nodes)
    remove.edges = _gone(before.edges, after.edges)
    remove.apps = _gone(before.apps, after.apps)
    return Difference(add, update, remove)


def whole(picture: Picture) -> Difference:
    """The difference to nothing: a snapshot."""
    return difference(Picture(), picture)


def apply(before: Picture, delta: Delta | Difference) -> Picture:
    """The picture after a delta, as every browser makes it: remove, then add, then update."""
    if isinstance(delta, Delta) and delta.reset:
        before = Picture()
    nodes = {key: node for key, node in before.nodes.items() if key not in delta.remove.nodes}
    edges = {key: edge for key, edge in before.edges.items() if key not in delta.remove.edges}
    apps = {key: app for key, app in before.apps.items() if key not in delta.remove.apps}
    nodes |= {node.id: node for node in delta.add.nodes}
    edges |= {edge.id: edge for edge in delta.add.edges}
    apps |= {app["key"]: app for app in delta.add.apps}
    for key, stats in delta.update.nodes.items():
        nodes[key] = msgspec.structs.replace(nodes[key], stats=stats)
    for key, numbers in delta.update.edges.items():
        edges[key] = with_numbers(edges[key], numbers)
    for key, told in delta.update.evidence.items():
        edges[key] = with_evidence(edges[key], told)
    return Picture(nodes, edges, apps)


def numbers_of(edge: EdgeView) -> EdgeNumbers:
    """As Updates.edges has them."""
    return edge.rate, edge.wait


def evidence_of(edge: EdgeView) -> EdgeEvidence:
    """As Updates.evidence has it."""
    return edge.state, edge.first, edge.last, edge.asks


def with_numbers(edge: EdgeView, numbers: EdgeNumbers) -> EdgeView:
    """The edge with other numbers."""
    rate, wait = numbers
    return msgspec.structs.replace(edge, rate=rate, wait=wait)


def with_evidence(edge: EdgeView, evidence: EdgeEvidence) -> EdgeView:
    """The edge with other evidence."""
    state, first, last, asks = evidence
    return msgspec.structs.replace(edge, state=state, first=first, last=last, asks=asks)


def still_picture(drawn: DrawnTopology) -> Picture:
    """A topology with no numbers yet. What has no place cannot be drawn, and an edge needs both its ends."""
    topology = drawn.topology
    nodes = {
        node.id: NodeView(
            **{name: getattr(node, name) for name in node.__struct_fields__},
            box=drawn.nodes[node.id],
            stats=NodeStats(),
        )
        for node in topology.nodes
        if node.id in drawn.nodes
    }
    edges = {
        edge.id: EdgeView(
            **{name: getattr(edge, name) for name in edge.__struct_fields__},
            state=declared_state(edge, target_kind=nodes[edge.target].kind),
        )
        for edge in topology.edges
        if edge.source in nodes and edge.target in nodes
    }
    apps = {
        app.key: {
            "key": app.key,
            "name": app.name,
            "version": app.version,
            "box": list(msgspec.structs.astuple(drawn.apps[app.key])),
            "hosts": sorted({server.url for server in app.servers if server.url}),
            **({"annexes": [list(msgspec.structs.astuple(box)) for box in annexes]} if annexes else {}),
        }
        for app in topology.apps
        if app.key in drawn.apps
        for annexes in [drawn.annexes.get(app.key, ())]
    }
    return Picture(nodes, edges, apps)


def _gone(before: Mapping[str, T], after: Mapping[str, T]) -> list[str]:
    return [key for key in before if key not in after]
