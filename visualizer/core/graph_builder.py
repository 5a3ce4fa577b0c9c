"""A Topology while it is being made: ids stay unique, the first place of a node wins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from msgspec.structs import replace

from visualizer.core.untrusted import quoted
from visualizer.models.topology import App, Edge, Node

#: Stands between hopeit's id of an edge and what tells it apart from another edge of the same id.
ID_SUFFIX_MARK = "#"


@dataclass(slots=True)
class GraphBuilder:
    """Collects apps, nodes and edges of one view."""

    #: standard | expanded.
    view: str
    #: Key → app, in order.
    apps: dict[str, App] = field(default_factory=dict)
    #: Id → node, in order.
    nodes: dict[str, Node] = field(default_factory=dict)
    #: Id → edge, in order.
    edges: dict[str, Edge] = field(default_factory=dict)
    #: What could not be used.
    warnings: list[str] = field(default_factory=list)

    def add_node(self, node: Node) -> bool:
        """Add it unless it is there. False: the id belongs to something of another kind, which stays."""
        known = self.nodes.setdefault(node.id, node)
        if known.kind != node.kind:
            self.warnings.append(f"{quoted(node.id)} is the id of {known.kind} and {node.kind}: the first is drawn")
        return known.kind == node.kind

    def add_edge(self, edge: Edge) -> Edge:
        """
        Add it unless it is there.

        hopeit's ids do not tell reading from writing one stream, nor calls to two versions of one app: the edge that
        comes later gets the end that is not its event as a suffix, "loop.orders.AUTO#>orders".
        """
        known = self.edges.get(edge.id)
        if known is not None and (known.source, known.target) != (edge.source, edge.target):
            edge = replace(edge, id=f"{edge.id}{ID_SUFFIX_MARK}{edge.target}")
        if edge.id in self.edges and not _same_ends(self.edges[edge.id], edge):
            edge = replace(edge, id=f"{edge.id}{ID_SUFFIX_MARK}{edge.source}")
        return self.edges.setdefault(edge.id, edge)

    def mark_observed(self, *, nodes: Iterable[str] = (), edges: Iterable[str] = ()) -> None:
        """Say of these ids that they were seen."""
        for node_id in nodes:
            if not self.nodes[node_id].observed:
                self.nodes[node_id] = replace(self.nodes[node_id], observed=True)
        for edge_id in edges:
            if not self.edges[edge_id].observed:
                self.edges[edge_id] = replace(self.edges[edge_id], observed=True)


def _same_ends(one: Edge, other: Edge) -> bool:
    return (one.source, one.target) == (other.source, other.target)
