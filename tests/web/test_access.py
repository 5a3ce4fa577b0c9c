"""What every address answers to strangers, and what every answer carries."""

from __future__ import annotations

import re

import pytest
import redis
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, reverse

from visualizer.interfaces import tables

# The API lets in by itself, and tells strangers in its own way: tests/web/test_api_access.py.
PUBLIC = {"sign-in", "sign-in-link", "healthz", "readyz", "metrics", "api"}
#: For machines that show a token, too: tests/web/test_hopeit_api.py.
HOPEIT = {"hopeit-graph", "hopeit-live", "hopeit-cluster"}
ARGUMENTS = {
    **{name: ["0x30"] for name in HOPEIT},
    "node-panel": ["standard"],
    "blast": ["standard"],
    "follow": ["standard"],
    "follow-beside": ["standard"],
    "drift-answer": ["standard"],
    "drift-panel": ["standard"],
    "lint-flags": ["standard"],
    "incident": ["unknown"],
    "take-care": ["unknown"],
    "unsilence": ["1"],
    "node-declared": ["standard"],
    "edge-panel": ["standard"],
    "deploy": ["1"],
    "moment": ["standard"],
    "reel": ["standard"],
    "differences": ["standard"],
    "saved-view": ["unknown"],
    "delete-view": ["unknown"],
    "sign-in-link": ["unknown"],
}
NAMES = [str(getattr(pattern, "name", None)) for pattern in get_resolver().url_patterns]
PAGES = sorted(
    {
        "graph",
        "apps",
        "hosts",
        "incidents",
        "sources",
        "worker",
        "lint",
        "lint-flags",
        "notices",
        "old-apps",
        "node-panel",
        "edge-panel",
        *HOPEIT,
        *PUBLIC,
    }
)
CSP = (
    "default-src 'none'; script-src 'nonce-(?P<nonce>[\\w-]{24,})'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def address(name: str) -> str:
    return reverse(name, args=ARGUMENTS.get(name, []))


@pytest.mark.parametrize("name", sorted(set(NAMES) - PUBLIC - HOPEIT))
@pytest.mark.parametrize("method", ["get", "post", "head", "put", "delete"])
def test_a_stranger_is_sent_to_the_sign_in_page(db: None, client: Client, name: str, method: str) -> None:
    response = getattr(client, method)(address(name))
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in?next=")


def test_every_address_is_known_here() -> None:
    assert "None" not in NAMES, "a URL without a name, or a whole tree of them"
    assert set(NAMES) >= PUBLIC | HOPEIT


def test_htmx_is_told_to_leave_the_page_rather_than_draw_the_form_into_it(db: None, client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/?node=a&view=expanded"}
    response = client.get(address("node-panel"), headers=headers)
    assert (response.status_code, response["HX-Redirect"]) == (204, "/sign-in?next=%2F%3Fnode%3Da%26view%3Dexpanded")


@pytest.mark.parametrize("name", [*PAGES, "no such page"])
def test_every_answer_carries_the_policy_and_the_other_headers(live: redis.Redis, signed_in: Client, name: str) -> None:
    response = signed_in.get(address(name) if name in NAMES else "/nothing/here")
    assert re.fullmatch(CSP, response["Content-Security-Policy"])
    expected = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    assert {header: response[header] for header in expected} == expected
    assert "camera=()" in response["Permissions-Policy"]
    assert "Server" not in response


def test_static_files_carry_the_policy_and_may_be_kept(db: None, client: Client) -> None:
    response = client.get("/static/css/tokens.css")
    assert (response.status_code, response["Cache-Control"]) == (200, "max-age=86400, public")
    assert "Content-Security-Policy" in response
    assert "Access-Control-Allow-Origin" not in response
    response.close()


def test_a_nonce_is_never_used_twice(client: Client) -> None:
    policies = {client.get("/healthz")["Content-Security-Policy"] for _ in range(200)}
    assert len(policies) == 200


def test_every_script_of_a_page_carries_its_nonce_and_no_page_has_handlers_or_styles(
    live: redis.Redis, signed_in: Client
) -> None:
    for name in ("graph", "apps", "hosts", "sources", "lint", "api-docs"):
        response = signed_in.get(address(name))
        nonce = re.fullmatch(CSP, response["Content-Security-Policy"])["nonce"]  # type: ignore[index]
        text = response.content.decode()
        scripts = re.findall(r"<script\b[^>]*>", text)
        assert scripts
        for script in scripts:
            assert f'nonce="{nonce}"' in script or 'type="application/json"' in script
        assert not re.search(r"\s(style|on[a-z]+|hx-on[^=]*)=", text)
        assert not re.search(r'hx-trigger="[^"]*\[', text)  # a filter would be evaluated as a script


@pytest.mark.parametrize(
    "place",
    [
        r'<script type="module" src="(/static/linked/graph_page\.[0-9a-f]{12}\.js)"',
        r'<link rel="stylesheet" href="(/static/linked/graph\.[0-9a-f]{12}\.css)">',
    ],
)
def test_scripts_and_sheets_have_addresses_of_their_content(signed_in: Client, place: str) -> None:
    address = re.search(place, signed_in.get("/").content.decode())
    assert address
    response = signed_in.get(address[1], headers={"Accept-Encoding": "gzip"})
    assert (response["Cache-Control"], response["Content-Encoding"]) == (
        "max-age=315360000, public, immutable",
        "gzip",
    )
    response.close()


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "169.254.169.254", ""])
def test_other_host_names_are_refused(db: None, client: Client, host: str) -> None:
    assert client.get("/sign-in", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("name", ["sign-out", "sign-in", "bring-back"])
def test_nothing_is_changed_without_a_csrf_token(db: None, signed_in: Client, name: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in.cookies
    assert strict.post(address(name)).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/static/../visualizer/settings.py", "/static/%2e%2e/manage.py", "/static//etc/passwd", "/static/", "/static/js/"],
)
def test_nothing_but_static_files_is_served_as_one(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "right"),
    [
        ("/apps/", "/apps"),
        ("/incidents/unknown/", "/incidents/unknown"),
        ("/changes/?from=live&to=a%20b", "/changes?from=live&to=a%20b"),
        ("/api/docs/", "/api/docs"),
    ],
)
def test_a_slash_too_many_leads_who_looks_to_the_page(db: None, signed_in: Client, path: str, right: str) -> None:
    for ask in (signed_in.get, signed_in.head):
        response = ask(path)
        assert (response.status_code, response["Location"]) == (302, right)


