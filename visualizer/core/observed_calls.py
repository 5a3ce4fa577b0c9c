"""Adds what spans tell of the other side to a graph: who writes to a stream, who calls whom, and what is outside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from collector.models.activity import PUBLISH, ActivityKey
from visualizer.core.caller_nodes import CallerNodes
from visualizer.core.declared import stream_node, write_edge
from visualizer.core.graph_builder import GraphBuilder
from visualizer.core.observed_node import observed_node, undeclared_app
from visualizer.models.topology import CALL, WRITE, Edge, Node

#: (caller, callee); a callee of kind "publish" says which run wrote the message.
Calls = Iterable[tuple[ActivityKey, ActivityKey]]


def add_observed_calls(
    graph: GraphBuilder,
    published: Iterable[ActivityKey],
    calls: Calls,
    requests: Mapping[str, str],
    *,
    most_nodes: int,
) -> int:
    """
    Add the edges, and what is not drawn yet of their ends.

    Args:
        published: activities that wrote to a stream.
        requests: event id → its entry, which declared calls lead to.

    Returns:
        How many were left out as the graph would have more than `most_nodes`.
    """
    outgoing = _Outgoing(graph, requests, most_nodes=most_nodes)
    writers: defaultdict[ActivityKey, list[ActivityKey]] = defaultdict(list)
    for caller, callee in sorted(set(calls)):
        if callee.kind == PUBLISH:
            writers[callee].append(caller)
        else:
            outgoing.add_call(caller, callee)
    for key in published:
        for writer in writers.get(key, [key]):
            outgoing.add_write(writer, key)
    return outgoing.left_out


class _Outgoing:
    def __init__(self, graph: GraphBuilder, requests: Mapping[str, str], *, most_nodes: int) -> None:
        self.left_out = 0
        self._graph = graph
        self._requests = requests
        self._most_nodes = most_nodes
        # A declared edge stands for what was seen.
        self._callers = CallerNodes(graph.nodes.values(), graph.edges.values(), view=graph.view)
        self._edges = {(e.source, e.target, e.kind): e.id for e in graph.edges.values() if e.kind in (CALL, WRITE)}

    def add_call(self, caller: ActivityKey, callee: ActivityKey) -> None:
        called = observed_node(callee, view=self._graph.view)
        target = self._requests.get(called.id, called.id)
        source = self._callers.find(caller, target)
        if not self._add_nodes(source, called):
            return
        edge = Edge(
            id=f"{source.id} → {target}",
            source=source.id,
            target=target,
            kind=CALL,
            label=callee.event or callee.stream,
            declared=False,
        )
        self._graph.mark_observed(nodes={source.id, called.id, target}, edges=[self._add_edge(edge)])

    def add_write(self, writer: ActivityKey, key: ActivityKey) -> None:
        view = self._graph.view
        source, stream = observed_node(writer, view=view), stream_node(key.stream, key.queue, view=view)
        if self._add_nodes(source, replace(stream, declared=False)):
            edge = replace(write_edge(source.id, key.stream, key.queue, view=view), declared=False)
            self._graph.mark_observed(nodes=[source.id, stream.id], edges=[self._add_edge(edge)])

    def _add_nodes(self, *nodes: Node) -> bool:
        new = {node.id for node in nodes} - self._graph.nodes.keys()
        if len(self._graph.nodes) + len(new) > self._most_nodes:
            self.left_out += 1
            return False
        added = [self._graph.add_node(node) for node in nodes]
        if not all(added):
            return False
        for node in nodes:
            if node.app:
                self._graph.apps.setdefault(node.app, undeclared_app(node.app))
        return True

    def _add_edge(self, edge: Edge) -> str:
        ends = (edge.source, edge.target, edge.kind)
        if ends not in self._edges:
            self._edges[ends] = self._graph.add_edge(edge).id
        return self._edges[ends]
