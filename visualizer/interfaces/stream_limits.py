"""How many messages a stream may hold, as its writers set it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import DatabaseError

from visualizer.models.kept_topology import Settings
from visualizer.models.node_id import base_event
from visualizer.models.topology import WRITE, Edge
from visualizer.repo.topology_history import read_kept, read_newest

_SETTING = "stream.target_max_len"


def most_messages(edges: Iterable[Edge], stream: str) -> int | None:
    """Whoever writes trims: the smallest limit counts. 0: there is none; None: that is not known."""
    writers = {base_event(edge.source) for edge in edges if edge.kind == WRITE and edge.target == stream}
    settings = _settings()
    texts = [settings.get(writer, {}).get(_SETTING, "") for writer in writers]
    limits = [int(text) for text in texts if text.isascii() and text.isdigit()]
    return min([limit for limit in limits if limit] or [0]) if limits else None


def _settings() -> Mapping[str, Settings]:
    """Of the newest topology that is kept."""
    try:
        newest = read_newest()
        return read_kept(newest).settings if newest else {}
    except (ValueError, DatabaseError):
        return {}