def test_nobody_who_sends_is_led_on_and_a_right_address_stays(db: None, signed_in: Client) -> None:
    sent = signed_in.post("/places/tidy/", {"view": "standard"})
    assert sent.status_code == 404
    assert '<a href="/places/tidy"><bdi>/places/tidy</bdi></a>' in sent.content.decode()
    for path in ("/incidents/unknown", "/nowhere", "/nowhere/", "/%2Fevil.example/", "/%2Fapps/", "/static/js/"):
        assert signed_in.get(path).status_code == 404
    assert "None of them ends with a slash." in signed_in.get("/api/v1/graph/").json()["detail"]


def test_bodies_and_fields_are_limited() -> None:
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE <= 2.5 * 1024 * 1024
    assert settings.DATA_UPLOAD_MAX_NUMBER_FIELDS <= 1000
    assert not settings.DEBUG
    assert "*" not in settings.ALLOWED_HOSTS


def test_the_way_of_a_proxy_is_not_believed(db: None, client: Client) -> None:
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example", "X-Forwarded-For": "127.0.0.1"}
    response = client.get("/", headers=headers)
    assert response["Location"] == "/sign-in?next=/"
    assert "Strict-Transport-Security" not in response


def test_an_error_of_ours_shows_an_id_and_nothing_else(
    db: None, signed_in: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("secret=hunter2")

    monkeypatch.setattr(tables, "read_app_numbers", fail)
    signed_in.raise_request_exception = False
    response = signed_in.get("/apps")
    assert response.status_code == 500
    assert b"hunter2" not in response.content
    assert re.fullmatch(CSP, response["Content-Security-Policy"])
    error_id = re.search(r"<code class=\"c\">(\w{8})</code>", response.content.decode())
    assert error_id
    assert f"id={error_id[1]} path='/apps'" in caplog.text
