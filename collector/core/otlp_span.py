"""
What one span says of itself: what ran, where it is counted, and whom it calls. Only the span is asked, never its
neighbours, so that the counts of a line are the same whenever and with whatever else it is read.

Names of attributes change with the semantic conventions; the new one comes first, the old ones are fallbacks.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import msgspec

from collector.core.labels import clean_label
from collector.core.otlp_export import Span, decode_attributes, decode_resource
from collector.models.activity import CALL, EXTERNAL, PUBLISH, ActivityKey, Server
from collector.models.app_key import make_service_key

INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER = 1, 2, 3, 4, 5
_KINDS: dict[int | str, int] = {
    name: number
    for number, word in enumerate(("INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"), start=1)
    for name in (number, str(number), f"SPAN_KIND_{word}")
}
_STATUS_ERROR: tuple[int | str, ...] = (2, "2", "STATUS_CODE_ERROR")
_PUBLISHES = ("publish", "send", "create")
_CONSUMES = ("process", "receive", "deliver")
#: Queues that are made up for one client: their names are many and mean nothing.
TEMPORARY = "(temporary)"
#: A pid's column has 32 characters; the UUID of an instance fits without its dashes.
_PID_CHARS = 32
#: Longer texts are labels nowhere; remembering them would cost more than cleaning them.
_SHORT_CHARS = 256
_SHORT_RESOURCE_BYTES = 8192


class Resource(msgspec.Struct, frozen=True):
    """Who wrote the spans."""

    #: "billing.1.4.2".
    app: str
    server: Server


class Reading(msgspec.Struct, frozen=True, gc=False):
    """One span that is counted."""

    key: ActivityKey
    #: Does it serve others, so that what it encloses was done by it?
    is_entry: bool = False
    #: What it called, where the span alone tells it: a database, or the address of whoever never answers with a span.
    external: ActivityKey | None = None
    #: Is there never a span of the other side?
    is_alone: bool = False
    #: Id of the message.
    message_id: str = ""


def read_resource(raw: msgspec.Raw) -> Resource:
    """App and server of a resource, as its raw JSON has it."""
    text = bytes(raw)
    return _known_resource(text) if len(text) < _SHORT_RESOURCE_BYTES else _read_resource(text)


def kind_of(span: Span) -> int:
    """INTERNAL … CONSUMER; an unknown kind is INTERNAL, as the specification has it."""
    return _KINDS.get(span.kind, INTERNAL)


def has_failed(span: Span) -> bool:
    """Did it end with an error?"""
    return span.status is not None and span.status.code in _STATUS_ERROR


def read_span(span: Span, resource: Resource) -> Reading | None:
    """What it is; None for one that is only a part of something."""
    kind = kind_of(span)
    if kind == INTERNAL:
        return None if span.parentSpanId else Reading(_key(resource.app, span.name, "service"), is_entry=True)
    attributes = decode_attributes(span.attributes)
    operation = _first(attributes, "messaging.operation.type", "messaging.operation")
    if kind == SERVER:
        return Reading(_key(resource.app, _served(span.name, attributes), "request"), is_entry=True)
    if kind == CONSUMER or operation in _CONSUMES:
        key = _key(resource.app, span.name, "stream", _destination(attributes), _consumer_group(attributes))
        return Reading(key, is_entry=True, message_id=attributes.get("messaging.message.id", ""))
    if operation == "settle":
        return None
    stream = _destination(attributes)
    if stream and (kind == PRODUCER or operation in _PUBLISHES):
        message_id = attributes.get("messaging.message.id", "")
        return Reading(_key(resource.app, span.name, PUBLISH, stream), message_id=message_id)
    return _read_call(span, resource, attributes)


def _read_call(span: Span, resource: Resource, attributes: Mapping[str, str]) -> Reading:
    database = _first(attributes, "db.system.name", "db.system")
    address = _first(attributes, "server.address", "net.peer.name", "network.peer.address", "net.peer.ip")
    if database:
        namespace = _first(attributes, "db.namespace", "db.name")
        # Redis numbers its databases: a number names nothing.
        where = address if not namespace or (namespace.isdigit() and address) else namespace
        name = f"{database} {where}".strip()
    else:
        system = attributes.get("messaging.system", "")
        name = _first(attributes, "service.peer.name", "peer.service") or f"{system} {address}".strip()
    key = _key(resource.app, span.name, CALL, name)
    external = _key("", "", EXTERNAL, key.stream) if key.stream else None
    return Reading(key, external=external, is_alone=bool(database))


def _served(name: str, attributes: Mapping[str, str]) -> str:
    method = _first(attributes, "http.request.method", "http.method")
    route = _first(attributes, "http.route", "url.template")
    if method and route:
        return f"{'HTTP' if method == '_OTHER' else method} {route}"
    called = attributes.get("rpc.method", "")
    if called and _first(attributes, "rpc.system.name", "rpc.system"):
        service = attributes.get("rpc.service", "")
        # Before it was qualified, the method stood without its service.
        return f"{service}/{called}" if service and "/" not in called else called
    return name


def _destination(attributes: Mapping[str, str]) -> str:
    template = attributes.get("messaging.destination.template", "")
    if template:
        return template
    if "true" in (attributes.get("messaging.destination.temporary"), attributes.get("messaging.destination.anonymous")):
        return TEMPORARY
    return _first(attributes, "messaging.destination.name", "messaging.destination")


def _consumer_group(attributes: Mapping[str, str]) -> str:
    return _first(
        attributes,
        "messaging.consumer.group.name",
        "messaging.kafka.consumer.group",
        "messaging.rocketmq.client_group",
        "messaging.eventhubs.consumer.group",
    )


def _first(attributes: Mapping[str, str], *names: str) -> str:
    for name in names:
        found = attributes.get(name)
        if found:
            return found
    return ""


def _read_resource(raw: bytes) -> Resource:
    attributes = decode_resource(raw)
    instance = attributes.get("service.instance.id", "")
    host = _first(attributes, "host.name", "k8s.pod.name", "container.id") or instance
    pid = attributes.get("process.pid") or instance.replace("-", "")[:_PID_CHARS]
    app = make_service_key(attributes.get("service.name") or "unknown_service", attributes.get("service.version", ""))
    return Resource(_label(app), Server(_label(host), _label(pid)))


_known_resource = lru_cache(maxsize=256)(_read_resource)


def _key(app: str, event: str, kind: str, stream: str = "", group: str = "") -> ActivityKey:
    if len(event) + len(stream) + len(group) > _SHORT_CHARS:
        return _make_key(app, event, kind, stream, group)
    return _known_key(app, event, kind, stream, group)


def _make_key(app: str, event: str, kind: str, stream: str, group: str) -> ActivityKey:
    return ActivityKey(app, "", _label(event), kind, _label(stream), "", _label(group))


_known_key = lru_cache(maxsize=8192)(_make_key)


def _label(text: str) -> str:
    return clean_label(text.encode("utf-8", "surrogatepass"))
