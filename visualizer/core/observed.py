"""Marks what was seen in a graph of what is declared, and adds what was seen and is declared nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from collector.models.activity import CALL, CALLER, EXTERNAL, PUBLISH, ActivityKey
from visualizer.core.declared import read_edge, stream_node
from visualizer.core.graph_builder import GraphBuilder
from visualizer.core.observed_calls import Calls, add_observed_calls
from visualizer.core.observed_node import observed_node, undeclared_app
from visualizer.core.stream_queues import queue_label
from visualizer.models import node_id
from visualizer.models.topology import READ, REQUEST, WRITE, Node

#: Names in logs are somebody else's choice: more undeclared things than this are a fault of theirs, and no picture.
MAX_UNDECLARED_NODES = 1000

#: What others cause, and who was named by others: drawn as an edge.
_OUTGOING = (PUBLISH, CALL, EXTERNAL, CALLER)


def add_observed(graph: GraphBuilder, observed: Iterable[ActivityKey], calls: Calls = ()) -> None:
    """
    Mark or add the event, the request, and the stream and its edge of each activity, and what they call and write to.

    hopeit's lines tell who read and who called, not who wrote: a declared write counts as seen when both its ends were.
    Spans tell all three.
    """
    most_nodes = len(graph.nodes) + MAX_UNDECLARED_NODES
    requests = {edge.target: edge.source for edge in graph.edges.values() if edge.kind == REQUEST}
    reads = {(edge.target, edge.source, edge.label): edge.id for edge in graph.edges.values() if edge.kind == READ}
    left_out = 0
    keys = sorted(set(observed))
    for key in keys:
        if key.kind in _OUTGOING:
            continue
        event = observed_node(key, view=graph.view)
        stream = _stream_node(key, view=graph.view) if _reads_a_drawn_stream(graph, key) else None
        new = [node for node in (event, stream) if node and node.id not in graph.nodes]
        if len(graph.nodes) + len(new) > most_nodes:
            left_out += 1
            continue
        if not graph.add_node(event) or (stream and not graph.add_node(stream)):
            continue
        graph.apps.setdefault(key.app, undeclared_app(key.app))
        graph.mark_observed(nodes=[event.id])
        if stream:
            _observe_read(graph, key, event.id, stream.id, reads)
        if key.kind == "request" and event.id in requests:
            graph.mark_observed(nodes=[requests[event.id]], edges=[requests[event.id]])
    outgoing = [key for key in keys if key.kind == PUBLISH]
    left_out += add_observed_calls(graph, outgoing, calls, requests, most_nodes=most_nodes)
    _observe_between_seen_ends(graph)
    if left_out:
        graph.warnings.append(f"{left_out} more undeclared activities were seen and are not drawn")


def _stream_node(key: ActivityKey, *, view: str) -> Node:
    return replace(stream_node(key.stream, key.queue, view=view), declared=False)


def _reads_a_drawn_stream(graph: GraphBuilder, key: ActivityKey) -> bool:
    """
    False for no stream, and in the standard view for streams between the stages of one event: it draws the stages as
    one node, and as hopeit names such a stream `<event>.<stage>`, it belongs inside that node.
    """
    if not key.stream or graph.view == node_id.EXPANDED or node_id.STAGE_MARK not in key.event:
        return bool(key.stream)
    stream = node_id.stream_id(stream=key.stream, queue=key.queue, view=graph.view)
    base = node_id.base_event(key.event)
    owners = {f"{key.app}.{base}.", f"{node_id.event_id(app=key.app, plugin=key.plugin, event=base)}."}
    return stream in graph.nodes or not key.stream.startswith(tuple(owners))


def _observe_read(
    graph: GraphBuilder, key: ActivityKey, event: str, stream: str, reads: Mapping[tuple[str, str, str], str]
) -> None:
    edge_id = reads.get((event, stream, queue_label(key.queue)))
    if edge_id is None:
        edge = read_edge(event, key.stream, key.queue, view=graph.view)
        edge_id = graph.add_edge(replace(edge, declared=False)).id
    graph.mark_observed(nodes=[stream], edges=[edge_id])


def _observe_between_seen_ends(graph: GraphBuilder) -> None:
    seen = {node.id for node in graph.nodes.values() if node.observed}
    inferred = [edge.id for edge in graph.edges.values() if edge.kind == WRITE]
    graph.mark_observed(edges=[i for i in inferred if {graph.edges[i].source, graph.edges[i].target} <= seen])
