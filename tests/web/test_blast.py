from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import redis
from django.test import Client

from collector.models.activity import ActivityKey
from tests.told_brokers import group, stream, tell_broker
from tests.web.history import remember
from visualizer.interfaces.build_topology import refresh_topology
from visualizer.repo.models import Activity, CallEdge

WEB, PAY, PACK = "shop.1x0.web", "bank.1x0.pay", "store.1x0.pack"


def asked(client: Client, of: str, *, way: str = "suffers", view: str = "standard") -> Any:
    response = client.get(f"/blast/{view}", {"of": of, "way": way})
    assert response.status_code == 200, response.content
    return response.json()


def told(blast: Any) -> dict[str, tuple[str, str]]:
    return {impact["id"]: (impact["when"], impact["words"]) for impact in blast["impacts"]}


def test_declared_lines_count_before_anything_was_seen(signed_in: Client, shop: redis.Redis) -> None:
    blast = asked(signed_in, PAY)
    assert (blast["name"], blast["words"], blast["starts"]) == ("pay", "1 suffer now, 2 later", [PAY])
    assert told(blast) == {
        WEB: ("now", "waits for an answer of it · declared, never seen"),
        ">orders": ("later", "gets nothing from web any more · declared, never seen"),
        PACK: ("later", "gets nothing from orders any more · declared, never seen"),
    }


def test_it_is_weighted_by_what_was_seen(signed_in: Client, shop: redis.Redis) -> None:
    call_seen()
    assert told(asked(signed_in, PAY))[WEB] == ("now", "waits for an answer of it · 40 % of what it does")


def test_the_line_of_a_call_says_how_many_of_the_calls_failed(signed_in: Client, shop: redis.Redis) -> None:
    call_seen(failed=1)
    refresh_topology(shop, now=datetime.now(UTC))
    response = signed_in.get("/edges/standard/panel", {"source": WEB, "target": f"{PAY}.GET"})
    text = " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())
    assert "Observed yes, in the logs, 4 times, of which 1 failed First seen 1970" in text


def call_seen(*, failed: int = 0) -> None:
    """web ran ten times, and called pay in four of them."""
    remember(ActivityKey("shop.1x0", "", "web", "request"), done=10)
    remember(ActivityKey("bank.1x0", "", "pay", "request"), done=4)
    rows = {row.app: row for row in Activity.objects.all()}
    ends = {"caller": rows["shop.1x0"], "callee": rows["bank.1x0"]}
    CallEdge.objects.create(**ends, count=4, failed=failed, first_s=1, last_s=2)


def test_a_stream_that_is_not_read_says_when_it_is_full(signed_in: Client, shop: redis.Redis) -> None:
    pack = ActivityKey("store.1x0", "", "pack", "stream", "orders", "AUTO", "group")
    assert told(asked(signed_in, PACK)) == {
        ">orders": ("later", "holds what is written, up to 1,200 messages; how many come is not known")
    }
    remember(pack, done=900, ago_s=60)
    (words,) = [words for _, words in told(asked(signed_in, PACK)).values()]
    assert words.startswith("fills up: full in about 20 min (1,200 messages at ")
    assert words.endswith(" /s), then the oldest are lost")


def test_where_a_broker_counts_it_fills_from_where_it_is(signed_in: Client, shop: redis.Redis) -> None:
    tell_broker(shop, stream("orders", group("group", waiting=300), group("others", waiting=900)))
    (words,) = [words for _, words in told(asked(signed_in, PACK)).values()]
    assert words == (
        "fills up: full in about 1 min (1,200 messages, of which 300 wait already, at 10 /s), then the oldest are lost"
    )
    tell_broker(shop, stream("orders", group("group", waiting=None)))
    (words,) = [words for _, words in told(asked(signed_in, PACK)).values()]
    assert words == "holds what is written, up to 1,200 messages; how many come is not known"


def test_turned_around_it_names_what_could_be_the_cause(signed_in: Client, shop: redis.Redis) -> None:
    blast = asked(signed_in, PACK, way="causes")
    assert blast["words"] == "3 could be the cause"
    assert told(blast)[">orders"] == ("now", "it fails when this is down · declared, never seen")
    assert told(blast)[WEB][0] == told(blast)[PAY][0] == "later"


def test_a_host_takes_its_share_of_its_apps_with_it(signed_in: Client, shop: redis.Redis) -> None:
    blast = asked(signed_in, "host:http://b")
    assert blast["starts"] == [WEB]
    assert ">orders" in told(blast)


@pytest.mark.parametrize(
    ("view", "query"),
    [("standard", "of=nobody"), ("standard", ""), ("none", f"of={PAY}"), ("standard", f"of={PAY}&way=sideways"),
     ("standard", "of=host:http://nobody")],
)  # fmt: skip
def test_what_is_not_there_is_said(signed_in: Client, shop: redis.Redis, view: str, query: str) -> None:
    response = signed_in.get(f"/blast/{view}?{query}")
    assert response.status_code == 404
    assert "not in the graph" in response.json()["why"] or view == "none"


def test_the_hosts_page_leads_there(signed_in: Client, shop: redis.Redis) -> None:
    assert "/?blast=host%3Ahttp%3A%2F%2Fa" in signed_in.get("/hosts").content.decode()
