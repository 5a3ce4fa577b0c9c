"""A topology whose names try to be more than names, in every place where a format might take them for its own."""

from __future__ import annotations

from visualizer.models.node_id import EXPANDED, external_id
from visualizer.models.topology import CALL, READ, REQUEST, WRITE, App, Edge, Node, Server, Topology

#: Syntax of DOT, Mermaid, XML, HTML, Markdown, JSON; what is not seen; what turns what is seen around.
NAMES = (
    'a"];n1->n2;["',
    "back\\slash\\N\\l\\",
    "<script>alert(1)</script>",
    "&amp;&lt;b&gt;",
    "#35;#quot;",
    "`**bold**` _x_",
    "]] )) }} || -->",
    "end",
    "%%{init: {}}%%",
    "two\nlines\r\n",
    "\u202egnp.exe",
    "\x1b[31mred\x00",
    "~1/~0 %41",
    "日本 ü 😀",
    " ",
    "{x}",
)


def hostile_topology() -> Topology:
    """Each name as an app, an event, a stream, a queue and a call to what is not there."""
    apps = tuple(
        App(key=f"app{at}", name=name, version=name, servers=(Server(host_name=name, pid=name, url=name),))
        for at, name in enumerate(NAMES)
    )
    nodes: list[Node] = []
    edges: list[Edge] = []
    for at, name in enumerate(NAMES):
        event, stream, gone = f"{name}.{at}", f">{name}.{at}", external_id(f"{name}.{at}")
        nodes += [
            Node(id=f"{event}.GET", kind="request", label="GET", name="GET", app=f"app{at}"),
            Node(id=event, kind="event", label=name, name=name, app=f"app{at}", event_type="GET", plugin=name),
            Node(id=stream, kind="stream", label=name, name=name, app=f"app{at}", queue=name),
            Node(id=gone, kind="external", label=name, name=name, app="", declared=False, observed=True),
        ]
        edges += [
            Edge(id=f"enter {event}", source=f"{event}.GET", target=event, kind=REQUEST, observed=True),
            Edge(id=f"write {event}", source=event, target=stream, kind=WRITE, label=name),
            Edge(id=f"read {event}", source=stream, target=event, kind=READ, label=name, declared=False, observed=True),
            Edge(id=f"call {event}", source=event, target=gone, kind=CALL, label=name),
        ]
    return Topology(view=EXPANDED, apps=apps, nodes=tuple(nodes), edges=tuple(edges))
