"""
The extras of an execution line (START, DONE, FAILED, IGNORED): `key=value` joined by " | ", with nothing escaped.

A value may hold " | event.app=evil": X-Track-* headers come from whoever calls, and apps log what they like. What
keeps it honest is where the engine writes its own fields:

    START | stream.* or service.* or response.status | metrics.* | track.*, stream.* | event.app | event.plugin
            └─ right behind the message, values from configs ─┘   └─ values of others ┘ └─ at the very end ──┘

- Fields of the call are believed only while every field since the message is one of the engine's: what an app's own
  `extra.note=x | metrics.duration=1` brings along stands behind `extra.note` and counts for nothing.
- `event.app` and `event.plugin` are believed only as the last fields of the line (before `trace=`, which has none of
  our separators), so nothing inside a tracked value can stand there.
- Ids are the first of their name among the track ids; they are shown, nothing is counted by them.
"""

from __future__ import annotations

from math import isfinite

import msgspec

from collector.core.hopeit_head import SEPARATOR

#: Begins the track ids.
TRACK = b" | track."
#: Begins the metrics of a call.
DURATION = b" | metrics.duration="
#: May stand right behind a duration.
STREAM_AGE = b"metrics.stream_age="
#: May stand behind it, or behind a stream age.
REQUEST_ELAPSED = b"metrics.request_elapsed="
_APP = b" | event.app="
_PLUGIN = b"event.plugin="
_TRACE = b"trace="
_CALL_FIELDS = frozenset(
    [b"stream." + name for name in (b"app_key", b"event_name", b"name", b"consumer_group", b"queue")]
    + [b"service." + name for name in (b"app_key", b"event_name")]
    + [b"response.status"]
)


class Extras(msgspec.Struct):
    """What the engine wrote behind the message."""

    #: Fields of the call: b"stream.name" → b"orders.placed".
    call: dict[bytes, bytes]
    #: Bytes from the message's end to the metrics, or to the track ids where there are none.
    call_bytes: int
    #: Whether all fields up to there are the engine's: only then the metrics are, too.
    trusted: bool
    #: b"39.286 | metrics.stream_age=…"; b"" for none.
    metrics: bytes
    #: From " | track." to the tail; b"" for none (SETUP).
    track: bytes
    #: " | event.app=…" to the end of the line; b"" when the line does not end as the engine ends it.
    tail: bytes
    #: Key of the app; b"" without a tail.
    app: bytes = b""
    #: Key of the plugin; b"" for none.
    plugin: bytes = b""


def parse_extras(extras: bytes) -> Extras:
    """The extras of an execution line. Anything can be read; what is not at its place is left out."""
    text = SEPARATOR + extras
    tail, app, plugin = _tail(text)
    body = text[: len(text) - len(tail)]
    track_at = body.find(TRACK)
    before = body if track_at < 0 else body[:track_at]
    metrics_at = before.find(DURATION)
    head = before if metrics_at < 0 else before[:metrics_at]
    call, trusted = _call_fields(head)
    return Extras(
        call=call,
        call_bytes=len(head),
        trusted=trusted,
        metrics=before[metrics_at + len(DURATION) :] if trusted and metrics_at >= 0 else b"",
        track=b"" if track_at < 0 else body[track_at:],
        tail=tail,
        app=app,
        plugin=plugin,
    )


def parse_metrics(metrics: bytes) -> tuple[float | None, float | None]:
    """Duration and stream age, ms, of `39.286 | metrics.stream_age=12.000 | metrics.request_elapsed=…`."""
    duration, _, more = metrics.partition(SEPARATOR)
    if not more.startswith(STREAM_AGE):
        return _milliseconds(duration), None
    return _milliseconds(duration), _milliseconds(more[len(STREAM_AGE) :].partition(SEPARATOR)[0])


def track_id(track: bytes, name: bytes) -> bytes:
    """The first value of this name among the track ids; b"" for none."""
    _, found, rest = track.partition(b" | " + name + b"=")
    return rest.partition(SEPARATOR)[0] if found else b""


def last_track_id(track: bytes, name: bytes) -> bytes:
    """The last one: for what the engine writes behind the headers that others choose."""
    _, found, rest = track.rpartition(b" | " + name + b"=")
    return rest.partition(SEPARATOR)[0] if found else b""


def _tail(text: bytes) -> tuple[bytes, bytes, bytes]:
    start = text.rfind(_APP)
    if start < 0:
        return b"", b"", b""
    app, *more = text[start + len(_APP) :].split(SEPARATOR)
    if more and more[-1].startswith(_TRACE):
        more.pop()
    plugin = more.pop(0).removeprefix(_PLUGIN) if more and more[0].startswith(_PLUGIN) else b""
    return (text[start:], app, plugin) if app and not more else (b"", b"", b"")


def _call_fields(head: bytes) -> tuple[dict[bytes, bytes], bool]:
    call: dict[bytes, bytes] = {}
    for piece in head.split(SEPARATOR)[1:]:
        name, _, value = piece.partition(b"=")
        if piece and (name not in _CALL_FIELDS or name in call):
            return call, False
        call[name] = value
    return call, True


def _milliseconds(text: bytes) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None
