from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest
import redis
from django.contrib.auth.models import User
from django.test import Client

from tests.web.api_client import ApiClient, problem_of
from visualizer.interfaces.api import access, graph
from visualizer.models.api_token import READ_GRAPH, SCOPES, is_token_text
from visualizer.repo.access_models import ApiToken
from visualizer.repo.api_tokens import find_token, read_tokens, revoke_token

PATHS = {"graph": "read:graph", "drift": "read:graph", "blast": "read:graph", "node": "read:graph"}
PATHS |= {"node/series": "read:graph", "events": "read:graph", "lint": "read:config", "diff": "read:config"}
PATHS |= {"history": "read:graph", "incidents": "read:graph", "incidents/x": "read:graph", "alerts": "read:graph"}
PATHS |= {"operations/x": "read:lines", "operations/x/compare/y": "read:lines"}
PATHS |= {"hosts": "read:config", "sources": "read:config", "node/lines": "read:lines"}


@pytest.fixture(autouse=True)
def _fresh_budgets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_budgets", {})


@pytest.mark.parametrize("path", [*(f"v1/{path}" for path in PATHS), "openapi.json"])
def test_a_stranger_is_told_what_to_show(db: None, client: Client, path: str) -> None:
    response = client.get(f"/api/{path}?id=x&of=x&before=1h")
    assert "Bearer" in problem_of(response, 401)
    assert response["WWW-Authenticate"] == 'Bearer realm="Eventscope"'


@pytest.mark.parametrize("path", PATHS)
def test_each_endpoint_wants_its_scope_and_no_other(live: redis.Redis, db: None, path: str) -> None:
    others = ApiClient(*(scope for scope in SCOPES if scope != PATHS[path]))
    assert PATHS[path] in problem_of(others.get(path, id="x", of="x", before="1h"), 403)
    assert ApiClient(PATHS[path], name="own").get(path, id="x", of="x", before="1h").status_code in (200, 404)


def test_a_token_in_the_address_opens_nothing(db: None, client: Client) -> None:
    token = ApiClient().token
    for name in ("token", "access_token", "Authorization"):
        response = client.get(f"/api/v1/graph?{name}={token}")
        assert token not in problem_of(response, 401)


@pytest.mark.parametrize("given", ["Bearer", "Bearer x", "Basic {token}", "Bearer {token}0", "Bearer \xe9", "{token}"])
def test_what_is_no_token_of_ours_opens_nothing(db: None, signed_in: Client, given: str) -> None:
    header = given.format(token=(token := ApiClient().token))
    detail = problem_of(signed_in.get("/api/v1/graph", headers={"Authorization": header}), 401)
    assert token not in detail
    assert ("neither came" in detail) == (not header.lower().startswith("bearer "))


def test_a_revoked_token_opens_nothing(live: redis.Redis, db: None) -> None:
    script = ApiClient()
    assert script.get("graph").status_code == 200
    assert revoke_token("script")
    problem_of(script.get("graph"), 401)


def test_a_token_that_has_ended_opens_nothing(live: redis.Redis, db: None) -> None:
    problem_of(ApiClient(valid_for=timedelta(seconds=-1)).get("graph"), 401)


def test_only_the_hash_of_a_token_is_kept_and_when_it_was_used(live: redis.Redis, db: None) -> None:
    script = ApiClient(READ_GRAPH)
    assert is_token_text(script.token)
    assert read_tokens()[0].last_used is None
    script.json("graph")
    (kept,) = read_tokens()
    assert kept.last_used
    assert (kept.name, kept.scopes) == ("script", frozenset({READ_GRAPH}))
    assert script.token not in str(ApiToken.objects.values_list().get())


def test_a_token_is_written_as_used_once_a_minute(db: None) -> None:
    token, now = ApiClient().token, datetime.now(UTC)
    for later_s, expected_s in ((0, 0), (59, 0), (61, 61)):
        find_token(token, now=now + timedelta(seconds=later_s))
        assert read_tokens()[0].last_used == now + timedelta(seconds=expected_s)


