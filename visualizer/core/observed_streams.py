"""Adds the streams that a broker has and nobody declares or was seen to use."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from visualizer.core.declared import stream_node
from visualizer.core.graph_builder import GraphBuilder
from visualizer.core.observed import MAX_UNDECLARED_NODES
from visualizer.core.stream_keys import undrawn_keys
from visualizer.models.node_id import AUTO


def add_observed_streams(graph: GraphBuilder, keys: Iterable[str]) -> None:
    """
    A node for each that has none. It is no sign that anybody wrote: a reader makes its stream.

    Args:
        keys: of the streams of all brokers.
    """
    missing = undrawn_keys(keys, list(graph.nodes.values()), list(graph.edges.values()), view=graph.view)
    for key in missing[:MAX_UNDECLARED_NODES]:
        graph.add_node(replace(stream_node(key, AUTO, view=graph.view), declared=False, observed=True))
    if left_out := len(missing[MAX_UNDECLARED_NODES:]):
        graph.warnings.append(f"{left_out} more undeclared streams are at brokers and are not drawn")
