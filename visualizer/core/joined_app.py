"""One app of several declarations, of which each may tell a part: its requests, its messages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from visualizer.models.runtime_config import REQUEST_TYPES, AppConfig, EventConfig, ReadStream, WriteStream

S = TypeVar("S", ReadStream, WriteStream)


def join_documents(known: AppConfig, app: AppConfig) -> AppConfig:
    """What either declares. Of what both tell, what was known first stays."""
    events = {event.key: event for event in known.events}
    for event in app.events:
        before = events.get(event.key)
        events[event.key] = _joined(before, event) if before else event
    return replace(
        known,
        servers=tuple(dict.fromkeys((*known.servers, *app.servers))),
        events=tuple(events.values()),
        accepted=(*known.accepted, *app.accepted),
        kind=known.kind and app.kind,
    )


def _joined(known: EventConfig, event: EventConfig) -> EventConfig:
    is_request = event.type in REQUEST_TYPES and known.type not in REQUEST_TYPES
    reads, writes = _by_name((*known.reads, *event.reads)), _by_name((*known.writes, *event.writes))
    return replace(
        known,
        type=event.type if is_request else known.type,
        read_stream=reads[0] if reads else None,
        more_reads=reads[1:],
        write_stream=writes[0] if writes else None,
        more_writes=writes[1:],
        connections=tuple(dict.fromkeys((*known.connections, *event.connections))),
        externals=tuple(dict.fromkeys((*known.externals, *event.externals))),
        route=known.route or event.route,
    )


def _by_name(streams: Iterable[S]) -> tuple[S, ...]:
    found: dict[str, S] = {}
    for stream in streams:
        found.setdefault(stream.name, stream)
    return tuple(found.values())
