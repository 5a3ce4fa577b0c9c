"""What one execution line says of itself: where it is counted, and what is kept of a failure."""

from __future__ import annotations

import re
from functools import lru_cache

from collector.core.batch_builder import Route
from collector.core.hopeit_extras import Extras, last_track_id, track_id
from collector.core.hopeit_head import SEPARATOR, LoggerName
from collector.core.labels import clean_label
from collector.core.redact import redact_text
from collector.lib.value_hash import value_hash
from collector.models.activity import ActivityKey, Server, Status
from collector.models.app_key import make_app_key
from collector.models.batch import KeptEntry
from collector.models.count_table import ActivityCount

_AUTO = b"AUTO"
#: Longer names, taken together, are not remembered.
_MAX_CACHED_BYTES = 256
_TRACK_NAME = b"track."
_ENGINES_OWN = frozenset(
    _TRACK_NAME + name
    for name in (b"operation_id", b"request_id", b"request_ts", b"client_app_key", b"client_event_name")
)
#: Headers of one run by which it is found.
_MOST_TRACKED = 8
#: What hopeit makes itself: UUIDs and message ids. Anything else came with a request.
_PLAIN_ID = re.compile(rb"[0-9a-f-]{0,36}")


def make_route(name: LoggerName, extras: Extras, status: Status) -> Route:
    """Where an execution is counted, from its logger's name and what the engine wrote behind the message."""
    call = extras.call
    stream, queue = call.get(b"stream.name", b""), call.get(b"stream.queue", b"")
    if queue not in (b"", _AUTO):
        stream = stream.removesuffix(b"." + queue)
    names = (
        extras.app or _app_key(name),
        extras.plugin,
        call.get(b"stream.event_name") or call.get(b"service.event_name") or name.event,
        stream,
        queue,
        call.get(b"stream.consumer_group", b""),
    )
    return Route(
        key=(_known_key if _are_short(names) else _make_key)(_kind(extras), *names),
        server=(_known_server if _are_short((name.host_name, name.pid)) else _make_server)(name.host_name, name.pid),
        status=int(status),
    )


def make_entry(
    count: ActivityCount, track: bytes, *, timestamp_s: float, offset: int, duration_ms: float | None
) -> KeptEntry:
    """
    A run kept whole. Ids are shown as they came, without secrets.

    Args:
        count: the cell it was counted in.
        track: its track ids, as Extras has them.
    """
    entry = KeptEntry(
        timestamp_s=timestamp_s,
        key=count.key,
        server=count.server,
        status=count.status,
        offset=offset,
        request_id=shown_id(track_id(track, b"track.request_id")),
        operation_id=shown_id(track_id(track, b"track.operation_id")),
        message_id=shown_id(last_track_id(track, b"stream.msg_id")),
        tracked=_tracked(track),
    )
    if duration_ms is not None:
        entry.duration_ms = duration_ms
    return entry


def _tracked(track: bytes) -> tuple[int, ...]:
    """Of what callers sent as X-Track-* headers: what the engine makes itself stands in the entry, or means nothing."""
    fields = (field.partition(b"=") for field in track.split(SEPARATOR) if field.startswith(_TRACK_NAME))
    values = dict.fromkeys(value for name, _, value in fields if value and name not in _ENGINES_OWN)
    return tuple(value_hash(value) for value in list(values)[:_MOST_TRACKED])


def shown_id(raw: bytes) -> str:
    """An id as people see it: as it came, without secrets."""
    return raw.decode("ascii") if _PLAIN_ID.fullmatch(raw) else redact_text(clean_label(raw))


def _make_key(kind: str, app: bytes, plugin: bytes, event: bytes, *stream_names: bytes) -> ActivityKey:
    return ActivityKey(clean_label(app), clean_label(plugin), clean_label(event), kind, *map(clean_label, stream_names))


def _make_server(host_name: bytes, pid: bytes) -> Server:
    return Server(clean_label(host_name), clean_label(pid))


# The same few come in all lines, of all sources.
_known_key = lru_cache(maxsize=4096)(_make_key)
_known_server = lru_cache(maxsize=4096)(_make_server)


def _are_short(names: tuple[bytes, ...]) -> bool:
    return sum(map(len, names)) <= _MAX_CACHED_BYTES


def _kind(extras: Extras) -> str:
    if b"stream.event_name" in extras.call:
        return "stream"
    if b"service.event_name" in extras.call:
        return "service"
    # Only a SETUP event runs for nobody: it has no track ids.
    return "request" if extras.track else "setup"


def _app_key(name: LoggerName) -> bytes:
    # Labels first: they are short, whatever a line calls itself.
    return make_app_key(clean_label(name.app), clean_label(name.version)).encode()
