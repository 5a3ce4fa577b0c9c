"""Topologies of any shape: strategies for Hypothesis, and large ones to measure with."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from visualizer.models.topology import App, Edge, Node, Topology

_KINDS = ("event", "event", "stream", "request", "dangling", "external")


@st.composite
def topologies(draw: st.DrawFn) -> Topology:
    """Nodes of any kind in any app or none, edges between any of them and to nodes that are not there."""
    keys = [f"app{number}.1x0" for number in range(draw(st.integers(0, 5)))]
    places = [*keys, "", "unknown.1x0"]
    looks = st.tuples(st.sampled_from(_KINDS), st.text(max_size=40), st.sampled_from(places))
    nodes = [
        Node(id=f"n{number}", kind=kind, label=name, name=name, app=app)
        for number, (kind, name, app) in enumerate(draw(st.lists(looks, max_size=40)))
    ]
    ends = st.sampled_from([*(node.id for node in nodes), "nowhere"])
    kinds = st.sampled_from(["request", "read", "write", "call"])
    edges = [
        Edge(id=f"e{number}", source=source, target=target, kind=kind)
        for number, (source, target, kind) in enumerate(draw(st.lists(st.tuples(ends, ends, kinds), max_size=60)))
    ]
    apps = tuple(App(key=key, name=key, version="1.0") for key in keys)
    return Topology(view="standard", apps=apps, nodes=tuple(nodes), edges=tuple(edges))


def large_topology(node_count: int, *, nodes_per_app: int, seed: int = 1) -> Topology:
    """Apps with requests, streams that are written and read, and calls between all of them; cycles, too."""
    random = Random(seed)
    apps: list[App] = []
    nodes: list[Node] = []
    edges: list[Edge] = []
    while len(nodes) < node_count:
        key = f"app_{len(apps)}.1x0"
        apps.append(App(key=key, name=f"app-{len(apps)}", version="1.0"))
        _fill_app(random, key, nodes, edges, up_to=min(node_count, len(nodes) + nodes_per_app))
    events = [node.id for node in nodes if node.kind == "event"]
    requests = [node.id for node in nodes if node.kind == "request"]
    for number in range(node_count // 5):
        source, target = random.choice(events), random.choice(requests)
        edges.append(Edge(id=f"call{number}", source=source, target=target, kind="call"))
    return Topology(view="standard", apps=tuple(apps), nodes=tuple(nodes), edges=tuple(edges))


def _fill_app(random: Random, key: str, nodes: list[Node], edges: list[Edge], *, up_to: int) -> None:
    streams: list[str] = []
    number = 0
    while len(nodes) < up_to:
        number += 1
        event, event_type = f"{key}.event_{number}", random.choice(["GET", "POST", "STREAM", "SERVICE"])
        name = f"event_{number}"
        nodes.append(Node(id=event, kind="event", label=event, name=name, app=key, event_type=event_type))
        if event_type in ("GET", "POST"):
            request = f"{event}.{event_type}"
            nodes.append(Node(id=request, kind="request", label=event_type, name=event_type, app=key))
            edges.append(Edge(id=request, source=request, target=event, kind="request"))
        if not streams or random.random() < 0.25:
            streams.append(f">{key}.stream_{len(streams)}")
            nodes.append(Node(id=streams[-1], kind="stream", label=streams[-1], name=streams[-1][1:], app=key))
        if random.random() < 0.6:
            stream = random.choice(streams)
            edges.append(Edge(id=f"{event}.{stream}.w", source=event, target=stream, kind="write"))
        if event_type == "STREAM":
            stream = random.choice(streams)
            edges.append(Edge(id=f"{event}.{stream}.r", source=stream, target=event, kind="read"))


@st.composite
def parts_of(draw: st.DrawFn, whole: Topology) -> list[Topology]:
    """The topology as it may have grown: each has all of the one before, and the last is whole."""
    steps = draw(st.integers(1, 3))
    begins = {
        thing: draw(st.integers(0, steps)) for thing in [*(a.key for a in whole.apps), *(n.id for n in whole.nodes)]
    }
    # A node without its app would belong to none, and move when the app comes.
    for node in whole.nodes:
        begins[node.id] = max(begins[node.id], begins.get(node.app, 0))
    return [
        Topology(
            view=whole.view,
            apps=tuple(app for app in whole.apps if begins[app.key] <= step),
            nodes=tuple(node for node in whole.nodes if begins[node.id] <= step),
            edges=whole.edges,
        )
        for step in range(steps + 1)
    ]
