"""Apps that a document declares and nobody sees, while an app of the same name runs: their keys do not agree."""

from __future__ import annotations

from collections.abc import Collection

from visualizer.models.node_id import snake_name
from visualizer.models.topology import Topology


def unmet_apps(declared: Collection[str], drawn: Topology) -> dict[str, tuple[str, ...]]:
    """
    Declared key → keys of seen apps that it may mean: same name, as hopeit or others write it, and another version.

    Args:
        declared: keys of the apps of a document.
    """
    seen = {node.app for node in drawn.nodes if node.observed and node.app}
    found = {}
    for key in declared:
        if key not in seen and (like := tuple(sorted(app for app in seen if _name(app) == _name(key)))):
            found[key] = like
    return found


def _name(key: str) -> str:
    return snake_name(key.partition(".")[0])
