"""The flow of comparing: two sides → what is otherwise, with how it behaved before and after."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Iterable

from visualizer.config import read_options
from visualizer.core.topology_diff import diff_topologies
from visualizer.core.touched_nodes import TouchedNode, touched_nodes
from visualizer.interfaces.diff_sides import Side, read_side
from visualizer.models.node_id import activity_event_id, activity_stream_id, app_key
from visualizer.models.topology_diff import Behaviour, BehaviourChange, TopologyDiff
from visualizer.repo.behaviour import read_behaviour
from visualizer.repo.node_details import read_keys


def diff_graph(before: str, after: str, *, view: str, app_prefix: str = "") -> TopologyDiff:
    """
    Compare what two names stand for (diff_sides.EXPECTED).

    Raises:
        NoSuchTopology, InvalidConfigFile: a name stands for nothing.
        StoreUnavailable, redis.RedisError, django.db.DatabaseError: the live store or history cannot be read. Two files
            need neither.
    """
    now_s = time.time()
    return compare(read_side(before, now_s=now_s), read_side(after, now_s=now_s), view=view, app_prefix=app_prefix)


def compare(before: Side, after: Side, *, view: str, app_prefix: str = "") -> TopologyDiff:
    """
    Compare two sides.

    Args:
        app_prefix: only what belongs to apps whose name begins with it.

    Raises:
        django.db.DatabaseError: a side has a past and history cannot be read.
    """
    prefix = app_key(app_prefix, "").removesuffix(".")
    changes = tuple(
        change
        for change in diff_topologies(before.kept, after.kept, view=view)
        if not prefix or any(app.startswith(prefix) for app in change.apps)
    )
    touched = touched_nodes(before.kept, after.kept, changes, view=view)
    return TopologyDiff(
        view=view,
        before=before.label,
        after=after.label,
        changes=changes,
        behaviour=tuple(_behaviour(before, after, touched, view)),
        warnings=(*before.warnings, *after.warnings),
    )


def _behaviour(before: Side, after: Side, touched: Collection[TouchedNode], view: str) -> Iterable[BehaviourChange]:
    """Of what ran on either side."""
    was, now = (
        _of_side(before, {one.before: one for one in touched}, view),
        _of_side(after, {one.after: one for one in touched}, view),
    )
    for one in touched:
        change = BehaviourChange(id=one.after, name=one.name, before=was.get(one.before), after=now.get(one.after))
        if any(side and side.runs for side in (change.before, change.after)):
            yield change


def _of_side(side: Side, nodes: dict[str, TouchedNode], view: str) -> dict[str, Behaviour]:
    if side.window is None or not nodes:
        return {}
    activities = defaultdict[str, set[int]](set)
    for pk, key in read_keys().items():
        for node_id in {activity_event_id(key, view=view), activity_stream_id(key, view=view)} & nodes.keys():
            activities[str(node_id)].add(pk)
    since_s, until_s = side.window
    streams = {node_id for node_id, one in nodes.items() if one.is_stream}
    return read_behaviour(
        activities,
        streams=streams,
        since_s=since_s,
        until_s=until_s,
        resolutions=read_options().history,
        now_s=time.time(),
    )
