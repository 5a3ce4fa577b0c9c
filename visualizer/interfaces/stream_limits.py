"""What the configs set of a stream: how many messages it may hold, and which groups read it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.db import DatabaseError

from visualizer.models.kept_topology import Settings
from visualizer.models.node_id import base_event
from visualizer.models.topology import READ, WRITE, Edge
from visualizer.models.topology_version import TopologyVersion
from visualizer.repo.topology_history import read_kept, read_newest

_MOST_MESSAGES = "stream.target_max_len"
_GROUP = "read_stream.consumer_group"


@dataclass(frozen=True, slots=True)
class StreamSettings:
    """Of one stream."""

    #: Whoever writes trims: the smallest limit counts. 0: there is none; None: that is not known.
    most_messages: int | None
    #: Id of an event that reads it → its consumer group.
    groups: Mapping[str, str]


def stream_settings(
    edges: Collection[Edge], stream: str, settings: Mapping[str, Settings] | None = None
) -> StreamSettings:
    """Args: settings: see read_settings, which is asked for them otherwise."""
    settings = read_settings() if settings is None else settings
    writers = {base_event(edge.source) for edge in edges if edge.kind == WRITE and edge.target == stream}
    texts = [settings.get(writer, {}).get(_MOST_MESSAGES, "") for writer in writers]
    limits = [int(text) for text in texts if text.isascii() and text.isdigit()]
    readers = {edge.target for edge in edges if edge.kind == READ and edge.source == stream}
    groups = {reader: settings.get(base_event(reader), {}).get(_GROUP, "") for reader in readers}
    return StreamSettings(
        most_messages=min([limit for limit in limits if limit] or [0]) if limits else None,
        groups={reader: group for reader, group in groups.items() if group},
    )


def most_messages(edges: Collection[Edge], stream: str) -> int | None:
    """How many messages a stream may hold. 0: without a limit; None: that is not known."""
    return stream_settings(edges, stream).most_messages


@lru_cache(maxsize=2)
def _settings_of(content: str) -> Mapping[str, Settings]:
    """What is kept under a hash never changes."""
    return read_kept(TopologyVersion(number=0, content=content, first_s=0, last_s=0)).settings


def read_settings() -> Mapping[str, Settings]:
    """Of every event, as the newest topology that is kept has them; nothing while SQL does not answer."""
    try:
        newest = read_newest()
        return _settings_of(newest.content) if newest else {}
    except (ValueError, DatabaseError):
        return {}
