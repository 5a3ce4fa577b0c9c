"""Topologies of both views + what configs set → KeptTopology."""

from __future__ import annotations

from collections.abc import Iterable

from visualizer.models.kept_topology import KeptApp, KeptEdge, KeptNode, KeptTopology, KeptView, Settings
from visualizer.models.node_id import REQUEST
from visualizer.models.topology import REQUEST as REQUEST_EDGE
from visualizer.models.topology import Topology


def keep_topology(topologies: Iterable[Topology], settings: dict[str, Settings]) -> KeptTopology:
    """What is kept of them. Entries of HTTP events are left out: they come and go with their events."""
    return KeptTopology({one.view: _view(one) for one in topologies}, settings)


def _view(topology: Topology) -> KeptView:
    # A call leads to the entry of an HTTP event: here it leads to the event itself.
    entered = {edge.source: edge.target for edge in topology.edges if edge.kind == REQUEST_EDGE}
    return KeptView(
        apps=tuple(sorted(KeptApp(app.key, app.name, app.version) for app in topology.apps)),
        nodes=tuple(
            sorted(
                KeptNode(node.id, node.kind, node.label, node.app, node.event_type, node.declared)
                for node in topology.nodes
                if node.kind != REQUEST
            )
        ),
        edges=tuple(
            sorted(
                {
                    KeptEdge(edge.source, entered.get(edge.target, edge.target), edge.kind, edge.label, edge.declared)
                    for edge in topology.edges
                    if edge.kind != REQUEST_EDGE
                }
            )
        ),
    )
