"""The numbers of panels: of the last minute, or of what the panel tells of when that is over."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping

from collector.models.activity import ActivityKey
from visualizer.config import kept_resolutions
from visualizer.interfaces.panel_facts import PanelFacts
from visualizer.models.live import ActivityStats
from visualizer.models.node_details import NodeDetails, PanelChart
from visualizer.repo.node_details import read_node_details
from visualizer.repo.past_details import read_past_chart, read_past_details, read_past_minute
from visualizer.repo.windows import read_minute, read_quarter


def read_numbers(facts: PanelFacts, wanted: Mapping[int, ActivityKey]) -> tuple[ActivityStats, ...]:
    """What some activities did: all of them, those that did nothing too."""
    if facts.then is None:
        return read_minute(wanted, now_s=time.time())
    return read_past_minute(kept_resolutions(), wanted, facts.then) if wanted else ()


def read_chart(
    facts: PanelFacts, wanted: Mapping[int, ActivityKey], numbers: Collection[ActivityStats], *, waits: bool
) -> PanelChart:
    """Args: numbers: as read_numbers has them. waits: how long messages waited counts, not how long runs took."""
    if facts.then is None:
        return read_quarter(wanted, waits=waits, now_s=time.time())
    return read_past_chart(kept_resolutions(), wanted, facts.then, numbers, waits=waits, now_s=time.time())


def read_details(facts: PanelFacts, keys: Mapping[int, ActivityKey], node_id: str, *, waits: bool) -> NodeDetails:
    """Everything that SQL holds of a node. Args: keys: every activity by its id. waits: as of read_chart."""
    belongs, now_s = facts.belongs(node_id), time.time()
    if facts.then is None:
        return read_node_details(keys, belongs, waits=waits, now_s=now_s)
    wanted = {pk: key for pk, key in keys.items() if belongs(key)}
    return read_past_details(kept_resolutions(), wanted, facts.then, waits=waits, now_s=now_s)
