"""A Topology in DOT, for graphviz: `dot -Tsvg`."""

from __future__ import annotations

from collections.abc import Iterator

from visualizer.core.untrusted import visible
from visualizer.models.node_id import DANGLING, EXTERNAL, REQUEST, STREAM
from visualizer.models.topology import Edge, Node, Topology

#: Kind of node → its look; an event is a box.
_LOOKS = {
    REQUEST: "shape=circle, fontsize=9, margin=0",
    STREAM: "shape=cylinder",
    DANGLING: "shape=box, style=dashed",
    EXTERNAL: "shape=component, style=dashed",
}


def topology_dot(topology: Topology) -> str:
    """
    One digraph with a cluster for each app.

    Names are labels only: what is drawn has made-up ids, and its own as `comment`. Lines: dotted was never seen, dashed
    is in no config or leads to what is not there.
    """
    ids = {node.id: f"n{number}" for number, node in enumerate(topology.nodes, start=1)}
    kinds = {node.id: node.kind for node in topology.nodes}
    lines = [
        "digraph eventscope {",
        '  graph [rankdir=LR, style=rounded, color=gray, fontname="sans-serif"];',
        '  node [shape=box, style=rounded, fontname="sans-serif"];',
        '  edge [fontname="sans-serif"];',
    ]
    # A plugin whose events all run in other apps would be an empty box.
    used = {node.app for node in topology.nodes}
    for number, app in enumerate((app for app in topology.apps if app.key in used), start=1):
        lines += [f"  subgraph cluster_{number} {{", f"    label={_quoted(f'{app.name} {app.version}')};"]
        lines += [f"    {_node(node, ids)}" for node in topology.nodes if node.app == app.key]
        lines.append("  }")
    apps = {app.key for app in topology.apps}
    lines += [f"  {_node(node, ids)}" for node in topology.nodes if node.app not in apps]
    # From files alone nothing was seen, and that is not worth a pattern.
    tells_seen = any(edge.observed for edge in topology.edges)
    lines += [
        f"  {ids[edge.source]} -> {ids[edge.target]}{_look(edge, kinds, tells_seen=tells_seen)};"
        for edge in topology.edges
    ]
    return "\n".join([*lines, "}"])


def _node(node: Node, ids: dict[str, str]) -> str:
    look = f", {_LOOKS[node.kind]}" if node.kind in _LOOKS else ""
    return f"{ids[node.id]} [label={_quoted(node.name)}, comment={_quoted(node.id)}{look}];"


def _look(edge: Edge, kinds: dict[str, str], *, tells_seen: bool) -> str:
    looks = list(_edge_looks(edge, kinds, tells_seen=tells_seen))
    return f" [{', '.join(looks)}]" if looks else ""


def _edge_looks(edge: Edge, kinds: dict[str, str], *, tells_seen: bool) -> Iterator[str]:
    if edge.label:
        yield f"label={_quoted(edge.label)}"
    if not edge.declared or DANGLING in (kinds[edge.source], kinds[edge.target]):
        yield "style=dashed"
    elif tells_seen and not edge.observed:
        yield "style=dotted"


def _quoted(text: str) -> str:
    r"""As a quoted string: `\N` and its like would be replaced, `&lt;` and its like drawn as what they stand for."""
    shown = visible(text).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
    return f'"{shown}"'
