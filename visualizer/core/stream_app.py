"""Finds the app in whose box a stream is drawn."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from msgspec.structs import replace

from visualizer.models import node_id
from visualizer.models.topology import READ, WRITE, Edge, Node


def with_stream_apps(nodes: Mapping[str, Node], edges: Iterable[Edge], *, apps: Container[str]) -> list[Node]:
    """The nodes, streams with their app: the one whose key begins their name, else the first writer's or reader's."""
    writers: dict[str, str] = {}
    readers: dict[str, str] = {}
    for edge in edges:
        if edge.kind == WRITE:
            writers.setdefault(edge.target, nodes[edge.source].app)
        elif edge.kind == READ:
            readers.setdefault(edge.source, nodes[edge.target].app)

    def app_of(stream: Node) -> str:
        named = ".".join(stream.label.split(".", maxsplit=2)[:2])
        return named if named in apps else writers.get(stream.id) or readers.get(stream.id, "")

    return [replace(node, app=app_of(node)) if node.kind == node_id.STREAM else node for node in nodes.values()]
