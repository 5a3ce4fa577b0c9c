"""Adds what configs declare to a graph: events, their requests, streams and calls."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from visualizer.core.connection_target import calling_app_key, target_event_id
from visualizer.core.graph_builder import GraphBuilder
from visualizer.core.stream_queues import queue_label, stream_edge_id, stream_label, written_queues
from visualizer.models import node_id
from visualizer.models.runtime_config import REQUEST_TYPES, AppConfig, Connection, EventConfig
from visualizer.models.topology import CALL, READ, REQUEST, WRITE, Edge, Node


def add_event(graph: GraphBuilder, app: AppConfig, event: EventConfig) -> None:
    """Add an event with all it needs, in hopeit's order: its request, what it reads, what it writes, itself."""
    request = node_id.request_id(event_id=event.key, event_type=event.type) if event.type in REQUEST_TYPES else ""
    if request:
        graph.add_node(Node(id=request, kind=node_id.REQUEST, label=event.type, name=event.type, app=app.key))
    for read in event.reads:
        _add_streams(graph, read.name, read.queues)
    for write in event.writes:
        _add_streams(graph, write.name, written_queues(event, write))
    graph.add_node(
        Node(
            id=event.key,
            kind=node_id.EVENT,
            label=event.key,
            name=event.key,
            app=app.key,
            event_type=event.type,
            plugin=_plugin_of(event.key, app),
        )
    )
    if request:
        graph.add_edge(Edge(id=request, source=request, target=event.key, kind=REQUEST))
    for read in event.reads:
        for queue in read.queues:
            graph.add_edge(read_edge(event.key, read.name, queue, view=graph.view))
    for write in event.writes:
        for queue in written_queues(event, write):
            graph.add_edge(write_edge(event.key, write.name, queue, view=graph.view))


def add_calls(graph: GraphBuilder, event: EventConfig, *, apps: Mapping[str, AppConfig], known: Container[str]) -> None:
    """
    Add the edges of an event's calls; what a call cannot reach becomes a dangling node.

    Args:
        apps: key → config.
        known: keys of all events of all configs, also of those that are filtered out: calls to these are not drawn.
    """
    for name in event.externals:
        outside = node_id.external_id(name)
        graph.add_node(Node(id=outside, kind=node_id.EXTERNAL, label=name, name=name, app=""))
        graph.add_edge(Edge(id=f"{event.key} → {outside}", source=event.key, target=outside, kind=CALL, label=name))
    app = apps.get(calling_app_key(event.key))
    for call in event.connections:
        to = app.connections.get(call.app_connection) if app else None
        # Without an entry the calling app does not say whom it means: the name of the connection stands for it.
        called_app = to.name if to else call.app_connection
        target_event = target_event_id(call, to) if to else f"{call.app_connection}.{call.event}"
        target = node_id.request_id(event_id=target_event, event_type=call.type)
        if target not in graph.nodes:
            if to and target_event in known and target_event not in graph.nodes:
                continue
            target = _add_dangling(graph, target, call)
        edge_id = f"{event.key}.{called_app}.{call.event}.{call.type}"
        graph.add_edge(Edge(id=edge_id, source=event.key, target=target, kind=CALL, label=call.event))


def stream_node(name: str, queue: str, *, view: str) -> Node:
    """A stream (standard view) or one of its queues (expanded view); its app is found when all edges are known."""
    label = stream_label(name, queue, view=view)
    return Node(
        id=node_id.stream_id(stream=name, queue=queue, view=view),
        kind=node_id.STREAM,
        label=label,
        name=label,
        app="",
        queue="" if view == node_id.STANDARD else queue or node_id.AUTO,
    )


def read_edge(event_id: str, stream: str, queue: str, *, view: str) -> Edge:
    """The edge stream → event of one queue."""
    return Edge(
        id=stream_edge_id(event_id, stream, queue, view=view),
        source=node_id.stream_id(stream=stream, queue=queue, view=view),
        target=event_id,
        kind=READ,
        label=queue_label(queue),
    )


def write_edge(event_id: str, stream: str, queue: str, *, view: str) -> Edge:
    """The edge event → stream of one queue."""
    return Edge(
        id=stream_edge_id(event_id, stream, queue, view=view),
        source=event_id,
        target=node_id.stream_id(stream=stream, queue=queue, view=view),
        kind=WRITE,
        label=queue_label(queue),
    )


def _add_streams(graph: GraphBuilder, name: str, queues: Iterable[str]) -> None:
    # In the standard view a stream without any queue is a node all the same, as in hopeit.
    for queue in queues if graph.view == node_id.EXPANDED else (node_id.AUTO,):
        graph.add_node(stream_node(name, queue, view=graph.view))


def _add_dangling(graph: GraphBuilder, target: str, call: Connection) -> str:
    dangling = node_id.dangling_id(target)
    graph.add_node(
        Node(id=dangling, kind=node_id.DANGLING, label=target, name=call.event, app="", event_type=call.type)
    )
    return dangling


def _plugin_of(event_key: str, app: AppConfig) -> str:
    for plugin in app.plugins:
        if event_key.startswith(f"{app.key}.{plugin}."):
            return plugin
    return ""
