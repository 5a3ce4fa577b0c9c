from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import redis
from django.test import Client

from collector.models.activity import ActivityKey
from tests.declared_host import declare
from tests.runtime_apps import answer, app, event, read, write
from tests.web.history import remember
from tests.web.test_node_panel import VENOM, Markup, words
from visualizer.interfaces import changes
from visualizer.interfaces.build_topology import refresh_topology
from visualizer.repo.drawn_models import TopologyContent, TopologySpan

PLACE = event("POST", write_stream=write("orders"))
SHOP = app("shop", {"place": event("POST")})
WRITES = app("shop", {"place": PLACE}), app("store", {"pack": event("STREAM", read_stream=read("orders"))})


@pytest.fixture
def history(live: redis.Redis, db: None) -> Callable[..., list[int]]:
    """Makes versions of what one host declares, a minute apart, the last one a minute old; returns their numbers."""

    def make(*declared: Any) -> list[int]:
        live.flushall()
        for place, apps in enumerate(declared):
            declare(live, "http://a", answer(*apps))
            refresh_topology(live, now=datetime.now(UTC) - timedelta(minutes=len(declared) - place))
        return list(TopologySpan.objects.order_by("pk").values_list("pk", flat=True))

    return make


def test_before_the_first_version_the_page_says_what_to_expect(signed_in: Client) -> None:
    assert "No topology yet" in words(signed_in.get("/changes"))


def test_with_one_version_nothing_has_changed(signed_in: Client, history: Callable[..., list[int]]) -> None:
    (number,) = history([SHOP])
    text = words(signed_in.get("/changes"))
    assert f"Nothing has changed since #{number}" in text
    assert "the first that was kept" in text


def test_the_newest_two_are_compared_unasked(signed_in: Client, history: Callable[..., list[int]]) -> None:
    history([SHOP], [*WRITES])
    text = words(signed_in.get("/changes"))
    assert "1 app, 1 event, 1 stream, 1 reader and 1 writer added, 1 event changed" in text
    assert "+ added event store.1x0.pack" in text
    assert "write_stream.queue_strategy not set → DROP" in text
    assert "another config of http://a" in text


def test_what_is_gone_leads_to_the_graph_in_which_it_was_last(
    signed_in: Client, history: Callable[..., list[int]]
) -> None:
    number, _ = history([*WRITES], [SHOP])
    html = unescape(signed_in.get("/changes").content.decode())
    last_s = TopologySpan.objects.filter(pk__gt=number).values_list("first_s", flat=True)[0] - 1
    assert f'href="/?view=standard&node=store.1x0.pack&at_time={last_s}">' in html
    assert "store.1x0.pack" in signed_in.get(f"/time/moments/standard?at={last_s}").content.decode()


def test_any_two_are_compared_and_the_address_holds_them(signed_in: Client, history: Callable[..., list[int]]) -> None:
    first, _, third = history([SHOP], [*WRITES], [SHOP, app("mail", {})])
    html = signed_in.get("/changes", {"from": first, "to": third}).content.decode()
    assert "1 app added" in html
    assert re.search(rf'name="from" value="{first}"[^>]* checked', html)
    assert re.search(rf'name="to" value="{third}"[^>]* checked', html)
    assert f'href="/?view=standard&amp;changed={first}..{third}"' in html


def test_how_it_behaved_stands_beside_and_worse_is_said(signed_in: Client, history: Callable[..., list[int]]) -> None:
    history([SHOP], [*WRITES])
    key = ActivityKey("shop.1x0", "", "place", "request")
    remember(key, done=60, ago_s=90)
    remember(key, done=3, failed=3, ago_s=30)
    text = words(signed_in.get("/changes"))
    assert re.search(r"shop\.1x0\.place\s+fails more", text)
    assert "0 % of 60 → 50 % of 6" in text


def test_htmx_gets_the_part_and_the_back_button_the_page(signed_in: Client, history: Callable[..., list[int]]) -> None:
    history([SHOP])
    part = signed_in.get("/changes", headers={"HX-Request": "true"}).content.decode()
    assert part.startswith("<form")
    back = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert signed_in.get("/changes", headers=back).content.decode().startswith("<!doctype html>")


def test_older_versions_are_on_further_pages(
    signed_in: Client, history: Callable[..., list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "VERSIONS", 2)
    numbers = history(*([app(f"app{n}", {})] for n in range(3)))
    html = signed_in.get("/changes").content.decode()
    (older,) = re.findall(r'id="older" href="([^"]*)"', html)
    text = words(signed_in.get(unescape(older)))
    assert f"#{numbers[0]} " in text
    assert "Newest" in text


@pytest.mark.parametrize(
    "query", ["from=99", "to=x", "from=1&to=99", "before=7&from=0", "to=²", "from=/etc/passwd", "from=a.json"]
)
def test_a_version_that_is_not_there_is_said(signed_in: Client, history: Callable[..., list[int]], query: str) -> None:
    history([SHOP], [*WRITES])
    text = words(signed_in.get(f"/changes?{query}"))
    assert "Expected live, the URL of a polled host" in text
    assert signed_in.get(f"/changes/marks?{query}").status_code == 404


def test_what_is_live_is_compared_with_a_time_and_a_host(signed_in: Client, history: Callable[..., list[int]]) -> None:
    history([SHOP], [*WRITES])
    assert "1 event changed" in words(signed_in.get("/changes?from=100s&to=live"))
    assert "Both are the same in this view." in words(signed_in.get("/changes?from=http://a&to=live"))


def test_without_redis_the_versions_are_there(
    signed_in: Client, history: Callable[..., list[int]], use_redis: Callable[[str], None]
) -> None:
    history([SHOP], [*WRITES])
    use_redis("redis://127.0.0.1:1/0")
    assert "1 event changed" in words(signed_in.get("/changes"))
    assert "Redis does not answer" in words(signed_in.get("/changes?to=live"))


def test_a_damaged_version_is_said(signed_in: Client, history: Callable[..., list[int]]) -> None:
    history([SHOP], [*WRITES])
    TopologyContent.objects.update(content=b"damaged")
    assert "is damaged" in words(signed_in.get("/changes"))
    assert signed_in.get("/changes/marks").status_code == 404


@pytest.mark.parametrize("venom", VENOM)
def test_a_hostile_name_is_text(signed_in: Client, history: Callable[..., list[int]], venom: str) -> None:
    history([SHOP], [app("shop", {"place": event("POST", route=venom), venom: event("GET")})])
    response = signed_in.get("/changes")
    markup = Markup(response.content.decode())
    assert {tag for tag, _ in markup.found} & {"img", "iframe"} == set()
    assert not any(name.startswith("on") for _, names in markup.found for name in names)
    assert "\u202e" not in "".join(markup.texts)


def test_the_graph_page_is_told_what_to_mark(signed_in: Client, history: Callable[..., list[int]]) -> None:
    first, second = history([*WRITES], [SHOP])
    told = signed_in.get("/changes/marks", {"from": first, "to": second}).json()
    assert told["nodes"] == {"shop.1x0.place": "changed", ">orders": "removed", "store.1x0.pack": "removed"}
    assert [">orders", "store.1x0.pack", "removed"] in told["edges"]
    assert told["gone"][0] == {"id": ">orders", "kind": "stream", "name": "orders"}
    assert told["words"] == "5 removed, 1 changed"
