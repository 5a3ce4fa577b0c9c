"""hopeit's EventDescriptor, untrusted → EventConfig."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from visualizer.core.untrusted import Warn, as_dict, as_list, as_text, quoted
from visualizer.models.node_id import AUTO
from visualizer.models.runtime_config import (
    CONNECTION_TYPES,
    EVENT_TYPES,
    PROPAGATE,
    QUEUE_STRATEGIES,
    Connection,
    EventConfig,
    ReadStream,
    WriteStream,
)

S = TypeVar("S", ReadStream, WriteStream)
#: What hopeit refuses in the name of a stream that is read.
_AUTO_PLACEHOLDER = "{auto}"


def read_event(key: object, descriptor: object, warn: Warn) -> EventConfig | None:
    """The event without its broken parts; None when it has no usable name or type."""
    name = as_text(key, "its key", warn)
    parts = as_dict(descriptor, "its entry", warn)
    event_type = parts.get("type")
    if not name or not isinstance(event_type, str) or event_type not in EVENT_TYPES:
        warn(f"type {quoted(event_type)} is none of {', '.join(sorted(EVENT_TYPES))}: left out")
        return None
    connections = parts.get("connections", [])
    return EventConfig(
        key=name,
        type=event_type,
        read_stream=_read_stream(parts.get("read_stream"), warn),
        write_stream=_write_stream(parts.get("write_stream"), warn),
        more_reads=tuple(_more(parts, "more_reads", _read_stream, warn)),
        more_writes=tuple(_more(parts, "more_writes", _write_stream, warn)),
        connections=tuple(_connections([] if connections is None else connections, warn)),
        externals=_externals(parts, warn),
        route=_short_text(parts.get("route")),
        place=_short_text(parts.get("place")),
    )


def _read_stream(value: object, warn: Warn) -> ReadStream | None:
    if value is None:
        return None
    parts = as_dict(value, "read_stream", warn)
    name = as_text(parts.get("name"), "read_stream.name", warn)
    if name is not None and _AUTO_PLACEHOLDER in name:
        warn(f"read_stream.name still holds {_AUTO_PLACEHOLDER}: left out")
        name = None
    group = _short_text(parts.get("consumer_group"))
    return (
        None
        if name is None
        else ReadStream(name, _queues(parts, "read_stream.queues", warn), group, place=_short_text(parts.get("place")))
    )


def _write_stream(value: object, warn: Warn) -> WriteStream | None:
    if value is None:
        return None
    parts = as_dict(value, "write_stream", warn)
    name = as_text(parts.get("name"), "write_stream.name", warn)
    strategy = parts.get("queue_strategy", "DROP")
    if not isinstance(strategy, str) or strategy not in QUEUE_STRATEGIES:
        warn(f"write_stream.queue_strategy {quoted(strategy)} is neither DROP nor PROPAGATE: DROP is assumed")
    queues = _queues(parts, "write_stream.queues", warn)
    return (
        None
        if name is None
        else WriteStream(name, queues, propagate=strategy == PROPAGATE, place=_short_text(parts.get("place")))
    )


def _more(parts: dict[str, object], name: str, read: Callable[[object, Warn], S | None], warn: Warn) -> Iterable[S]:
    return (found for item in as_list(parts.get(name, []), name, warn) if (found := read(item, warn)))


def _short_text(value: object) -> str:
    """What nothing is drawn from: where it is no text, nothing is missed and nothing said."""
    return as_text(value, "", lambda _: None) or ""


def _queues(parts: dict[str, object], what: str, warn: Warn) -> tuple[str, ...]:
    items = as_list(parts.get("queues", [AUTO]), what, warn)
    return tuple(queue for item in items if (queue := as_text(item, what, warn)) is not None)


def _externals(parts: dict[str, object], warn: Warn) -> tuple[str, ...]:
    items = as_list(parts.get("externals", []), "externals", warn)
    return tuple(name for item in items if (name := as_text(item, "externals", warn)))


def _connections(value: object, warn: Warn) -> Iterable[Connection]:
    for item in as_list(value, "connections", warn):
        parts = as_dict(item, "a connection", warn)
        target = [
            as_text(parts.get(name), f"a connection's {name}", warn) for name in ("app_connection", "event", "type")
        ]
        app_connection, event, event_type = target
        if app_connection is None or event is None or event_type is None:
            continue
        if event_type not in CONNECTION_TYPES:
            warn(f"a connection's type {quoted(event_type)} is neither GET nor POST: left out")
            continue
        yield Connection(app_connection, event, event_type)
