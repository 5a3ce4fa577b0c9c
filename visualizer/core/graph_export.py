"""A Topology as others read it."""

from __future__ import annotations

from typing import Any

import msgspec

from visualizer.models.topology import Topology


def topology_json(topology: Topology) -> dict[str, Any]:
    """Our own format: visualizer/models/topology.py says what the fields are."""
    return dict(msgspec.to_builtins(topology))


def cytoscape_json(topology: Topology) -> dict[str, Any]:
    """
    For Cytoscape.js, `cytoscape({elements: it.elements})`, and for `networkx.cytoscape_graph(it)`.

    Apps are the parents of their nodes. Edges have the prefix edge_, as one id may not stand for a node and an edge.
    """
    # Half a second and 27 MiB: only who exports pays for it.
    import networkx

    graph = networkx.MultiDiGraph(view=topology.view)
    for app in topology.apps:
        graph.add_node(_app_id(app.key), kind="app", label=app.key, name=app.name, version=app.version)
    for node in topology.nodes:
        data = msgspec.structs.asdict(node)
        node_id, app = data.pop("id"), data["app"]
        graph.add_node(node_id, **data, **({"parent": _app_id(app)} if app else {}))
    for edge in topology.edges:
        data = msgspec.structs.asdict(edge)
        edge_id = f"edge_{data.pop('id')}"
        graph.add_edge(data.pop("source"), data.pop("target"), key=edge_id, id=edge_id, **data)
    return dict(networkx.cytoscape_data(graph))


def _app_id(key: str) -> str:
    return f"app:{key}"
