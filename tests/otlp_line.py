"""Lines of OTLP JSON, as exporters write them."""

from __future__ import annotations

import json
from typing import Any

INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER = 1, 2, 3, 4, 5
#: 2026-11-22 18:30:23 UTC.
SECOND = 1795372223
TRACE = "0af7651916cd43dd8448eb211c80319c"


def attributes(values: dict[str, Any]) -> list[dict[str, Any]]:
    """As a list of KeyValue; whole numbers as text, as the encoding has it."""
    kinds = {bool: "boolValue", int: "intValue", str: "stringValue"}
    return [
        {"key": name, "value": {kinds[type(value)]: str(value) if type(value) is int else value}}
        for name, value in values.items()
    ]


def span(
    name: str,
    kind: int,
    *,
    span_id: str,
    parent: str = "",
    trace: str = TRACE,
    second: float = SECOND,
    took_ms: float = 10,
    failed: bool = False,
    events: list[dict[str, Any]] | None = None,
    **values: Any,
) -> dict[str, Any]:
    """One span; attributes are given with _ for dots: http_route is http.route."""
    start_ns = int(second * 1000) * 1_000_000
    return {
        "traceId": trace,
        "spanId": span_id,
        **({"parentSpanId": parent} if parent else {}),
        "name": name,
        "kind": kind,
        "startTimeUnixNano": str(start_ns),
        "endTimeUnixNano": str(start_ns + int(took_ms * 1_000_000)),
        "attributes": attributes({name.replace("_", "."): value for name, value in values.items()}),
        "events": events or [],
        "status": {"code": 2, "message": "broken"} if failed else {},
        "droppedLinksCount": 0,
    }


def resource(service: str, *, version: str = "", host: str = "vm", pid: int = 7) -> dict[str, Any]:
    """Who writes."""
    values: dict[str, Any] = {"service.name": service, "host.name": host, "process.pid": pid}
    return {"attributes": attributes(values | ({"service.version": version} if version else {}))}


def export(service: str, *spans: dict[str, Any], **who: Any) -> dict[str, Any]:
    """One request of one service."""
    scope = {"scope": {"name": "tests"}, "spans": list(spans)}
    return {"resourceSpans": [{"resource": resource(service, **who), "scopeSpans": [scope]}]}


def export_logs(service: str, *records: dict[str, Any], **who: Any) -> dict[str, Any]:
    """The same of log records."""
    return {"resourceLogs": [{"resource": resource(service, **who), "scopeLogs": [{"logRecords": list(records)}]}]}


def line(request: dict[str, Any]) -> bytes:
    """As it stands in a file."""
    return json.dumps(request, separators=(",", ":")).encode() + b"\n"


def otlp_line(service: str, *spans: dict[str, Any], **who: Any) -> bytes:
    """A line with these spans."""
    return line(export(service, *spans, **who))
