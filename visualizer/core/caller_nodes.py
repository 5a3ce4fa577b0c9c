"""
Which event a caller names. Whoever is called tells its caller's app and event, not whether a plugin runs it, nor always
which stage called.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from collector.models.activity import CALLER, ActivityKey
from visualizer.core.observed_node import observed_node
from visualizer.models.node_id import EVENT, base_event, event_name
from visualizer.models.topology import CALL, Edge, Node


class CallerNodes:
    """The events of one view, found by their names."""

    def __init__(self, nodes: Iterable[Node], edges: Iterable[Edge], *, view: str) -> None:
        self._view = view
        self._events: defaultdict[tuple[str, str], list[Node]] = defaultdict(list)
        for node in nodes:
            if node.kind == EVENT:
                name = event_name(node.id, app=node.app, plugin=node.plugin)
                for each in {name, base_event(name)}:
                    self._events[node.app, each].append(node)
        self._declared = {(edge.source, edge.target) for edge in edges if edge.kind == CALL and edge.declared}

    def find(self, caller: ActivityKey, target: str) -> Node:
        """The event that called the node `target`: one that declares the call, if several have the name."""
        if caller.kind != CALLER:
            return observed_node(caller, view=self._view)
        named = self._events.get((caller.app, caller.event)) or self._events.get((caller.app, base_event(caller.event)))
        if not named:
            return observed_node(caller, view=self._view)
        return next((node for node in named if (node.id, target) in self._declared), named[0])
