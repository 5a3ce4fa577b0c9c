"""
OTLP JSON: one export request, as it stands in a line or a body. Its encoding differs from Protobuf's own JSON: ids are
hex. Numbers of 64 bits may be texts, fields nobody knows are passed over, a missing field is empty.

Source: opentelemetry.io/docs/specs/otlp, "JSON Protobuf Encoding".
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

#: What a line begins with, by what it carries.
SIGNALS = ("resourceSpans", "resourceLogs", "resourceMetrics")
_NOTHING = msgspec.Raw(b"")


class Value(msgspec.Struct, gc=False):
    """The scalar kinds of AnyValue; lists, maps and bytes are nothing we read."""

    stringValue: str | None = None  # noqa: N815 – the names are the format's
    intValue: int | str | None = None  # noqa: N815
    boolValue: bool | None = None  # noqa: N815


class KeyValue(msgspec.Struct, gc=False):
    """One attribute."""

    key: str = ""
    value: Value | None = None


class SpanStatus(msgspec.Struct, gc=False):
    """How a span ended."""

    code: int | str = 0
    message: str = ""


class Span(msgspec.Struct, gc=False):
    """What is read of a span. Attributes and events stay as they are until they are needed."""

    traceId: str = ""  # noqa: N815
    spanId: str = ""  # noqa: N815
    parentSpanId: str | None = None  # noqa: N815
    name: str = ""
    kind: int | str = 0
    startTimeUnixNano: int = 0  # noqa: N815
    endTimeUnixNano: int = 0  # noqa: N815
    attributes: msgspec.Raw = _NOTHING
    events: msgspec.Raw = _NOTHING
    status: SpanStatus | None = None


class SpanEvent(msgspec.Struct, gc=False):
    """Something that happened inside a span: an exception."""

    name: str = ""
    attributes: msgspec.Raw = _NOTHING


class LogRecord(msgspec.Struct, gc=False):
    """What is read of a log record."""

    timeUnixNano: int = 0  # noqa: N815
    observedTimeUnixNano: int = 0  # noqa: N815
    severityNumber: int | str = 0  # noqa: N815
    severityText: str = ""  # noqa: N815
    body: Value | None = None
    attributes: msgspec.Raw = _NOTHING
    traceId: str | None = None  # noqa: N815
    spanId: str | None = None  # noqa: N815


class _ScopeSpans(msgspec.Struct, gc=False):
    spans: list[msgspec.Raw] = []


class _ResourceSpans(msgspec.Struct, gc=False):
    resource: msgspec.Raw = _NOTHING
    scopeSpans: list[_ScopeSpans] = []  # noqa: N815


class _ScopeLogs(msgspec.Struct, gc=False):
    logRecords: list[msgspec.Raw] = []  # noqa: N815


class _ResourceLogs(msgspec.Struct, gc=False):
    resource: msgspec.Raw = _NOTHING
    scopeLogs: list[_ScopeLogs] = []  # noqa: N815


class Export(msgspec.Struct, gc=False):
    """One request. Spans and records are undecoded: one that is damaged shall not take its neighbours along."""

    resourceSpans: list[_ResourceSpans] | None = None  # noqa: N815
    resourceLogs: list[_ResourceLogs] | None = None  # noqa: N815
    resourceMetrics: msgspec.Raw = _NOTHING  # noqa: N815

    @property
    def is_empty(self) -> bool:
        """Is it JSON of something else?"""
        return self.resourceSpans is None and self.resourceLogs is None and not self.has_metrics

    @property
    def has_metrics(self) -> bool:
        """Does it carry metrics?"""
        return bool(bytes(self.resourceMetrics))

    def spans(self) -> Iterator[tuple[msgspec.Raw, list[msgspec.Raw]]]:
        """(resource, spans) of each scope."""
        for group in self.resourceSpans or ():
            for scope in group.scopeSpans:
                yield group.resource, scope.spans

    def records(self) -> Iterator[tuple[msgspec.Raw, list[msgspec.Raw]]]:
        """(resource, log records) of each scope."""
        for group in self.resourceLogs or ():
            for scope in group.scopeLogs:
                yield group.resource, scope.logRecords


class _Anything(msgspec.Struct, gc=False):
    """An object, whatever is in it."""


class _ProbeScope(msgspec.Struct, gc=False):
    spans: list[_Anything] = []
    logRecords: list[_Anything] = []  # noqa: N815


class _ProbeResource(msgspec.Struct, gc=False):
    scopeSpans: list[_ProbeScope] = []  # noqa: N815
    scopeLogs: list[_ProbeScope] = []  # noqa: N815


class _Probe(msgspec.Struct, gc=False):
    resourceSpans: list[_ProbeResource] | None = None  # noqa: N815
    resourceLogs: list[_ProbeResource] | None = None  # noqa: N815


class _Resource(msgspec.Struct, gc=False):
    attributes: msgspec.Raw = _NOTHING


#: Longer lines are looked at before they are believed: millions of empty things in them would fill the memory.
_TRUSTED_BYTES = 64 * 1024
_TRUSTED_MEMBERS_BYTES = 1024 * 1024
#: An object of the format has more bytes than that.
_LEAST_OBJECT_BYTES = 8

_probe = msgspec.json.Decoder(_Probe).decode
_decode_export = msgspec.json.Decoder(Export).decode
# Not strict: a number may come as text.
_decode_span = msgspec.json.Decoder(Span, strict=False).decode
_decode_record = msgspec.json.Decoder(LogRecord, strict=False).decode
_decode_events = msgspec.json.Decoder(list[SpanEvent]).decode
_decode_resource = msgspec.json.Decoder(_Resource).decode
_decode_attributes = msgspec.json.Decoder(list[KeyValue], strict=False).decode


def decode_export(line: bytes) -> Export | None:
    """The request; None for what is none: broken, another shape, or nested without end."""
    if len(line) > _TRUSTED_BYTES and line.count(b"{") * _LEAST_OBJECT_BYTES > len(line):
        return None
    try:
        if len(line) > _TRUSTED_MEMBERS_BYTES:
            _probe(line)
        return _decode_export(line)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None


def decode_span(raw: msgspec.Raw) -> Span | None:
    """One span; None for a damaged one."""
    try:
        return _decode_span(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None


def decode_record(raw: msgspec.Raw) -> LogRecord | None:
    """One log record; None for a damaged one."""
    try:
        return _decode_record(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None


def decode_events(raw: msgspec.Raw) -> list[SpanEvent]:
    """The events of a span; none where they are damaged."""
    try:
        return _decode_events(raw) if bytes(raw) else []
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return []


def decode_attributes(raw: msgspec.Raw) -> dict[str, str]:
    """Name → value of those with a scalar value, as text; empty where they are damaged."""
    try:
        pairs = _decode_attributes(raw) if bytes(raw) else []
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return {}
    return {pair.key: text for pair in pairs if (text := value_text(pair.value))}


def decode_resource(raw: bytes) -> dict[str, str]:
    """The attributes of a resource."""
    try:
        return decode_attributes(_decode_resource(raw).attributes) if raw else {}
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return {}


def value_text(value: Value | None) -> str:
    """A scalar as text; "" for anything else."""
    if value is None:
        return ""
    if value.stringValue is not None:
        return value.stringValue
    if value.intValue is not None:
        return str(value.intValue)
    return str(value.boolValue).lower() if value.boolValue is not None else ""
