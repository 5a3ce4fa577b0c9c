"""What a node shows of what stands still there, and while nobody looks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from visualizer.core.node_state import worse
from visualizer.models.delta import NodeStats, NodeView
from visualizer.models.node_id import EVENT, STREAM
from visualizer.models.standstill import STATE_OF, Standstill


@dataclass(frozen=True, slots=True)
class Halts:
    """Of one view."""

    #: Node id → what stands still.
    standstills: Mapping[str, Standstill] = field(default_factory=dict)
    #: No line is read or counted by anybody: what seems well may be anything.
    is_blind: bool = False
    #: Nodes of which nobody reads or counts a line, while others are seen.
    unseen: frozenset[str] = frozenset()

    def changed(self, after: Halts, nodes: Mapping[str, NodeView]) -> Iterator[str]:
        """Nodes that may show something else."""
        other = self.unseen ^ after.unseen
        for node in nodes:
            is_other = node in other or self.standstills.get(node) != after.standstills.get(node)
            if is_other or self.is_blind != after.is_blind:
                yield node

    def show(self, node: NodeView, stats: NodeStats) -> None:
        """Add to a node's new numbers what stands still; it has begun long enough ago to be told at once."""
        # What runs is seen, whatever the topology knows by now.
        is_seen = node.observed or stats.state == "ok"
        self.mark(stats, node.id, is_known=is_seen and node.kind in (EVENT, STREAM))

    def mark(self, stats: NodeStats, node_id: str, *, is_known: bool) -> None:
        """The same; is_known: what it does is told by lines."""
        found = self.standstills.get(node_id)
        stats.halt, stats.halts, stats.since = (found.kind, found.count, found.since_s) if found else ("", 0, 0)
        if found and worse(STATE_OF[found.kind], than=stats.state):
            stats.state = STATE_OF[found.kind]
        if (self.is_blind or node_id in self.unseen) and is_known and stats.state in ("ok", "idle"):
            stats.state = "unknown"
