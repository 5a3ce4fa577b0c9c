"""An app of a Topology as an AsyncAPI 3.0 document: what it receives from streams and sends to them."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from typing import Any

from collector.models import document as words
from visualizer.models.node_id import AUTO, base_event
from visualizer.models.runtime_config import RuntimeConfig
from visualizer.models.topology import READ, WRITE, App, Edge, Node, Topology

_VERSION = "3.0.0"
#: What keys are made of, so that references to them need no escape.
_NO_KEY = re.compile(r"[^A-Za-z0-9_.-]+")


def asyncapi_json(topology: Topology, config: RuntimeConfig) -> dict[str, dict[str, Any]]:
    """
    App key → its document, for each app that reads or writes a stream.

    Args:
        topology: the expanded view, in which a queue is a channel: that is what a Redis stream is.
        config: tells consumer groups, which bindings of Redis have no place for: `x-consumer-group`.

    Whether something was declared and seen stands as `x-declared` and `x-observed`; what our source asyncapi needs to
    draw the same again, in the words of collector/models/document.py. Requests are left out: they are what the app's
    OpenAPI document tells.
    """
    nodes = {node.id: node for node in topology.nodes}
    groups = {
        (event.key, read.name): read.consumer_group
        for app in config.apps
        for event in app.events
        for read in event.reads
        if read.consumer_group
    }
    by_app: dict[str, list[Edge]] = {}
    for edge in topology.edges:
        if edge.kind in (READ, WRITE):
            by_app.setdefault(nodes[edge.target if edge.kind == READ else edge.source].app, []).append(edge)
    return {app.key: _document(app, by_app[app.key], nodes, groups) for app in topology.apps if app.key in by_app}


def _document(
    app: App, edges: list[Edge], nodes: Mapping[str, Node], groups: Mapping[tuple[str, str], str]
) -> dict[str, Any]:
    channels: dict[str, str] = {}
    operations: dict[str, Any] = {}
    for edge in edges:
        stream, event = (edge.source, edge.target) if edge.kind == READ else (edge.target, edge.source)
        channel = channels.setdefault(stream, _key(nodes[stream].label, channels.values()))
        action = "receive" if edge.kind == READ else "send"
        name = _stream_name(nodes[stream])
        group = groups.get((event, name)) or groups.get((base_event(event), name), "")
        operations[_key(f"{nodes[event].name}.{action}", operations)] = {
            "action": action,
            "channel": {"$ref": f"#/channels/{channel}"},
            "title": event,
            words.EVENT: event.removeprefix(f"{app.key}."),
            **({words.EVENT_TYPE: nodes[event].event_type} if nodes[event].event_type else {}),
            "x-declared": edge.declared,
            "x-observed": edge.observed,
            **({words.CONSUMER_GROUP: group} if group and action == "receive" else {}),
        }
    return {
        "asyncapi": _VERSION,
        "info": {
            "title": app.name,
            "version": app.version or "unknown",
            words.APP_KEY: app.key,
            "description": "Made by Eventscope from what the app declares and what it was seen to do.",
        },
        "channels": {key: _channel(nodes[stream]) for stream, key in channels.items()},
        "operations": operations,
    }


def _channel(stream: Node) -> dict[str, str]:
    """A queue is a stream of its own in Redis, named after both."""
    if stream.queue in ("", AUTO):
        return {"address": stream.label}
    return {"address": stream.label, words.STREAM: _stream_name(stream), words.QUEUE: stream.queue}


def _stream_name(stream: Node) -> str:
    return stream.label if stream.queue in ("", AUTO) else stream.label.removesuffix(f".{stream.queue}")


def _key(text: str, taken: Container[str]) -> str:
    """A key that needs no escape, and that nothing else has."""
    base = _NO_KEY.sub("_", text) or "_"
    key, number = base, 1
    while key in taken:
        number += 1
        key = f"{base}_{number}"
    return key
