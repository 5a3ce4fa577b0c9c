"""A line that shows an edge: one of the newest that are kept of what reads or was called."""

from __future__ import annotations

from collections.abc import Mapping

import redis

from collector.models.activity import ActivityKey
from collector.models.errors import StoreUnavailable
from visualizer.core.drift import Drift
from visualizer.interfaces.panel_facts import PanelFacts
from visualizer.models.node_details import NewestLine
from visualizer.models.node_id import event_name
from visualizer.models.topology import Edge
from visualizer.repo.live_lines import read_newest_lines
from visualizer.resources import shared_redis


def caller_text(edge: Edge, facts: PanelFacts) -> str:
    """What stands in the called event's lines where this edge's source calls: what to look for in a log."""
    node = facts.nodes[edge.source]
    event = event_name(node.id, app=node.app, plugin=node.plugin)
    return f"track.client_app_key={node.app} | track.client_event_name={event}"


def find_example(row: Drift, facts: PanelFacts, keys: Mapping[int, ActivityKey]) -> NewestLine | None:
    """The newest line of it that is kept; None when none is, or Redis does not answer. Redacted when it was read."""
    here = facts.passes([row.edge])
    ids = [pk for pk, key in keys.items() if here(key)]
    wanted = caller_text(row.edge, facts) if row.evidence.told else ""
    try:
        lines = read_newest_lines(shared_redis(), ids, shards=facts.shards)
    except (redis.RedisError, StoreUnavailable):
        return None
    return next((line for line in lines if wanted in line.text), None)
