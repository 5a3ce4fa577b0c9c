"""Which runs and calls an edge was seen by: the same rules by which core/observed.py draws what was seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from collector.models.activity import CALL, CALLER, EXTERNAL, PUBLISH, ActivityKey
from visualizer.core.caller_nodes import CallerNodes
from visualizer.core.observed_node import observed_node
from visualizer.core.stream_queues import queue_label
from visualizer.models.evidence import Sight
from visualizer.models.node_id import REQUEST as REQUEST_KIND
from visualizer.models.node_id import activity_event_id, activity_stream_id, stream_id
from visualizer.models.topology import CALL as CALLS
from visualizer.models.topology import READ, REQUEST, WRITE, Topology

Runs = Mapping[ActivityKey, Sight]
#: (caller, callee) → what was seen of it.
CallSights = Mapping[tuple[ActivityKey, ActivityKey], Sight]


class EdgeSights:
    """Of one view."""

    def __init__(self, topology: Topology, runs: Runs, calls: CallSights) -> None:
        self._view = topology.view
        self._topology = topology
        #: Edge id → sights that tell of this edge and no other.
        self.of_edge: defaultdict[str, list[Sight]] = defaultdict(list)
        #: Node id → sights of its runs: of an event that ran, of a stream that was read.
        self.of_node: defaultdict[str, list[Sight]] = defaultdict(list)
        #: Ids of edges that only their callers' own words tell of.
        self.told: set[str] = set()
        self._add_runs(runs)
        self._add_calls(runs, calls)

    def _add_runs(self, runs: Runs) -> None:
        reads = {(e.source, e.target, e.label): e.id for e in self._topology.edges if e.kind == READ}
        requests = {e.target: e.id for e in self._topology.edges if e.kind == REQUEST}
        for key, sight in runs.items():
            if key.kind in (CALL, PUBLISH, EXTERNAL, CALLER):
                continue
            event, stream = activity_event_id(key, view=self._view), activity_stream_id(key, view=self._view)
            self.of_node[event].append(sight)
            if stream:
                self.of_node[stream].append(sight)
                if edge := reads.get((stream, event, queue_label(key.queue))):
                    self.of_edge[edge].append(sight)
            if key.kind == REQUEST_KIND and (edge := requests.get(event)):
                self.of_edge[edge].append(sight)

    def _add_calls(self, runs: Runs, calls: CallSights) -> None:
        entries = {e.target: e.source for e in self._topology.edges if e.kind == REQUEST}
        edges = {(e.source, e.target, e.kind): e.id for e in self._topology.edges if e.kind in (CALLS, WRITE)}
        callers = CallerNodes(self._topology.nodes, self._topology.edges, view=self._view)
        written = {callee for _, callee in calls if callee.kind == PUBLISH}
        alone = {(key, key): sight for key, sight in runs.items() if key.kind == PUBLISH and key not in written}
        for (caller, callee), sight in (*calls.items(), *alone.items()):
            if callee.kind == PUBLISH:
                source = observed_node(caller, view=self._view).id
                target = stream_id(stream=callee.stream, queue=callee.queue, view=self._view)
                edge = edges.get((source, target, WRITE))
            else:
                called = observed_node(callee, view=self._view).id
                target = entries.get(called, called)
                edge = edges.get((callers.find(caller, target).id, target, CALLS))
            if edge:
                self.of_edge[edge].append(sight)
                if caller.kind == CALLER:
                    self.told.add(edge)


def first_and_last(sights: Sequence[Sight]) -> tuple[int, int]:
    """Unix seconds of the oldest and the newest; (0, 0) of none."""
    first_s = min((sight.first_s for sight in sights if sight.last_s), default=0)
    return first_s, max((sight.last_s for sight in sights), default=0)
