"""
What is kept of a document: what the graph is made of, without secrets. Schemas, examples and prose stay where they are;
everything that is kept stands where it stood, so that JSON pointers into the document hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from collector.core.redact import Mark, keyed_mark, redact_text
from collector.models import document as words

#: A text.
_TEXT: Any = None
#: Stands for any name, for the items of a list, and for texts whose names begin with "x-".
_ANY = "*"
_REF = {"$ref": _TEXT}
_VALUE = {"const": _TEXT, "enum": {_ANY: _TEXT}}
_BINDINGS = {
    **_REF,
    "kafka": {"topic": _TEXT, "groupId": _VALUE},
    "amqp": {"is": _TEXT, "queue": {"name": _TEXT}},
    "nats": {"queue": _TEXT},
}
_OWN = dict.fromkeys((words.EVENT, words.EVENT_TYPE, words.STREAM, words.QUEUE, words.CONSUMER_GROUP), _TEXT)
#: What operations share.
_TRAIT = {**_REF, "bindings": _BINDINGS}
_MESSAGE = {**_REF, "name": _TEXT, "oneOf": {_ANY: {**_REF, "name": _TEXT}}}
_SERVER = {**_REF, "host": _TEXT, "url": _TEXT, "protocol": _TEXT, "variables": {_ANY: {"default": _TEXT}}}
_OLD_OPERATION = {
    **_REF,
    **_OWN,
    "operationId": _TEXT,
    "message": _MESSAGE,
    "bindings": _BINDINGS,
    "traits": {_ANY: _TRAIT},
}
_CHANNEL = {
    **_REF,
    **_OWN,
    "address": _TEXT,
    "servers": {_ANY: _REF},
    "messages": {_ANY: _MESSAGE},
    "bindings": _BINDINGS,
    "subscribe": _OLD_OPERATION,
    "publish": _OLD_OPERATION,
}
_REPLY = {**_REF, "channel": _REF}
_OPERATION = {
    **_REF,
    **_OWN,
    "action": _TEXT,
    "channel": _REF,
    "messages": {_ANY: _REF},
    "bindings": _BINDINGS,
    "traits": {_ANY: _TRAIT},
    "reply": _REPLY,
}
_INFO = {"title": _TEXT, "version": _TEXT, words.APP_KEY: _TEXT, words.ACCEPT: {_ANY: _TEXT}}
_ASYNCAPI = {
    "asyncapi": _TEXT,
    "info": _INFO,
    "servers": {_ANY: _SERVER},
    "channels": {_ANY: _CHANNEL},
    "operations": {_ANY: _OPERATION},
    "components": {
        "servers": {_ANY: _SERVER},
        "channels": {_ANY: _CHANNEL},
        "operations": {_ANY: _OPERATION},
        "messages": {_ANY: _MESSAGE},
        "replies": {_ANY: _REPLY},
        "channelBindings": {_ANY: _BINDINGS},
        "operationBindings": {_ANY: _BINDINGS},
        "operationTraits": {_ANY: _TRAIT},
    },
}
_METHOD = {**_REF, **_OWN, "operationId": _TEXT, "tags": {_ANY: _TEXT}}
_PATH = {**_REF, **dict.fromkeys(("get", "put", "post", "delete", "options", "head", "patch", "trace"), _METHOD)}
_OPENAPI = {
    "openapi": _TEXT,
    "swagger": _TEXT,
    "info": _INFO,
    words.EVENTS: _TEXT,
    "basePath": _TEXT,
    "servers": {_ANY: _SERVER},
    "paths": {_ANY: _PATH},
    "components": {"pathItems": {_ANY: _PATH}},
}


def lean_document(document: Mapping[str, Any], *, app_key: str = "", key: bytes) -> dict[str, Any]:
    """
    A document that can be read (document_fault), as it is kept.

    Args:
        app_key: the app it is about, where the settings say so.
        key: secret of this installation; equal secrets leave equal marks.
    """
    root = words.document_root(document)
    mark = keyed_mark(key)
    shape = _ASYNCAPI if root == words.ASYNCAPI else _OPENAPI
    if root not in document:
        return {redact_text(name, mark): _lean(one, shape, mark) for name, one in document.items()}
    lean: dict[str, Any] = _lean(document, shape, mark)
    if app_key:
        info = lean.get("info")
        lean["info"] = {**(info if isinstance(info, dict) else {}), words.APP_KEY: app_key}
    return lean


def _lean(value: Any, shape: Any, mark: Mark) -> Any:
    """What is not of the expected kind leaves something of its kind, so that it can be said what came."""
    if isinstance(value, str):
        return redact_text(value, mark)
    if isinstance(value, dict):
        return {
            redact_text(name, mark): _lean(below, shape[name if name in shape else _ANY], mark)
            for name, below in value.items()
            if isinstance(shape, dict) and (name in shape or _ANY in shape)
        }
    if isinstance(value, list):
        return [_lean(item, shape[_ANY], mark) for item in value] if isinstance(shape, dict) and _ANY in shape else []
    return value if value is None or isinstance(value, bool) else 0