def test_who_is_signed_in_may_read_everything(live: redis.Redis, signed_in: Client) -> None:
    assert signed_in.get("/api/v1/graph").status_code == 200
    assert signed_in.get("/api/v1/lint").status_code == 200
    assert signed_in.get("/api/openapi.json").status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_nothing_can_be_changed_with_a_session_or_a_token(live: redis.Redis, admin: User, method: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin)
    response = getattr(strict, method)("/api/v1/graph")
    assert method.upper() in problem_of(response, 405)
    assert response["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["", "v1", "v1/", "v1/nothing", "v2/graph", "v1/graph/", "%00", "v1/graph%0a"])
def test_what_is_not_there_is_a_problem_too(signed_in: Client, path: str) -> None:
    assert "/api/docs" in problem_of(signed_in.get(f"/api/{path}"), 404)


def test_a_wrong_parameter_is_told_with_what_was_expected_and_what_came(live: redis.Redis, db: None) -> None:
    detail = problem_of(ApiClient().get("drift", limit=5000, page="x", view="nothing"), 422)
    assert "limit: input should be less than or equal to 1000, came '5000'" in detail
    assert "page: " in detail
    assert "view: input should be 'standard' or 'expanded', came 'nothing'" in detail
    assert "id: field required, none came" in problem_of(ApiClient(name="b").get("node"), 422)


def test_who_asks_too_much_has_to_wait(live: redis.Redis, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "REQUESTS_AT_ONCE", 2)
    monkeypatch.setattr(access, "REQUESTS_PER_S", 0.01)
    script, other = ApiClient(), ApiClient(name="other")
    assert [script.get("graph").status_code for _ in range(2)] == [200, 200]
    response = script.get("graph")
    assert "requests a second" in problem_of(response, 429)
    assert response["Retry-After"] == "1"
    assert other.get("graph").status_code == 200


def test_an_error_of_ours_is_a_problem_with_an_id_and_nothing_else(
    live: redis.Redis, db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("secret=hunter2")

    monkeypatch.setattr(graph, "read_drawn", fail)
    script = ApiClient()
    script.client.raise_request_exception = False
    response = script.get("graph")
    detail = problem_of(response, 500)
    assert b"hunter2" not in response.content
    assert f"id={detail.removesuffix('.').split()[-1]} path='/api/v1/graph'" in caplog.text
    assert script.token not in caplog.text


def test_without_redis_it_says_so(no_redis: None, db: None) -> None:
    script = ApiClient()
    told = ("graph", "drift", "hosts", "sources", "lint", "node", "blast", "node/lines")
    for path in (*told, "operations/x", "operations/x/compare/y"):
        response = script.get(path, id="shop.1x0.place_order", of="shop.1x0.place_order")
        assert "does not answer" in problem_of(response, 503)
        assert response["Retry-After"]


def test_no_token_is_logged(live: redis.Redis, db: None, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    script = ApiClient()
    script.get("graph", view="nothing")
    script.get("nothing")
    revoke_token("script")
    script.get("graph")
    assert "401" in caplog.text or "Unauthorized" in caplog.text
    assert script.token not in caplog.text


def test_another_host_name_is_a_problem_too(signed_in: Client) -> None:
    response = signed_in.get("/api/v1/graph", headers={"Host": "evil.example"})
    assert "ALLOWED_HOSTS" in problem_of(response, 400)
    assert "evil" not in response.content.decode()


def test_head_answers_what_get_would_and_no_body(live: redis.Redis, signed_in: Client) -> None:
    whole, head = signed_in.get("/api/v1/graph"), signed_in.head("/api/v1/graph")
    assert head.content == b""
    assert (head.status_code, head["ETag"]) == (200, whole["ETag"])
    assert head["Content-Length"] == str(len(whole.content))
    assert signed_in.head("/api/v1/events")["Content-Type"] == "text/event-stream"
    assert signed_in.head("/api/v1/nothing")["Content-Type"] == "application/problem+json"
