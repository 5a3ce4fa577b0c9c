"""
What is drawn: nodes and edges of one view, with their places. DrawnTopology is its wire form (Redis, browser).
"""

from __future__ import annotations

import msgspec

#: Kinds of edges: request → event, stream → event, event → stream, event → request or event of another app or what is
#: outside.
REQUEST = "request"
READ = "read"
WRITE = "write"
CALL = "call"


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """One thing in the graph."""

    #: See visualizer/models/node_id.py.
    id: str
    #: event | request | stream | dangling | external.
    kind: str
    #: Full label: the event key, the stream's name, "GET" …
    label: str
    #: What is written on the node: the label without its app, e.g. "list_somethings".
    name: str
    #: Key of the app whose box it stands in; "" for none.
    app: str
    #: GET | POST | MULTIPART | STREAM | SERVICE | SETUP for events, "" otherwise.
    event_type: str = ""
    #: Plugin app key when the event is a plugin's.
    plugin: str = ""
    #: For streams: the queue in the expanded view, else "".
    queue: str = ""
    #: Declared in a config?
    declared: bool = True
    #: Seen in the logs?
    observed: bool = False


class Edge(msgspec.Struct, frozen=True, kw_only=True):
    """A directed connection."""

    #: Unique: the id hopeit's visualizer gives, see tests/fixtures/hopeit/README.md.
    id: str
    #: Node id.
    source: str
    #: Node id.
    target: str
    #: request | read | write | call.
    kind: str
    #: Queue name (empty for AUTO), target event of a call …
    label: str = ""
    #: Declared in a config?
    declared: bool = True
    #: Seen in the logs?
    observed: bool = False


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """A running process of an app, as its config answer lists it."""

    #: Host name and process id, as it tells them.
    host_name: str
    pid: str
    #: Base URL of its host.
    url: str


class App(msgspec.Struct, frozen=True, kw_only=True):
    """An app in the graph."""

    #: "simple_example.0x30".
    key: str
    #: Name as configured, "simple-example".
    name: str
    #: Version as configured, "0.30".
    version: str
    #: Running processes; empty when only observed.
    servers: tuple[Server, ...] = ()


class Topology(msgspec.Struct, frozen=True, kw_only=True):
    """One view of what is connected."""

    #: standard | expanded.
    view: str
    apps: tuple[App, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    #: What could not be used, in words for people.
    warnings: tuple[str, ...] = ()


class Box(msgspec.Struct, frozen=True, array_like=True):
    """A rectangle in CSS pixels: left, top, width, height."""

    x: float
    y: float
    w: float
    h: float


class DrawnTopology(msgspec.Struct, frozen=True, kw_only=True):
    """A topology with its layout."""

    #: Hash of the topology's content and of what its places rest on.
    version: str
    topology: Topology
    #: Node id → its box.
    nodes: dict[str, Box]
    #: App key → the box around its nodes, header included.
    apps: dict[str, Box]
    #: App key → further boxes of an app that has no room to grow where it stands.
    annexes: dict[str, tuple[Box, ...]] = {}
