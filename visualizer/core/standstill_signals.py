"""What stands still → what the alert rules `stuck`, `unread`, `stopped` and `gone` say of each node."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from collector.models.alert_rule import AlertRule
from visualizer.core.alert_signals import matches
from visualizer.core.standstill_words import standstill_trouble
from visualizer.models.alert import BAD, GOOD, Signal
from visualizer.models.delta import NodeView
from visualizer.models.node_id import EVENT, STREAM
from visualizer.models.standstill import KINDS, Standstill


def standstill_signals(
    rules: Sequence[AlertRule], nodes: Iterable[NodeView], found: Mapping[str, Standstill], *, now_s: float
) -> Iterator[Signal]:
    """Args: found: node id → what stands still there; what is not in it goes on."""
    own = [rule for rule in rules if rule.measure in KINDS]
    for node in nodes:
        halt = found.get(node.id)
        for rule in own if node.kind in (EVENT, STREAM) else ():
            if matches(rule, node.id, node.app, node.name):
                is_bad = halt is not None and halt.kind == rule.measure
                words = standstill_trouble(halt, now_s=now_s).headline if halt and is_bad else ""
                yield Signal(rule.id, node.id, BAD if is_bad else GOOD, f"{words}." if words else "")
