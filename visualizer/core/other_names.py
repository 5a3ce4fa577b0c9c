"""Names the nodes that stand for everything beyond a limit: "other (about 300 names)"."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from collector.models.activity import OTHER
from visualizer.models.node_id import EVENT, STREAM
from visualizer.models.passed_limit import APP_EVENTS, APPS, EVENTS, QUEUES, STREAMS, PassedLimit
from visualizer.models.topology import App, Node, Topology


def name_others(topology: Topology, limits: Sequence[PassedLimit]) -> Topology:
    """The topology with the names; its ids stay."""
    if not any(OTHER in node.id for node in topology.nodes):
        return topology
    return replace(
        topology,
        apps=tuple(_named_app(app, limits) for app in topology.apps),
        nodes=tuple(_named_node(node, limits) for node in topology.nodes),
    )


def about(names: int) -> str:
    """The number with one digit that counts: an estimate that grows must not draw the graph anew with each step."""
    if names < 10:
        return str(max(names, 1))
    step: int = 10 ** (len(str(names)) - 1)
    return f"about {names // step * step:,}"


def _named_app(app: App, limits: Sequence[PassedLimit]) -> App:
    return replace(app, name=_words(limits, APPS)) if app.key == OTHER else app


def _named_node(node: Node, limits: Sequence[PassedLimit]) -> Node:
    label = node.label.removeprefix(f"{node.app}.")
    if node.kind == EVENT and label.split(".")[-1] == OTHER:
        within = [limit for limit in limits if limit.dimension == APP_EVENTS and limit.within == node.app]
        return replace(node, name=_words(within, APP_EVENTS) if within else _words(limits, EVENTS))
    if node.kind == STREAM and node.label == OTHER:
        return replace(node, name=_words(limits, STREAMS))
    if node.kind == STREAM and node.queue == OTHER:
        stream = node.label.removesuffix(f".{OTHER}")
        within = [limit for limit in limits if limit.dimension == QUEUES and limit.within == stream]
        return replace(node, name=f"{stream}, queue {_words(within, QUEUES)}")
    return node


def _words(limits: Sequence[PassedLimit], dimension: str) -> str:
    names = sum(limit.names_beyond for limit in limits if limit.dimension == dimension)
    return f"other ({about(names)} names)" if names else "other names"
