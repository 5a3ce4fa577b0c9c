"""Which nodes a diff touches: what changed, and both ends of lines that did. How these behaved is worth a look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from visualizer.core.moved_apps import matched_ids, moved_apps
from visualizer.models.kept_topology import KeptTopology, KeptView
from visualizer.models.node_id import EVENT, STREAM
from visualizer.models.topology_diff import REMOVED, Change

#: More than anybody compares; reading their history takes its time.
MOST_TOUCHED = 50


@dataclass(frozen=True, slots=True)
class TouchedNode:
    """An event or a stream on both sides."""

    #: Its label.
    name: str
    #: Node ids; equal unless its app has another version now.
    before: str
    after: str
    #: Is it a stream?
    is_stream: bool


def touched_nodes(
    before: KeptTopology, after: KeptTopology, changes: Sequence[Change], *, view: str
) -> tuple[TouchedNode, ...]:
    """At most MOST_TOUCHED, in the order of the changes."""
    one, other = (kept.views.get(view, KeptView()) for kept in (before, after))
    forth = matched_ids(one, other, moved_apps(one, other))
    back = {now: was for was, now in forth.items()}
    nodes = {node.id: node for side in (one, other) for node in side.nodes if node.kind in (EVENT, STREAM)}
    found: dict[str, TouchedNode] = {}
    for change in changes:
        for node_id in (change.id, change.source, change.target):
            if node_id not in nodes or len(found) >= MOST_TOUCHED:
                continue
            gone = change.how == REMOVED
            ids = (node_id, forth.get(node_id, node_id)) if gone else (back.get(node_id, node_id), node_id)
            node = nodes[node_id]
            found.setdefault(ids[1], TouchedNode(node.label, *ids, node.kind == STREAM))
    return tuple(found.values())
