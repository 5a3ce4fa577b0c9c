"""KeptView → Topology: what is drawn of a topology that was kept, entries of HTTP events included."""

from __future__ import annotations

from collections.abc import Container

from visualizer.models import node_id
from visualizer.models.kept_topology import KeptEdge, KeptNode, KeptView
from visualizer.models.runtime_config import REQUEST_TYPES
from visualizer.models.topology import CALL, REQUEST, App, Edge, Node, Topology


def restore_topology(kept: KeptView, *, view: str, seen: Container[str]) -> Topology:
    """
    The topology, as far as it was kept: neither processes nor plug-ins nor queues of streams are.

    Args:
        seen: ids of nodes of which anything was ever counted.
    """
    entries = {
        node.id: node_id.request_id(event_id=node.id, event_type=node.event_type)
        for node in kept.nodes
        if node.kind == node_id.EVENT and node.event_type in REQUEST_TYPES
    }
    nodes = [_node(node, seen) for node in kept.nodes]
    nodes += [_entry(node, entries[node.id]) for node in kept.nodes if node.id in entries]
    edges = [Edge(id=entry, source=entry, target=event, kind=REQUEST) for event, entry in entries.items()]
    edges += [_edge(edge, entries.get(edge.target) if edge.kind == CALL else None, seen) for edge in kept.edges]
    apps = tuple(App(key=app.key, name=app.name, version=app.version) for app in kept.apps)
    return Topology(view=view, apps=apps, nodes=tuple(nodes), edges=tuple(edges))


def _node(node: KeptNode, seen: Container[str]) -> Node:
    return Node(
        id=node.id,
        kind=node.kind,
        label=node.label,
        name=node.label.removeprefix(f"{node.app}.") if node.app else node.label,
        app=node.app,
        event_type=node.event_type,
        declared=node.declared,
        observed=not node.declared or node.id in seen,
    )


def _entry(node: KeptNode, entry: str) -> Node:
    kind = node.event_type
    return Node(id=entry, kind=node_id.REQUEST, label=kind, name=kind, app=node.app, declared=node.declared)


def _edge(edge: KeptEdge, entry: str | None, seen: Container[str]) -> Edge:
    return Edge(
        id=f"{edge.source} → {edge.target} {edge.kind} {edge.label}",
        source=edge.source,
        target=entry or edge.target,
        kind=edge.kind,
        label=edge.label,
        declared=edge.declared,
        # What was seen of edges then is not kept: both ends are.
        observed=not edge.declared or (edge.source in seen and edge.target in seen),
    )
