"""Parts of a Topology: what belongs to some apps, what some words name."""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace

from visualizer.models.node_id import DANGLING, EXTERNAL, STREAM
from visualizer.models.topology import REQUEST, Topology

#: Belongs to everybody who touches it, wherever it is drawn.
_SHARED = (STREAM, DANGLING, EXTERNAL)


def of_apps(topology: Topology, keys: Collection[str]) -> Topology:
    """What belongs to apps, as the page's filters have it (static/js/shown.js, ofApps), and the lines between."""
    nodes = {node.id: node for node in topology.nodes}
    own = {node.id for node in topology.nodes if node.app in keys and node.kind not in _SHARED}
    touched = {
        far
        for edge in topology.edges
        for near, far in ((edge.source, edge.target), (edge.target, edge.source))
        if near in own and far in nodes and nodes[far].kind in _SHARED
    }
    return _with_nodes(topology, own | touched)


def apps_at(topology: Topology, url: str) -> set[str]:
    """Keys of the apps with a server of this URL."""
    return {app.key for app in topology.apps if any(server.url == url for server in app.servers)}


def only_named(topology: Topology, words: str) -> Topology:
    """What has every word in its id or name, in any case, and the lines between; entries go with their events."""
    wanted = words.casefold().split()
    named = {node.id for node in topology.nodes if all(word in f"{node.id} {node.name}".casefold() for word in wanted)}
    named |= {edge.source for edge in topology.edges if edge.kind == REQUEST and edge.target in named}
    return _with_nodes(topology, named)


def _with_nodes(topology: Topology, ids: Collection[str]) -> Topology:
    nodes = tuple(node for node in topology.nodes if node.id in ids)
    apps = {node.app for node in nodes}
    return replace(
        topology,
        nodes=nodes,
        edges=tuple(edge for edge in topology.edges if edge.source in ids and edge.target in ids),
        apps=tuple(app for app in topology.apps if app.key in apps),
    )
