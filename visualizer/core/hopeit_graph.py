"""
The map that hopeit's own visualizer puts under `graph.data`, its faults included where they are not mended: equal ids,
classes, labels, order.

Its rules are described in tests/fixtures/hopeit/README.md ("Graph rules"); our own graph, without the faults, is made
in core/topology.py. Edges arise where an output port and an input port have one name, and a later port of that name
takes the place of an earlier one: that is why an event which reads and writes one stream loses edges here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from visualizer.core.connection_target import calling_app_key, target_event_id
from visualizer.core.runtime_config import effective_events
from visualizer.core.stream_queues import written_queues
from visualizer.core.untrusted import quoted
from visualizer.models.node_id import AUTO, EXPANDED, STREAM_MARK
from visualizer.models.runtime_config import (
    REQUEST_TYPES,
    AppConfig,
    EventConfig,
    RuntimeConfig,
)

#: Labels that are not written on an edge.
_SILENT_LABELS = frozenset({AUTO, "GET", "POST", "MULTIPART"})


@dataclass(slots=True)
class _Node:
    id: str
    label: str
    #: EVENT | REQUEST | STREAM.
    css_class: str
    #: Names of ports.
    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)


def hopeit_graph(config: RuntimeConfig, *, view: str, mended: bool = False) -> tuple[dict[str, Any], tuple[str, ...]]:
    """
    The map of a filtered config, and what hopeit would have refused, in words.

    Args:
        config: made from answers with expand_events=true for the expanded view, =false for the standard one.
        view: standard | expanded.
        mended: no line takes the place of another one (docs/from-hopeit.md): the one that would has an id of its own.
    """
    warnings: list[str] = []
    events = effective_events(config)
    nodes: dict[str, _Node] = {}
    for _, event in events.values():
        _add_event(nodes, event, expanded=view == EXPANDED, mended=mended)
    apps = {app.key: app for app in config.apps}
    for _, event in events.values():
        _add_connections(nodes, event, apps, warnings, mended=mended)
    return {**_node_elements(nodes), **_edge_elements(nodes)}, tuple(warnings)


def _add_event(nodes: dict[str, _Node], event: EventConfig, *, expanded: bool, mended: bool) -> None:
    node = _Node(event.key, event.key, "EVENT")
    if event.type in REQUEST_TYPES:
        port = f"{event.key}.{event.type}"
        node.inputs.append(port)
        nodes[port] = _Node(port, event.type, "REQUEST", outputs=[port])
    if event.read_stream:
        queues = event.read_stream.queues
        for stream, ports in _stream_ports(nodes, event.key, event.read_stream.name, queues, expanded=expanded):
            stream.outputs.extend(ports)
            node.inputs.extend(ports)
    if event.write_stream:
        queues = written_queues(event, event.write_stream)
        for stream, ports in _stream_ports(nodes, event.key, event.write_stream.name, queues, expanded=expanded):
            if mended:
                ports = [_written_port(event.key, port) if port in node.inputs else port for port in ports]
            stream.inputs.extend(ports)
            node.outputs.extend(ports)
    nodes[event.key] = node


def _written_port(event_key: str, port: str) -> str:
    """Its own name for the port by which an event writes to what it also reads."""
    return f"{event_key}.{STREAM_MARK}{port.removeprefix(f'{event_key}.')}"


def _stream_ports(
    nodes: dict[str, _Node], event_key: str, name: str, queues: tuple[str, ...], *, expanded: bool
) -> list[tuple[_Node, list[str]]]:
    """The stream's node and the names of its ports; in the expanded view one of each a queue."""
    pairs = []
    for suffix, of_node in [(queue, (queue,)) for queue in queues] if expanded else [("", queues)]:
        node_id = f"{STREAM_MARK}{name}.{suffix}".strip(".")
        label = name if suffix in ("", AUTO) else f"{name}.{suffix}"
        stream = nodes.setdefault(node_id, _Node(node_id, label, "STREAM"))
        pairs.append((stream, [f"{event_key}.{label}.{queue}" for queue in of_node]))
    return pairs


def _add_connections(
    nodes: dict[str, _Node], event: EventConfig, apps: dict[str, AppConfig], warnings: list[str], *, mended: bool
) -> None:
    app = apps.get(calling_app_key(event.key))
    for connection in event.connections:
        to = app.connections.get(connection.app_connection) if app else None
        if to is None:
            name = quoted(connection.app_connection)
            warnings.append(f"event {quoted(event.key)} calls over {name}, which its app does not configure: left out")
            continue
        target = nodes.get(f"{target_event_id(connection, to)}.{connection.type}")
        if target is not None:
            port, caller = f"{event.key}.{to.name}.{connection.event}.{connection.type}", nodes[event.key]
            if mended and port in caller.outputs and port not in target.inputs:
                port = f"{event.key}.{target.id}"
            caller.outputs.append(port)
            target.inputs.append(port)


def _node_elements(nodes: dict[str, _Node]) -> dict[str, Any]:
    return {
        node.id: {"data": {"id": node.id, "content": _content(node.label)}, "classes": node.css_class}
        for node in nodes.values()
    }


def _edge_elements(nodes: dict[str, _Node]) -> dict[str, Any]:
    targets = {port: node.id for node in nodes.values() for port in node.inputs}
    sources = {port: node.id for node in nodes.values() for port in node.outputs}
    elements: dict[str, Any] = {}
    for port, source in sources.items():
        if port in targets:
            label = port.rpartition(".")[2]
            edge = {"id": f"edge_{port}", "source": source, "target": targets[port]}
            elements[edge["id"]] = {"data": {**edge, "label": "" if label in _SILENT_LABELS else label}}
    return elements


def _content(label: str) -> str:
    """A line break after the app key."""
    parts = label.split(".", maxsplit=2)
    return label if len(parts) < 3 else f"{parts[0]}.{parts[1]}\n{parts[2]}"
