"""A Topology as others read it."""

from __future__ import annotations

from typing import Any

import msgspec

from visualizer.core.untrusted import visible
from visualizer.models.topology import Topology


def topology_json(topology: Topology) -> dict[str, Any]:
    """Our own format: visualizer/models/topology.py says what the fields are."""
    return dict(msgspec.to_builtins(topology))


def only_app(topology: Topology, key: str) -> Topology:
    """An app, what it touches, and the lines between."""
    own = {node.id for node in topology.nodes if node.app == key}
    edges = tuple(edge for edge in topology.edges if own & {edge.source, edge.target})
    shown = own | {end for edge in edges for end in (edge.source, edge.target)}
    nodes = tuple(node for node in topology.nodes if node.id in shown)
    apps = {node.app for node in nodes}
    return msgspec.structs.replace(
        topology, nodes=nodes, edges=edges, apps=tuple(app for app in topology.apps if app.key in apps)
    )


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


def topology_graphml(topology: Topology) -> str:
    """For Gephi, yEd, Cytoscape, and for `networkx.parse_graphml(it)`. Names that XML cannot hold are spelled out."""
    import networkx

    graph = networkx.MultiDiGraph(view=topology.view)
    for app in topology.apps:
        servers = ", ".join(f"{server.host_name} {server.pid} {server.url}" for server in app.servers)
        graph.add_node(
            _app_id(visible(app.key)),
            **_visible({"kind": "app", "label": app.key, "name": app.name, "version": app.version, "servers": servers}),
        )
    for node in topology.nodes:
        graph.add_node(visible(node.id), **_visible(_without(msgspec.structs.asdict(node), "id")))
    for edge in topology.edges:
        data = _visible(_without(msgspec.structs.asdict(edge), "id", "source", "target"))
        graph.add_edge(visible(edge.source), visible(edge.target), key=visible(edge.id), **data)
    return "\n".join(networkx.generate_graphml(graph))


def _visible(data: dict[str, Any]) -> dict[str, Any]:
    return {name: visible(value) if isinstance(value, str) else value for name, value in data.items()}


def _without(data: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in names}


def _app_id(key: str) -> str:
    return f"app:{key}"
