"""
One view with its numbers. Which nodes and edges an activity moves is worked out once per topology, so that a change
costs what it touches, not what there is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from collector.models.activity import ActivityKey
from visualizer.core.calm_numbers import EdgeStats, Telling, calmed, edge_pause_s, node_pause_s, stats_change
from visualizer.core.graph_state import (
    Difference,
    EdgeEvidence,
    Numbering,
    Picture,
    evidence_of,
    still_picture,
    with_evidence,
    with_numbers,
)
from visualizer.core.halted import Halts
from visualizer.core.node_state import read_edge_stats, stats_of
from visualizer.core.pulses import Pulses
from visualizer.core.state_memory import StateMemory
from visualizer.core.touching import Touching
from visualizer.models.delta import Adds, Removes, StatsChange, Updates
from visualizer.models.evidence import Evidence
from visualizer.models.live import ActivityStats
from visualizer.models.node_id import REQUEST
from visualizer.models.topology import DrawnTopology

Parts = dict[ActivityKey, ActivityStats]


class LiveGraph:
    """A picture that follows the numbers."""

    def __init__(
        self,
        drawn: DrawnTopology,
        *,
        memory: StateMemory,
        numbering: Numbering | None = None,
        evidence: Mapping[str, Evidence] | None = None,
        halts: Halts | None = None,
    ) -> None:
        """Args: evidence: edge id → what it rests on, where that is not confirmed; None while nobody has looked."""
        self._halts = halts or Halts()
        still = still_picture(drawn, numbering)
        #: What is shown now. Owned by this graph: changed in place.
        self.nodes, self.edges, self.apps = dict(still.nodes), dict(still.edges), dict(still.apps)
        self._touching = Touching(still.nodes, still.edges.values(), view=drawn.topology.view)
        self._memory = memory
        self._pulses = Pulses()
        self._telling_nodes, self._telling_edges = Telling(), Telling()
        self._node_parts: defaultdict[str, Parts] = defaultdict(dict)
        self._edge_parts: defaultdict[str, Parts] = defaultdict(dict)
        #: Edge id → what the topology alone says of it.
        self._declared = {edge.id: evidence_of(edge) for edge in still.edges.values()}
        if evidence is not None:
            self.rest_on(evidence)
        memory.keep_only(self.nodes)

    def picture(self) -> Picture:
        """What is shown now, to keep."""
        return Picture(dict(self.nodes), dict(self.edges), dict(self.apps))

    def begin(self, activities: Iterable[ActivityStats], now_s: float) -> None:
        """Take in what there is: none of it has just happened."""
        self.take(activities, now_s)
        self._renew_nodes(list(Halts().changed(self._halts, self.nodes)), now_s)
        self._pulses.forget()

    def take(self, changed: Iterable[ActivityStats], now_s: float) -> Difference:
        """Take in activities, whole; returns what it changed."""
        nodes, edges = self._due(now_s)
        for stats in changed:
            touched = self._touching.by(stats.key)
            for node in touched.nodes:
                _put(self._node_parts[node], stats)
            for edge in touched.edges:
                _put(self._edge_parts[edge], stats)
            nodes.update(touched.nodes)
            edges.update(touched.edges)
        return self._difference(nodes, edges, now_s)

    def rest_on(self, evidence: Mapping[str, Evidence]) -> Difference:
        """Take in what edges rest on, of all of them; returns what it changed."""
        updates = Updates()
        for key, edge in self.edges.items():
            told = _told(evidence.get(key), declared=self._declared[key])
            if told != evidence_of(edge):
                updates.evidence[edge.n] = told
                self.edges[key] = with_evidence(edge, told)
        return Difference(Adds(), updates, Removes())

    def halt(self, halts: Halts, now_s: float) -> Difference:
        """Take in what stands still; returns what it changed."""
        changed, self._halts = list(self._halts.changed(halts, self.nodes)), halts
        return self._difference(changed, (), now_s)

    def tick(self, now_s: float) -> Difference:
        """What is due though nothing happened: states that turn, numbers that were held back."""
        return self._difference(*self._due(now_s), now_s)

    def _due(self, now_s: float) -> tuple[set[str], set[str]]:
        nodes = {*self._memory.due(now_s), *self._telling_nodes.due(now_s)}
        return nodes, set(self._telling_edges.due(now_s))

    def _difference(self, nodes: Iterable[str], edges: Iterable[str], now_s: float) -> Difference:
        update = Updates(nodes=self._renew_nodes(nodes, now_s), edges=self._renew_edges(edges, now_s))
        pulse = [self.nodes[key].n for key in self._pulses.take(now_s)]
        return Difference(Adds(), update, Removes(), pulse)

    def _renew_nodes(self, ids: Iterable[str], now_s: float) -> dict[int, StatsChange]:
        changed: dict[int, StatsChange] = {}
        for key in ids:
            node = self.nodes[key]
            stats = stats_of(node.kind, self._node_parts[key].values())
            stats.state = self._memory.show(key, stats.state, now_s)
            self._halts.show(node, stats)
            if node.kind != REQUEST:  # An entry moves with its event: one pulse says it.
                self._pulses.add(key, stats.last)
            if self._telling_nodes.may(key, now_s, pause_s=node_pause_s(node.stats, stats)):
                shown = calmed(node.stats, stats)
                changed[node.n] = stats_change(node.stats, shown)
                self.nodes[key] = msgspec.structs.replace(node, stats=shown)
        return changed

    def _renew_edges(self, ids: Iterable[str], now_s: float) -> dict[int, EdgeStats]:
        changed: dict[int, EdgeStats] = {}
        for key in ids:
            edge = self.edges[key]
            stats = read_edge_stats(self._edge_parts[key].values())
            if self._telling_edges.may(key, now_s, pause_s=edge_pause_s((edge.rate, edge.wait), stats)):
                changed[edge.n] = stats
                self.edges[key] = with_numbers(edge, stats)
        return changed


def _told(evidence: Evidence | None, *, declared: EdgeEvidence) -> EdgeEvidence:
    if evidence is None:
        # An edge that has just come is not judged yet.
        return declared
    return evidence.state, evidence.first_s, evidence.last_s, evidence.asks


def _put(parts: Parts, stats: ActivityStats) -> None:
    if is_over(stats):
        parts.pop(stats.key, None)
    else:
        parts[stats.key] = stats


def is_over(stats: ActivityStats) -> bool:
    """Has this activity left the window, with nothing pending?"""
    return not (stats.started or stats.done or stats.failed or stats.ignored or stats.recent or stats.pending)
