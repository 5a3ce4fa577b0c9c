"""
A kept topology with the numbers of any time. Nothing of one time is remembered for the next, so that a moment looks the
same whatever was shown before it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from collector.models.activity import ActivityKey
from visualizer.core.calm_numbers import EdgeStats, stats_change
from visualizer.core.graph_state import Difference, Picture, difference, still_picture, with_numbers
from visualizer.core.node_state import read_edge_stats, stats_of
from visualizer.core.touching import Touching
from visualizer.models.delta import Adds, NodeStats, Removes, Updates
from visualizer.models.live import ActivityStats
from visualizer.models.topology import DrawnTopology

_NOTHING = NodeStats()


class Numbers(NamedTuple):
    """What ran at a time, by node and edge; where nothing did there is none."""

    nodes: dict[str, NodeStats]
    edges: dict[str, EdgeStats]


class ThenGraph:
    """One view."""

    def __init__(self, drawn: DrawnTopology, keys: Mapping[int, ActivityKey]) -> None:
        """Args: keys: the activities that move something in it, by their ids."""
        #: The same for the same topology in the same places: then things have the same numbers (`n`), too.
        self.version = drawn.version
        self.drawn = drawn
        #: What it looks like while nothing runs.
        self.still = still_picture(drawn)
        self._touching = Touching(self.still.nodes, self.still.edges.values(), view=drawn.topology.view)
        self.keys = keys

    def numbers(self, activities: Iterable[ActivityStats]) -> Numbers:
        """What these activities amount to."""
        nodes, edges = defaultdict[str, list[ActivityStats]](list), defaultdict[str, list[ActivityStats]](list)
        for stats in activities:
            touched = self._touching.by(stats.key)
            for node in touched.nodes:
                nodes[node].append(stats)
            for edge in touched.edges:
                edges[edge].append(stats)
        return Numbers(
            {node: stats_of(self.still.nodes[node].kind, parts) for node, parts in nodes.items()},
            {edge: read_edge_stats(parts) for edge, parts in edges.items()},
        )

    def picture(self, numbers: Numbers) -> Picture:
        """With these numbers."""
        nodes, edges = dict(self.still.nodes), dict(self.still.edges)
        for node, stats in numbers.nodes.items():
            nodes[node] = msgspec.structs.replace(nodes[node], stats=stats)
        for edge, told in numbers.edges.items():
            edges[edge] = with_numbers(edges[edge], told)
        return Picture(nodes, edges, self.still.apps)

    def difference(self, before: Numbers, after: Numbers) -> Difference:
        """What turns the one picture into the other, at the cost of what ran."""
        update, nodes, edges = Updates(), self.still.nodes, self.still.edges
        for node in {**before.nodes, **after.nodes}:
            was, now = before.nodes.get(node, _NOTHING), after.nodes.get(node, _NOTHING)
            if was != now:
                update.nodes[nodes[node].n] = stats_change(was, now)
        for edge in {**before.edges, **after.edges}:
            if before.edges.get(edge) != after.edges.get(edge):
                update.edges[edges[edge].n] = after.edges.get(edge, (None, None))
        return Difference(Adds(), update, Removes())


def difference_of(before: tuple[ThenGraph, Numbers], after: tuple[ThenGraph, Numbers]) -> Difference:
    """What turns the picture of one moment into that of another."""
    (graph, was), (other, now) = before, after
    return graph.difference(was, now) if graph is other else difference(graph.picture(was), other.picture(now))
