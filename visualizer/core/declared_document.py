"""
What apps declare in documents → RuntimeApps, the form in which every kind of declaration is kept, compared and drawn.

hopeit's answers are in it already; `kind`, `problems` and each event's `place` and `facts` are there for the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from collector.models.document import document_fault, document_root
from visualizer.core.asyncapi_app import read_asyncapi
from visualizer.core.document_part import Part, Problems
from visualizer.core.openapi_app import read_openapi
from visualizer.models.declared_app import DeclaredApp, DeclaredEvent
from visualizer.models.runtime_config import ReadStream, WriteStream

#: More of one app is nothing that anybody could look at.
MAX_EVENTS = 5_000
_READERS = {"asyncapi": read_asyncapi, "openapi": read_openapi, "swagger": read_openapi}


def runtime_apps_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """RuntimeApps of a document. Never raises: what is wrong with it stands in `problems`."""
    if fault := document_fault(document):
        return {"apps": {}, "server_status": {}, "problems": [fault]}
    root, problems = document_root(document), Problems()
    documents = [document] if root in document else list(document.values())
    apps = [app for one in documents for app in _READERS[root](Part.whole(one, problems))]
    for app in apps:
        if len(app.events) > MAX_EVENTS:
            problems.say(
                "#", f"expected at most {MAX_EVENTS:,} operations, came {len(app.events):,}: some are left out"
            )
    return {
        "apps": {app.key: _app(app) for app in apps},
        "server_status": {},
        "problems": list(problems.texts()),
    }


def _app(app: DeclaredApp) -> dict[str, Any]:
    return {
        "kind": app.kind,
        "servers": [],
        "app_config": {
            "app": {"name": app.name, "version": app.version},
            "settings": {"eventscope": {"accept": list(app.accepted)}},
        },
        "effective_events": {f"{app.key}.{event.name}": _event(event) for event in app.events[:MAX_EVENTS]},
    }


def _event(event: DeclaredEvent) -> dict[str, Any]:
    parts: dict[str, Any] = {"type": event.type, "place": event.place, **event.facts}
    if event.route:
        parts["route"] = event.route
    ends = {"read": [_read(stream) for stream in event.reads], "write": [_write(stream) for stream in event.writes]}
    for verb, streams in ends.items():
        if streams:
            parts[f"{verb}_stream"] = streams[0]
        if streams[1:]:
            parts[f"more_{verb}s"] = streams[1:]
    return parts


def _read(stream: ReadStream) -> dict[str, Any]:
    group = {"consumer_group": stream.consumer_group} if stream.consumer_group else {}
    return {"name": stream.name, "queues": list(stream.queues), "place": stream.place, **group}


def _write(stream: WriteStream) -> dict[str, Any]:
    return {"name": stream.name, "queues": list(stream.queues), "place": stream.place}
