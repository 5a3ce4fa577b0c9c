"""
A Picture is everything one view shows at one moment. The law between two of them, and the only thing a browser has
to know: apply(a, difference(a, b)) == b. static/js/graph.js is held to it by the same cases, delta_cases.json.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from visualizer.core.calm_numbers import EdgeStats, changed_stats, stats_change
from visualizer.core.evidence import declared_state
from visualizer.core.short_numbers import ShortNumbers
from visualizer.models.delta import Adds, Delta, EdgeView, NodeStats, NodeView, Removes, Updates
from visualizer.models.topology import DrawnTopology

T = TypeVar("T")
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
    #: `n` of nodes that just did something.
    pulse: list[int] = field(default_factory=list)

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
            update.nodes[node.n] = stats_change(old_node.stats, node.stats)
    for edge in after.edges.values():
        old_edge = before.edges.get(edge.id)
        if old_edge is None or with_evidence(with_numbers(old_edge, numbers_of(edge)), evidence_of(edge)) != edge:
            add.edges.append(edge)
            continue
        if numbers_of(old_edge) != numbers_of(edge):
            update.edges[edge.n] = numbers_of(edge)
        if evidence_of(old_edge) != evidence_of(edge):
            update.evidence[edge.n] = evidence_of(edge)
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
    node_ids, edge_ids = {node.n: key for key, node in nodes.items()}, {edge.n: key for key, edge in edges.items()}
    for n, change in delta.update.nodes.items():
        node = nodes[node_ids[n]]
        nodes[node.id] = msgspec.structs.replace(node, stats=changed_stats(node.stats, change))
    for n, numbers in delta.update.edges.items():
        edges[edge_ids[n]] = with_numbers(edges[edge_ids[n]], numbers)
    for n, told in delta.update.evidence.items():
        edges[edge_ids[n]] = with_evidence(edges[edge_ids[n]], told)
    return Picture(nodes, edges, apps)


def numbers_of(edge: EdgeView) -> EdgeStats:
    """As Updates.edges has them."""
    return edge.rate, edge.wait


def evidence_of(edge: EdgeView) -> EdgeEvidence:
    """As Updates.evidence has it."""
    return edge.state, edge.first, edge.last, edge.asks


def with_numbers(edge: EdgeView, numbers: EdgeStats) -> EdgeView:
    """The edge with other numbers."""
    rate, wait = numbers
    return msgspec.structs.replace(edge, rate=rate, wait=wait)


def with_evidence(edge: EdgeView, evidence: EdgeEvidence) -> EdgeView:
    """The edge with other evidence."""
    state, first, last, asks = evidence
    return msgspec.structs.replace(edge, state=state, first=first, last=last, asks=asks)


@dataclass(frozen=True, slots=True)
class Numbering:
    """What the nodes and edges of one view are called on the wire; kept from one topology to the next."""

    #: By node id.
    nodes: ShortNumbers = field(default_factory=ShortNumbers)
    #: By edge id.
    edges: ShortNumbers = field(default_factory=ShortNumbers)


def still_picture(drawn: DrawnTopology, numbering: Numbering | None = None) -> Picture:
    """A topology with no numbers yet. What has no place cannot be drawn, and an edge needs both its ends."""
    topology, numbering = drawn.topology, numbering or Numbering()
    nodes = {
        node.id: NodeView(
            **{name: getattr(node, name) for name in node.__struct_fields__},
            box=drawn.nodes[node.id],
            stats=NodeStats(),
            n=numbering.nodes.of(node.id),
        )
        for node in topology.nodes
        if node.id in drawn.nodes
    }
    edges = {
        edge.id: EdgeView(
            **{name: getattr(edge, name) for name in edge.__struct_fields__},
            n=numbering.edges.of(edge.id),
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
