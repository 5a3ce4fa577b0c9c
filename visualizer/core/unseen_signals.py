"""What is seen of nodes while some of their lines are not read → what alert rules may say of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from collector.models.alert_rule import AlertRule
from visualizer.core.process_signals import MEASURE
from visualizer.models.alert import APP_MARK, BAD, Signal
from visualizer.models.delta import NodeView
from visualizer.models.standstill import KINDS
from visualizer.models.unseen import UnseenPart

#: What is bad enough in the part that is seen is bad. Standstills of what is not seen were held back already.
_TOLD_BY_A_PART = frozenset({"failures", "p95", "wait", MEASURE, *KINDS})


def unseen_subjects(unseen: Mapping[str, UnseenPart], nodes: Mapping[str, NodeView]) -> dict[str, bool]:
    """Node and app subjects of which something is not seen → is anything of them seen?"""
    apps = {APP_MARK + nodes[node].app: True for node in unseen if node in nodes and nodes[node].app}
    return {**apps, **{node: not part.is_whole for node, part in unseen.items()}}


def signals_seen(signals: Iterable[Signal], unseen: Mapping[str, bool], rules: Sequence[AlertRule]) -> Iterator[Signal]:
    """
    Those that hold: where a part is not seen, only what is bad, as nothing is well because nobody looks.

    Args:
        unseen: unseen_subjects().
    """
    measures = {rule.id: rule.measure for rule in rules}
    for signal in signals:
        is_told = unseen.get(signal.subject, False) and measures[signal.rule] in _TOLD_BY_A_PART
        if signal.subject not in unseen or (signal.level == BAD and is_told):
            yield signal
