"""/api/docs: the OpenAPI document as a page. Swagger's would bring 1.6 MB of scripts, and light colours only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from visualizer.interfaces.api.document import PROBLEMS, document
from visualizer.interfaces.api.endpoints import notes, scopes
from visualizer.models.api_token import SCOPES

_REF = "#/components/schemas/"
#: What a parameter may be: word → what stands behind it.
_LIMITS = {"minimum": "from", "maximum": "to", "default": "default"}


def docs_context() -> dict[str, Any]:
    """What templates/api_docs.html shows."""
    made = document()
    schemas = made["components"]["schemas"]
    titles = {name: each["title"] for name, each in schemas.items()}
    return {
        "scopes": SCOPES.items(),
        "endpoints": [_endpoint(path, each["get"], titles) for path, each in sorted(made["paths"].items())],
        "schemas": [_schema(name, each, titles) for name, each in schemas.items()],
        "problems": PROBLEMS.items(),
    }


def _endpoint(path: str, operation: Mapping[str, Any], titles: Mapping[str, str]) -> dict[str, Any]:
    ((media_type, content),) = operation["responses"]["200"]["content"].items()
    answer, parameters = _words(content["schema"])[1], operation["parameters"]
    return {
        "name": operation["operationId"],
        "path": path,
        "summary": operation["summary"],
        "notes": notes[operation["operationId"]],
        "scope": scopes[operation["operationId"]],
        "parameters": [_parameter(each) for each in parameters],
        "can_try": not any(each["required"] for each in parameters),
        "media_type": media_type,
        "answer": answer,
        "title": titles.get(answer, ""),
    }


def _parameter(parameter: Mapping[str, Any]) -> dict[str, Any]:
    schema = parameter["schema"]
    return {
        "name": parameter["name"],
        "required": parameter["required"],
        "what": parameter["description"],
        "type": " | ".join(filter(None, schema["enum"])) if "enum" in schema else _words(schema)[0],
        "limits": ", ".join(
            f"{word} {_shown(schema[key])}" for key, word in _LIMITS.items() if schema.get(key) not in (None, "")
        ),
    }


def _schema(name: str, schema: Mapping[str, Any], titles: Mapping[str, str]) -> dict[str, Any]:
    fields = []
    for field, each in schema["properties"].items():
        words, ref = _words(each)
        fields.append(
            {"name": field, "type": words, "ref": ref, "title": titles.get(ref, ""), "what": each["description"]}
        )
    return {"name": name, "title": schema["title"], "what": schema["description"], "fields": fields}


def _words(schema: Mapping[str, Any]) -> tuple[str, str]:
    """A type in words, and the schema it leads to, "" for none: ("list of ", "Node")."""
    if "$ref" in schema:
        return "", schema["$ref"].removeprefix(_REF)
    if "anyOf" in schema:
        parts = [_words(each) for each in schema["anyOf"]]
        return " or ".join(words for words, _ in parts if words), next((ref for _, ref in parts if ref), "")
    if schema.get("type") == "array":
        words, ref = _words(schema["items"]) if schema.get("items") else ("", "")
        return f"list of {words}", ref
    return str(schema.get("type", "anything")), ""


def _shown(value: object) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
