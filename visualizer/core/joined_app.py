"""One app of several declarations, of which each may tell a part: its requests, its messages."""

from __future__ import annotations

from dataclasses import replace

from visualizer.core.untrusted import Warn, quoted
from visualizer.models.runtime_config import REQUEST_TYPES, AppConfig, EventConfig


def join_documents(known: AppConfig, app: AppConfig, warn: Warn) -> AppConfig:
    """What both declare. Where they differ, what was known first stays."""
    events = {event.key: event for event in known.events}
    for event in app.events:
        before = events.get(event.key)
        events[event.key] = _joined(before, event, warn) if before else event
    return replace(
        known,
        servers=tuple(dict.fromkeys((*known.servers, *app.servers))),
        events=tuple(events.values()),
        accepted=(*known.accepted, *app.accepted),
        kind=known.kind and app.kind,
    )


def _joined(known: EventConfig, event: EventConfig, warn: Warn) -> EventConfig:
    for part in ("read_stream", "write_stream"):
        first, other = getattr(known, part), getattr(event, part)
        if first and other and first.name != other.name:
            verb = "reads" if part == "read_stream" else "writes"
            warn(
                f"event {quoted(event.key)} {verb} {quoted(first.name)} in one declaration and {quoted(other.name)} in "
                "another: the first is drawn"
            )
    is_request = event.type in REQUEST_TYPES and known.type not in REQUEST_TYPES
    return replace(
        known,
        type=event.type if is_request else known.type,
        read_stream=known.read_stream or event.read_stream,
        write_stream=known.write_stream or event.write_stream,
        connections=tuple(dict.fromkeys((*known.connections, *event.connections))),
        externals=tuple(dict.fromkeys((*known.externals, *event.externals))),
        route=known.route or event.route,
    )
