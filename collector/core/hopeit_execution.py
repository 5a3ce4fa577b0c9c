"""What one execution line says of itself: where it is counted, and what is kept of a failure."""

from __future__ import annotations

import re

from collector.core.batch_builder import Route
from collector.core.hopeit_extras import Extras, last_track_id, track_id
from collector.core.hopeit_failures import Cause
from collector.core.hopeit_head import LoggerName
from collector.core.labels import clean_label
from collector.core.redact import redact_text
from collector.models.activity import ActivityKey, Server, Status
from collector.models.app_key import make_app_key
from collector.models.batch import KeptEntry
from collector.models.count_table import ActivityCount

_AUTO = b"AUTO"
#: What hopeit makes itself: UUIDs and message ids. Anything else came with a request.
_PLAIN_ID = re.compile(r"[0-9a-f-]{0,36}")


def make_route(name: LoggerName, extras: Extras, status: Status) -> Route:
    """Where an execution is counted, from its logger's name and what the engine wrote behind the message."""
    call = extras.call
    stream, queue = call.get(b"stream.name", b""), call.get(b"stream.queue", b"")
    if queue not in (b"", _AUTO):
        stream = stream.removesuffix(b"." + queue)
    event = call.get(b"stream.event_name") or call.get(b"service.event_name") or name.event
    key = ActivityKey(
        app=clean_label(extras.app) if extras.app else _app_key(name),
        plugin=clean_label(extras.plugin),
        event=clean_label(event),
        kind=_kind(extras),
        stream=clean_label(stream),
        queue=clean_label(queue),
        consumer_group=clean_label(call.get(b"stream.consumer_group", b"")),
    )
    return Route(key=key, server=Server(clean_label(name.host_name), clean_label(name.pid)), status=int(status))


def make_failure(count: ActivityCount, extras: Extras, cause: Cause, *, timestamp_s: float, offset: int) -> KeptEntry:
    """A failure kept whole. Ids are shown as they came, without secrets."""
    return KeptEntry(
        timestamp_s=timestamp_s,
        key=count.key,
        server=count.server,
        status=count.status,
        offset=offset,
        request_id=_shown_id(track_id(extras.track, b"track.request_id")),
        operation_id=_shown_id(track_id(extras.track, b"track.operation_id")),
        message_id=_shown_id(last_track_id(extras.track, b"stream.msg_id")),
        cause=cause.text,
        traceback=cause.traceback,
    )


def _kind(extras: Extras) -> str:
    if b"stream.event_name" in extras.call:
        return "stream"
    if b"service.event_name" in extras.call:
        return "service"
    # Only a SETUP event runs for nobody: it has no track ids.
    return "request" if extras.track else "setup"


def _app_key(name: LoggerName) -> str:
    # Labels first: they are short, whatever a line calls itself.
    return clean_label(make_app_key(clean_label(name.app), clean_label(name.version)).encode())


def _shown_id(raw: bytes) -> str:
    text = clean_label(raw)
    return text if _PLAIN_ID.fullmatch(text) else redact_text(text)
