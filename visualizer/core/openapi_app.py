"""
An OpenAPI document → DeclaredApp: an event an operation, named as spans with `http.route` are, "GET /orders/{id}".

Source: OpenAPI specification 2.0 (basePath), 3.0.4 and 3.1.1 (servers, Path Item Object).
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from collector.models import document as words
from visualizer.core.document_info import accepted_findings, app_identity
from visualizer.core.document_part import Part
from visualizer.core.untrusted import quoted, visible
from visualizer.models.declared_app import DeclaredApp, DeclaredEvent

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def read_openapi(document: Part) -> DeclaredApp:
    """The app of a document of version 2.0, 3.0 or 3.1; what cannot be used is left out and said."""
    key, name, version = app_identity(document)
    events: dict[str, DeclaredEvent] = {}
    for event in _events(document):
        if event.name in events:
            document.problems.say(event.place, f"event {quoted(event.name)} is there already: left out")
        else:
            events[event.name] = event
    return DeclaredApp(
        key=key,
        name=name,
        version=version,
        kind=words.OPENAPI,
        events=tuple(events.values()),
        accepted=accepted_findings(document),
    )


def _events(document: Part) -> Iterator[DeclaredEvent]:
    by_id = document.part(words.EVENTS).text() == "operationId"
    servers = [server for each in document.part("servers").items() if (server := _server_url(each))]
    base = visible(_path(servers[0])) if servers else document.part("basePath").text().rstrip("/")
    for path, item in document.part("paths").parts():
        if not path.startswith("/"):
            if not path.startswith("x-"):
                item.problems.say(item.pointer, "expected a path that begins with /")
            continue
        route = f"{base}{visible(path)}"
        for method in METHODS:
            operation = item.part(method)
            if operation.is_missing or not operation.is_object():
                continue
            own_id = operation.part("operationId").text()
            name = (own_id if by_id else "") or f"{method.upper()} {route}"
            facts = {"operation": own_id, "servers": ", ".join(servers)}
            yield DeclaredEvent(
                name=operation.part(words.EVENT).text() or name,
                type=method.upper(),
                place=f"{item.pointer}/{method}",
                route=route,
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
