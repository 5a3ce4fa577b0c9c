"""The OpenAPI document: django-ninja's, with answers as their types tell them, and every problem there may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from functools import cache
from http import HTTPStatus
from typing import Any, get_args, get_origin

import msgspec
from django.http import HttpRequest, HttpResponse

from visualizer.core.field_docs import field_docs
from visualizer.interfaces.api import compare, events, findings, graph, history, incidents, inventory, node, operations
from visualizer.interfaces.api.access import MayRead
from visualizer.interfaces.api.endpoints import VERSION, answers, api, notes, scopes
from visualizer.interfaces.api.problem import MEDIA_TYPE
from visualizer.models.api_answer import Problem
from visualizer.models.api_token import SCOPES

#: They enter their endpoints by being imported.
ENDPOINTS = (compare, events, findings, graph, history, incidents, inventory, node, operations)
_REF = "#/components/schemas/{name}"
#: How one shows a token.
_SCHEME = "token"
#: Status → when.
PROBLEMS = {
    401: "No token, and nobody is signed in.",
    403: "The token has not the scope.",
    404: "What is asked about is not there.",
    422: "A parameter is not what it may be.",
    429: "Too many requests at once.",
    503: "Redis or the database does not answer.",
}


def openapi(request: HttpRequest) -> HttpResponse:
    """/api/openapi.json, for whoever may read anything."""
    MayRead()(request)
    return HttpResponse(msgspec.json.encode(document()), content_type="application/json")


@cache
def document() -> dict[str, Any]:
    """The whole of it."""
    made = api.get_openapi_schema(path_prefix=f"api/{VERSION}/")
    kinds = [Problem, *(kind for kind in answers.values() if kind is not None)]
    refs, schemas = msgspec.json.schema_components(kinds, ref_template=_REF)
    told = dict(zip(map(str, kinds), refs, strict=True))
    docs = {schema_name(kind): field_docs(get_origin(kind) or kind) for kind in _structs(kinds)}
    for path in made["paths"].values():
        for operation in path.values():
            _describe(operation, told)
    problem = {MEDIA_TYPE: {"schema": told[str(Problem)]}}
    components = {
        "responses": {
            HTTPStatus(status).name: {"description": when, "content": problem} for status, when in PROBLEMS.items()
        },
        "schemas": {name: _whole(schema, docs.get(name, {})) for name, schema in sorted(schemas.items())},
        "securitySchemes": {_SCHEME: MayRead.openapi_security_schema},
    }
    info = made["info"] | {"description": f"{made['info']['description']}\n\n{_scopes_text()}"}
    return {"openapi": made["openapi"], "info": info, "paths": made["paths"], "components": components}


def schema_name(kind: Any) -> str:
    """As msgspec calls it: "Page_Host_" for Page[Host]."""
    parts = get_args(kind)
    return f"{get_origin(kind).__name__}_{'_'.join(part.__name__ for part in parts)}_" if parts else kind.__name__


def _describe(operation: dict[str, Any], told: Mapping[str, Any]) -> None:
    name = operation["operationId"]
    answer = answers[name]
    if answer is None:
        content: Any = {"text/event-stream": {"schema": {"type": "string"}}}
    else:
        content = {"application/json": {"schema": told[str(answer)]}}
    # By number: a document that is written down twice is to be the same.
    responses: dict[str, Any] = {"200": {"description": "What was asked for.", "content": content}}
    if answer is not None:
        responses["304"] = {"description": "You have it already (If-None-Match)."}
    responses |= {str(status): {"$ref": f"#/components/responses/{HTTPStatus(status).name}"} for status in PROBLEMS}
    operation["responses"], operation["security"] = responses, [{_SCHEME: [scopes[name]]}]
    operation["description"] = f"{notes[name]} Scope: {scopes[name]}.".strip()


def _whole(schema: dict[str, Any], docs: Mapping[str, str]) -> dict[str, Any]:
    """Nothing is left out of what we send, so everything is required; each with its words."""
    properties = {
        name: {key: value for key, value in one.items() if key != "default"}
        | ({"description": docs[name]} if name in docs else {})
        for name, one in schema["properties"].items()
    }
    return schema | {"properties": properties, "required": sorted(properties)}


def _structs(kinds: list[Any]) -> Iterator[Any]:
    """All types that these are made of."""
    seen: set[Any] = set()
    waiting = list(kinds)
    while waiting:
        kind = waiting.pop()
        if kind in seen:
            continue
        seen.add(kind)
        one = get_origin(kind) or kind
        if is_dataclass(one):
            yield kind
        elif isinstance(one, type) and issubclass(one, msgspec.Struct):
            yield kind
            waiting += [field.type for field in msgspec.structs.fields(kind)]
        waiting += get_args(kind)


def _scopes_text() -> str:
    return "Scopes of tokens: " + "; ".join(f"`{name}`: {opens}" for name, opens in SCOPES.items()) + "."
