"""Names that fit on a node: the last part of a label where that is clear inside its app, the label without app else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from visualizer.models import node_id
from visualizer.models.topology import Node


def with_short_names(nodes: Sequence[Node]) -> list[Node]:
    """
    The nodes with their names: "simple_example.0x30.streams.process_events" → "process_events".

    A stream that is not named after its app keeps its whole name, "orders.placed": people chose it.
    """
    within = [_without_app(node) for node in nodes]
    taken = Counter((node.app, node.kind, node.queue, _last(name)) for node, name in zip(nodes, within, strict=True))
    return [
        replace(node, name=_name(node, name, clear=taken[node.app, node.kind, node.queue, _last(name)] == 1))
        for node, name in zip(nodes, within, strict=True)
    ]


def _without_app(node: Node) -> str:
    """The label without app key and without the queue."""
    label = node.label
    if node.kind == node_id.STREAM and node.queue not in ("", node_id.AUTO):
        label = label.removesuffix(f".{node.queue}")
    return label.removeprefix(f"{node.app}.") if node.app else label


def _name(node: Node, within: str, *, clear: bool) -> str:
    if node.kind == node_id.EVENT:
        return _last(within) if clear else within
    if node.kind == node_id.STREAM:
        named_after_app = node.label.startswith(f"{node.app}.")
        name = _last(within) if clear and named_after_app else within
        return name if node.queue in ("", node_id.AUTO) else f"{name}.{node.queue}"
    return node.name


def _last(name: str) -> str:
    # A route or the name of a span is no dotted name: "GET /v1.0/orders".
    return name if " " in name or "/" in name else name.rpartition(".")[2] or name
