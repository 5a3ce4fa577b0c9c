"""The OpenAPI document: what it was, and whether the API keeps to it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import redis
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, given, settings

from tests.drawn_world import PLACE_KEY
from tests.web.api_client import ApiClient
from tests.web.history import failed_run, remember
from tests.world import FIXTURES
from visualizer.interfaces.api import access
from visualizer.interfaces.api.document import document

KEPT = FIXTURES / "openapi.json"
#: Questions an endpoint is asked.
EXAMPLES = 9


def test_the_document_is_the_one_that_is_kept(db: None) -> None:
    """Who changes the API sees it in a diff: `python -m tests.tools.openapi_doc` writes it."""
    assert json.loads(json.dumps(document())) == json.loads(KEPT.read_text())


def test_the_document_is_served_and_says_what_everything_means(signed_in: Client) -> None:
    told = signed_in.get("/api/openapi.json").json()
    assert told == json.loads(KEPT.read_text())
    for schema in told["components"]["schemas"].values():
        assert schema["description"]
        assert all(field.get("description") for field in schema["properties"].values()), schema["title"]
    for path in told["paths"].values():
        assert path["get"]["summary"]
        assert all(parameter["description"] for parameter in path["get"]["parameters"])


def test_the_page_shows_all_of_it_and_leads_to_what_it_shows(signed_in: Client) -> None:
    text = signed_in.get("/api/docs").content.decode()
    told = json.loads(KEPT.read_text())
    assert all(f"GET {path}</code>" in text for path in told["paths"])
    ids, links = (set(re.findall(pattern, text)) for pattern in (' id="([^"]+)"', ' href="#([^"]+)"'))
    assert {f"schema-{name}" for name in told["components"]["schemas"]} <= ids
    assert links <= ids


@pytest.mark.parametrize("path", sorted(path for path in json.loads(KEPT.read_text())["paths"] if "events" not in path))
def test_the_api_keeps_to_its_document(
    live: redis.Redis, transactional_db: None, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(access, "REQUESTS_AT_ONCE", 1e9)
    monkeypatch.setattr(access, "_budgets", {})
    remember(PLACE_KEY, done=3, failed=1, failure=failed_run("no stock"))
    headers = {"Authorization": f"Bearer {ApiClient().token}"}
    schema: Any = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application(), headers=headers)

    @given(case=schema[path]["GET"].as_strategy())
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def ask(case: Any) -> None:
        case.call_and_validate(headers=headers)

    ask()
