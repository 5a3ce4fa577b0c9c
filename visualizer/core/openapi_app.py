"""
An OpenAPI document → DeclaredApps: an event an operation, named as spans with `http.route` are, "GET /orders/{id}".

Source: OpenAPI specification 2.0 (basePath), 3.0.4 and 3.1.1 (servers, Path Item Object).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from collector.models import document as words
from visualizer.core.document_info import accepted_findings, app_identity
from visualizer.core.document_part import Part
from visualizer.core.hopeit_paths import HopeitEvent, hopeit_event
from visualizer.core.untrusted import quoted, visible
from visualizer.models.declared_app import DeclaredApp, DeclaredEvent

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def read_openapi(document: Part) -> tuple[DeclaredApp, ...]:
    """
    The app of a document of version 2.0 or 3.x, or the apps of a hopeit server; what cannot be used is left out and
    said.
    """
    own = DeclaredApp(*app_identity(document), kind=words.OPENAPI, accepted=accepted_findings(document))
    apps = {own.key: own}
    events: dict[str, dict[str, DeclaredEvent]] = {own.key: {}}
    for operation in _operations(document):
        event, hopeit = _event(operation), operation.hopeit
        key = hopeit.app_key if hopeit else own.key
        if hopeit:
            apps.setdefault(key, replace(own, key=key, name=hopeit.name, version=hopeit.version))
        known = events.setdefault(key, {})
        if event.name in known:
            document.problems.say(event.place, f"event {quoted(event.name)} is there already: left out")
        known.setdefault(event.name, event)
    found = [replace(app, events=tuple(events[key].values())) for key, app in apps.items()]
    # What all is somebody else's has no app of its own.
    return tuple(app for app in found if app.events or len(found) == 1)


@dataclass(frozen=True, slots=True)
class _Operation:
    part: Part
    method: str
    #: With the path of the server before it.
    route: str
    servers: str
    #: Are events named by operationId?
    by_id: bool
    #: Whose it is, on a hopeit server.
    hopeit: HopeitEvent | None


def _operations(document: Part) -> Iterator[_Operation]:
    by_id = document.part(words.EVENTS).text() == "operationId"
    is_named = not document.part("info", words.APP_KEY).is_missing
    servers = [server for each in document.part("servers").items() if (server := _server_url(each))]
    base = visible(_path(servers[0])) if servers else document.part("basePath").text().rstrip("/")
    for path, item in document.part("paths").parts():
        if not path.startswith("/"):
            if not path.startswith("x-"):
                item.problems.say(item.pointer, "expected a path that begins with /")
            continue
        for method in METHODS:
            operation = item.part(method)
            if not operation.is_missing and operation.is_object():
                tags = [] if is_named else [tag.text() for tag in operation.part("tags").items()]
                hopeit = hopeit_event(visible(path), tags)
                yield _Operation(operation, method.upper(), base + visible(path), ", ".join(servers), by_id, hopeit)


def _event(operation: _Operation) -> DeclaredEvent:
    part = operation.part
    own_id = part.part("operationId").text()
    name = operation.hopeit.event if operation.hopeit else own_id if operation.by_id else ""
    facts = {"operation": own_id, "servers": operation.servers}
    return DeclaredEvent(
        name=part.part(words.EVENT).text() or name or f"{operation.method} {operation.route}",
        type=operation.method,
        place=part.pointer,
        route=operation.route,
        facts={word: text for word, text in facts.items() if text},
    )


def _server_url(server: Part) -> str:
    """With the default of each variable in it."""
    url = server.part("url").text()
    for name, variable in server.part("variables").parts():
        url = url.replace(f"{{{name}}}", variable.part("default").text())
    return url


def _path(url: str) -> str:
    try:
        return urlsplit(url).path.rstrip("/")
    except ValueError:
        return ""
