"""Which nodes and edges of a view an activity moves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from collector.models.activity import ActivityKey
from visualizer.models.delta import EdgeView
from visualizer.models.node_id import AUTO, activity_event_id, activity_stream_id
from visualizer.models.topology import Edge


class Touched(NamedTuple):
    """What an activity moves."""

    #: Node ids.
    nodes: tuple[str, ...]
    #: Edge ids.
    edges: tuple[str, ...]


class Touching:
    """Worked out once an activity."""

    def __init__(self, nodes: Iterable[str], edges: Iterable[EdgeView | Edge], *, view: str) -> None:
        """Args: nodes: ids of what is drawn."""
        self._nodes, self._view = frozenset(nodes), view
        self._touched: dict[ActivityKey, Touched] = {}
        self._requests: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        self._reads: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for edge in edges:
            if edge.kind == "request":
                self._requests[edge.target].append((edge.source, edge.id))
            elif edge.kind == "read":
                self._reads[edge.source, edge.target].append((edge.label or AUTO, edge.id))

    def by(self, key: ActivityKey) -> Touched:
        """What this activity moves; nothing of what is not drawn."""
        if key not in self._touched:
            self._touched[key] = self._find(key)
        return self._touched[key]

    def _find(self, key: ActivityKey) -> Touched:
        event = activity_event_id(key, view=self._view)
        stream = activity_stream_id(key, view=self._view)
        entries = self._requests.get(event, []) if key.kind == "request" else []
        reads = self._reads.get((stream, event), []) if stream else []
        nodes = [event, *([stream] if stream else []), *(node for node, _ in entries)]
        # In the expanded view the stream's id already names the queue.
        edges = [edge for queue, edge in reads if self._view == "expanded" or queue == (key.queue or AUTO)]
        edges += [edge for _, edge in entries]
        return Touched(tuple(node for node in nodes if node in self._nodes), tuple(edges))
