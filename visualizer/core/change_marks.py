"""A TopologyDiff as the graph page marks it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from visualizer.models.topology_diff import REMOVED, Change, TopologyDiff


def change_marks(diff: TopologyDiff) -> dict[str, Any]:
    """
    {"nodes": {node id: how}, "edges": [[source, target, how]], "apps": {app key: how}, "gone": [name]}

    `gone` names what is not drawn any more: removed apps and nodes. A removed line whose ends are there is in `edges`.
    """
    nodes = [change for change in diff.changes if change.id and change.kind != "app"]
    apps = [change for change in diff.changes if change.kind == "app"]
    return {
        "nodes": {change.id: change.how for change in nodes},
        "apps": {change.id: change.how for change in apps},
        "edges": [[change.source, change.target, change.how] for change in diff.changes if change.source],
        "gone": _gone([*apps, *nodes]),
    }


def _gone(changes: Iterable[Change]) -> list[str]:
    return [change.name for change in changes if change.how == REMOVED]
