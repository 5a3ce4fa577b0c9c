"""The node that stands for an activity that was seen."""

from __future__ import annotations

from collector.models.activity import CALL, EXTERNAL, PUBLISH, ActivityKey
from visualizer.models import node_id
from visualizer.models.topology import App, Node

#: What an activity's lines tell of its event's type; a request may be GET, POST or MULTIPART. Calls and messages that
#: no known event causes look like what runs on its own.
_EVENT_TYPES = {"stream": "STREAM", "service": "SERVICE", "setup": "SETUP", PUBLISH: "SERVICE", CALL: "SERVICE"}


def observed_node(key: ActivityKey, *, view: str) -> Node:
    """Its event, or something outside."""
    if key.kind == EXTERNAL:
        outside, name = node_id.external_id(key.stream), key.stream
        return Node(id=outside, kind=node_id.EXTERNAL, label=name, name=name, app="", declared=False, observed=True)
    outgoing = key.kind in (CALL, PUBLISH)
    event = node_id.outgoing_id(key) if outgoing else node_id.activity_event_id(key, view=view)
    return Node(
        id=event,
        kind=node_id.EVENT,
        label=event.removesuffix(node_id.OUTGOING_MARK) if outgoing else event,
        name=event,
        app=key.app,
        event_type=_EVENT_TYPES.get(key.kind, ""),
        plugin=key.plugin,
        declared=False,
        observed=True,
    )


def undeclared_app(key: str) -> App:
    """An app that no config names: its key is all that is known of it."""
    name, _, version = key.partition(".")
    return App(key=key, name=name, version=version)
