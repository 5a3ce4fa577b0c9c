"""Beats → what the page draws: how much ran, and whether that went well."""

from __future__ import annotations

from collections.abc import Iterable

from visualizer.core.node_state import event_state
from visualizer.models.beat import Beat
from visualizer.models.delta import NodeStats


def beat_states(beats: Iterable[Beat]) -> list[tuple[int, str]]:
    """(runs, state) of each, judged as an event is."""
    return [(beat.runs, event_state(NodeStats(done=beat.runs - beat.failed, failed=beat.failed))) for beat in beats]
