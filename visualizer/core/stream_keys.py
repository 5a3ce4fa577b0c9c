"""
Which streams of a broker a drawn stream stands for.

hopeit writes a queue into the stream `<stream>.<queue>`, AUTO into `<stream>` (hopeit.engine 0.30.1, server/engine.py,
_write_stream). The expanded view has a node for each; the standard view has one for all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from visualizer.core.stream_queues import stream_label
from visualizer.models.node_id import AUTO, EVENT, EXPANDED, STREAM
from visualizer.models.topology import READ, WRITE, Edge, Node


def keys_of(stream: Node, edges: Iterable[Edge], *, view: str, queues: Collection[str] = ()) -> list[str]:
    """The keys of a stream's queues. Args: queues: of these alone; empty: of all that its edges name, and AUTO."""
    if view == EXPANDED:
        # Its label is the key.
        return [stream.label]
    labels = {edge.label or AUTO for edge in edges if _touches(edge, stream.id)}
    return [stream_label(stream.label, queue, view=EXPANDED) for queue in sorted(queues or {AUTO, *labels})]


def undrawn_keys(keys: Iterable[str], nodes: Collection[Node], edges: Collection[Edge], *, view: str) -> list[str]:
    """
    Those keys that no node stands for.

    The standard view draws an event with its stages as one node, the streams between them inside it: these are named
    `<event>.<stage>`.
    """
    labels: dict[str, set[str]] = {}
    for edge in edges:
        if edge.kind in (READ, WRITE):
            labels.setdefault(edge.source if edge.kind == READ else edge.target, set()).add(edge.label or AUTO)
    drawn = {
        stream_label(node.label, queue, view=EXPANDED)
        for node in nodes
        if node.kind == STREAM
        for queue in ({AUTO} if view == EXPANDED else {AUTO, *labels.get(node.id, ())})
    }
    inside = tuple(f"{node.id}." for node in nodes if node.kind == EVENT) if view != EXPANDED else ()
    return sorted(key for key in set(keys) if key not in drawn and not (inside and key.startswith(inside)))


def _touches(edge: Edge, stream: str) -> bool:
    return edge.kind in (READ, WRITE) and stream in (edge.source, edge.target)
