"""The neighbours of a node, each with the numbers of what passes between them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from collector.models.activity import ActivityKey
from visualizer.core.edge_numbers import EdgeNumbers, edge_numbers
from visualizer.interfaces.drift import drift_of
from visualizer.interfaces.node_marks import shape_of
from visualizer.interfaces.panel_facts import PanelFacts
from visualizer.interfaces.panel_numbers import read_numbers
from visualizer.models.node_id import AUTO, STANDARD
from visualizer.models.topology import READ, WRITE, Edge, Node


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A row of the panel."""

    #: from | to.
    way: str
    node: Node
    shape: str
    #: Its queues, or its app.
    label: str
    #: The graph page with it selected, and with the line to it selected.
    href: str
    edge_href: str
    #: Ends of that line.
    source: str
    target: str
    numbers: EdgeNumbers
    #: What that line rests on, where it is not confirmed: "Gone quiet".
    said: str


def find_neighbours(facts: PanelFacts, node_id: str, keys: Mapping[int, ActivityKey]) -> list[Neighbour]:
    """Who calls or feeds the node, then what it calls or feeds: one query."""
    ends: dict[tuple[str, str, str], list[Edge]] = {}
    for edge in facts.edges:
        if edge.target == node_id:
            ends.setdefault(("from", edge.source, node_id), []).append(edge)
        if edge.source == node_id:
            ends.setdefault(("to", node_id, edge.target), []).append(edge)
    touching = [edge for edges in ends.values() for edge in edges]
    counts = facts.passes(touching)
    minute = read_numbers(facts, {pk: key for pk, key in keys.items() if counts(key)} if ends else {})
    drift = {row.edge.id: row for row in drift_of(facts, touching, now_s=time.time())}
    found = []
    for (way, source, target), edges in sorted(ends.items(), key=lambda item: item[0][0]):
        node, here = facts.nodes[source if way == "from" else target], facts.passes(edges)
        found.append(
            Neighbour(
                way=way,
                node=node,
                shape=shape_of(node.kind, node.event_type),
                label=", ".join(dict.fromkeys(_label(edge, node, facts.view) for edge in edges)),
                href=facts.address(node=node.id),
                edge_href=facts.address(edge=f"{source}>{target}"),
                source=source,
                target=target,
                numbers=edge_numbers(edges, [stats for stats in minute if here(stats.key)]),
                said=", ".join(dict.fromkeys(drift[edge.id].state_words for edge in edges if edge.id in drift)),
            )
        )
    return found


def _label(edge: Edge, node: Node, view: str) -> str:
    # The queues of one stream stand in one row.
    return edge.label or (AUTO if edge.kind in (READ, WRITE) and view == STANDARD else node.app)
