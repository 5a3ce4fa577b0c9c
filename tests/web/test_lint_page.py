"""The linter in the page: the list, the flags, a node's panel."""

from __future__ import annotations

import re
from typing import Any

import pytest
import redis
from django.test import Client

from collector.models import redis_keys
from tests.drawn_world import ENTRY, PACK, PLACE, orders
from tests.runtime_apps import answer, app, event, read, write
from tests.world import ROOT
from visualizer.core.lint import lint_config
from visualizer.core.runtime_config import read_runtime_apps
from visualizer.interfaces.node_marks import FLAG
from visualizer.models.lint_finding import LintReport
from visualizer.repo.lint_report import keep_lint_report, read_lint_report

VENOM = '<script>alert(1)</script>"\u202e\x1b[31m'


def lint(stream: str = "orders", *, accepted: tuple[str, ...] = ()) -> LintReport:
    """A queue that does not meet, and what its reader never gets."""
    shop = app("shop", {"place_order": event("POST", write_stream=write(stream, "expres"))})
    store = app("store", {"pack": event("STREAM", read_stream=read(stream, "express"))})
    return lint_config(read_runtime_apps(answer(shop, store), source="here"), accepted=accepted)


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


@pytest.fixture
def linted(live: redis.Redis) -> redis.Redis:
    """The drawn world, and what the linter says of it."""
    keep_lint_report(live, lint())
    return live


def test_the_list_says_where_by_what_and_what_to_do(linted: redis.Redis, signed_in: Client) -> None:
    response = signed_in.get("/lint")
    text = words(response)
    assert "Queue expres of stream orders is written and never read" in text
    assert "where shop.1x0 events.place_order.write_stream.queues" in text
    assert "queues that are read express" in text
    assert "accept queue-never-read:shop.1x0.place_order" in text
    assert "1 error, 0 warnings, 1 info. 2 apps and 2 events checked." in text
    assert f"/?node={PLACE}" in response.content.decode()


def test_the_list_is_narrowed_to_a_severity_and_to_what_is_accepted(live: redis.Redis, signed_in: Client) -> None:
    keep_lint_report(live, lint(accepted=("queue-never-written",)))
    assert "never written" not in words(signed_in.get("/lint"))
    assert "None of these." in words(signed_in.get("/lint", {"show": "warning"}))
    accepted = words(signed_in.get("/lint", {"show": "accepted"}))
    assert "accepted by queue-never-written (eventscope.toml [lint] accept)" in accepted
    assert "never read" not in accepted
    assert "never read" in words(signed_in.get("/lint", {"show": "nonsense"}))


def test_without_a_report_the_list_says_what_makes_one(live: redis.Redis, signed_in: Client) -> None:
    assert "Nothing was checked yet" in words(signed_in.get("/lint"))
    keep_lint_report(live, LintReport())
    assert "No host has declared an app yet." in words(signed_in.get("/lint"))
    live.set(redis_keys.LINT, b"{")
    assert read_lint_report(live) is None


def test_flags_name_nodes_of_the_view_and_are_not_sent_twice(linted: redis.Redis, signed_in: Client) -> None:
    response = signed_in.get("/lint/flags/standard")
    assert response.json() == {"open": 2, "worst": "error", "nodes": {PLACE: "error", PACK: "info", ">orders": "error"}}
    again = signed_in.get("/lint/flags/standard", headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    queues = signed_in.get("/lint/flags/expanded").json()["nodes"]
    assert (queues[">orders.expres"], queues[">orders.express"]) == ("error", "info")
    assert signed_in.get("/lint/flags/other").status_code == 404


def test_accepted_findings_raise_no_flag(live: redis.Redis, signed_in: Client) -> None:
    keep_lint_report(live, lint(accepted=("*",)))
    assert signed_in.get("/lint/flags/standard").json() == {"open": 0, "worst": "", "nodes": {}}


@pytest.mark.parametrize(("node", "count"), [(PLACE, 1), (ENTRY, 1), (PACK, 1), (orders("standard"), 2)])
def test_a_nodes_panel_tells_its_findings(linted: redis.Redis, signed_in: Client, node: str, count: int) -> None:
    text = words(signed_in.get("/nodes/standard/panel", {"id": node}))
    assert text.count(" where ") == count
    assert "Lint of what is declared" in text


def test_a_panel_of_a_node_without_findings_does_not_mention_them(live: redis.Redis, signed_in: Client) -> None:
    assert "Lint" not in words(signed_in.get("/nodes/standard/panel", {"id": PLACE}))


def test_hostile_names_are_text(live: redis.Redis, signed_in: Client) -> None:
    keep_lint_report(live, lint(VENOM))
    for address in ("/lint", f"/nodes/standard/panel?id={PLACE}"):
        body = signed_in.get(address).content.decode()
        assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot;\\u202e\\x1b[31m" in body
        assert not {"\u202e", "\x1b"} & {*body}


def test_without_redis_nothing_is_said_and_nothing_fails(no_redis: None, signed_in: Client) -> None:
    assert "Nothing was checked yet" in words(signed_in.get("/lint"))
    assert signed_in.get("/lint/flags/standard").json()["nodes"] == {}


def test_the_page_asks_who_you_are(live: redis.Redis, client: Client, db: None) -> None:
    for address in ("/lint", "/lint/flags/standard"):
        assert client.get(address)["Location"].startswith("/sign-in")


def test_the_canvas_draws_the_pages_flag() -> None:
    painter = (ROOT / "static" / "js" / "flag_painter.js").read_text("utf-8")
    assert all(f'"{path}"' in painter for path in FLAG)
