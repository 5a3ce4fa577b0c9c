"""A Topology as a Mermaid flowchart, which GitHub, GitLab and many wikis draw."""

from __future__ import annotations

from visualizer.core.untrusted import visible
from visualizer.models.node_id import DANGLING, EXTERNAL, REQUEST, STREAM
from visualizer.models.topology import Edge, Node, Topology

#: Mermaid refuses to draw more, unless its `maxEdges` is raised where it is set up.
MOST_EDGES = 500
#: What needs no escape beside letters and digits.
_PLAIN = frozenset(" _.,:/$()-+=@?")
#: Kind of node → its shape; an event is a box with round corners.
_SHAPES = {
    REQUEST: ("((", "))"),
    STREAM: ("[(", ")]"),
    DANGLING: ("[", "]:::missing"),
    EXTERNAL: ("[[", "]]:::missing"),
}


def topology_mermaid(topology: Topology) -> str:
    """
    One flowchart with a subgraph for each app. Names are labels only: what is drawn has made-up ids.

    Lines: dotted was never seen; what is in no config says so.
    """
    ids = {node.id: f"n{number}" for number, node in enumerate(topology.nodes, start=1)}
    lines = ["flowchart LR"]
    # A plugin whose events all run in other apps would be an empty box.
    used = {node.app for node in topology.nodes}
    for number, app in enumerate((app for app in topology.apps if app.key in used), start=1):
        lines.append(f"  subgraph a{number}[{_quoted(f'{app.name} {app.version}')}]")
        lines += [f"    {_node(node, ids)}" for node in topology.nodes if node.app == app.key]
        lines.append("  end")
    apps = {app.key for app in topology.apps}
    lines += [f"  {_node(node, ids)}" for node in topology.nodes if node.app not in apps]
    # From files alone nothing was seen, and that is not worth a pattern.
    tells_seen = any(edge.observed for edge in topology.edges)
    for edge in topology.edges:
        lines.append(f"  {ids[edge.source]} {_arrow(edge, tells_seen=tells_seen)} {ids[edge.target]}")
    return "\n".join([*lines, "  classDef missing stroke-dasharray: 6 4"])


def mermaid_notes(topology: Topology) -> tuple[str, ...]:
    """What is to be known before it is drawn."""
    edges = len(topology.edges)
    if edges <= MOST_EDGES:
        return ()
    return (f"{edges} lines: Mermaid draws {MOST_EDGES} unless its maxEdges is raised; --app-prefix leaves some out",)


def _node(node: Node, ids: dict[str, str]) -> str:
    opens, closes = _SHAPES.get(node.kind, ("(", ")"))
    return f"{ids[node.id]}{opens}{_quoted(node.name)}{closes}"


def _arrow(edge: Edge, *, tells_seen: bool) -> str:
    label = " ".join(part for part in (edge.label, "" if edge.declared else "(undeclared)") if part)
    arrow = "-->" if edge.observed or not tells_seen else "-.->"
    return f"{arrow}|{_quoted(label)}|" if label else arrow


def _quoted(text: str) -> str:
    """In quotes, with Mermaid's own entities for all that might mean something to it, to Markdown or to HTML."""
    shown = visible(text) or " "
    return '"' + "".join(char if char.isalnum() or char in _PLAIN else f"#{ord(char)};" for char in shown) + '"'
