"""A TopologyDiff as the graph page marks it."""

from __future__ import annotations

from typing import Any

from visualizer.models.topology_diff import REMOVED, TopologyDiff


def change_marks(diff: TopologyDiff) -> dict[str, Any]:
    """
    {"nodes": {node id: how}, "edges": [[source, target, how]], "apps": {app key: how}, "gone": [{id, kind, name}]}

    `gone` are removed nodes, which may be drawn no more. A removed line whose ends are there is in `edges`.
    """
    nodes = [change for change in diff.changes if change.id and change.kind != "app"]
    apps = [change for change in diff.changes if change.kind == "app"]
    return {
        "nodes": {change.id: change.how for change in nodes},
        "apps": {change.id: change.how for change in apps},
        "edges": [[change.source, change.target, change.how] for change in diff.changes if change.source],
        "gone": [{"id": one.id, "kind": one.kind, "name": one.name} for one in nodes if one.how == REMOVED],
    }
