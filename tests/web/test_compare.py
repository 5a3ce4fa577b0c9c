"""Comparing with yesterday and last week: the same steps of both, and the nodes that clearly behave otherwise."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis
from django.test import Client

from collector.lib.log_buckets import bucket_index
from collector.models.activity import ActivityKey
from collector.models.resolution import DAY_S, DEFAULT_RESOLUTIONS
from tests.declared_host import declare
from tests.runtime_apps import answer, app, event, read
from tests.web.history import remember
from visualizer.interfaces import behaviour_differences
from visualizer.interfaces.build_topology import refresh_topology
from visualizer.repo.compaction import coarsen
from visualizer.repo.history_begin import read_history_begin

pytestmark = pytest.mark.django_db
PAY, LIST, SHIP = (ActivityKey("shop.1x0", "", name, "request") for name in ("pay", "list", "ship"))
OTHER = ActivityKey("bank.1x0", "", "charge", "request")
WEEK_S = 7 * DAY_S


def ask(client: Client, path: str, *, ago_s: float = 1800, back_s: int = DAY_S) -> Any:
    now_s = time.time()
    response = client.get(f"{path}?from={now_s - ago_s}&to={now_s}&back_s={back_s}")
    assert response.status_code == 200
    return response.json()


def differences(client: Client, view: str = "standard", **span: Any) -> Any:
    return ask(client, f"/time/differences/{view}", **span)


def ran(key: ActivityKey, *, now: tuple[int, int], then: tuple[int, int], back_s: int = DAY_S) -> None:
    """(done, failed) ten minutes ago, and the same time of then; history is kept since an hour before."""
    now_s = time.time()
    for (done, failed), ago_s in ((now, 600), (then, 600 + back_s)):
        if done + failed:
            remember(key, done=done, failed=failed, ago_s=ago_s, now_s=now_s)
    remember(OTHER, done=1, ago_s=4000 + back_s)


def drawn(live: redis.Redis, version: str, *names: str, ago: timedelta) -> None:
    declare(live, "http://a", answer(app("shop", {name: event("GET") for name in names}, version=version)))
    refresh_topology(live, now=datetime.now(UTC) - ago)


@pytest.mark.parametrize("back_s", [DAY_S, WEEK_S])
def test_the_steps_of_both_days_lie_beside_each_other(signed_in: Client, back_s: int) -> None:
    ran(PAY, now=(5, 2), then=(9, 1), back_s=back_s)
    told = ask(signed_in, "/time", back_s=back_s)
    earlier = told["earlier"]
    assert (sum(told["runs"]), sum(told["failed"]), sum(earlier["runs"]), sum(earlier["failed"])) == (7, 2, 10, 1)
    assert len(told["runs"]) == len(earlier["runs"]) == len(earlier["failed"])
    assert told["runs"].index(7) == earlier["runs"].index(10)
    assert earlier["back_s"] == back_s
    assert len(told["runs"]) - 1 <= earlier["over"] <= len(told["runs"])


def test_of_steps_before_history_begins_nothing_is_said(signed_in: Client) -> None:
    assert set(ask(signed_in, "/time")["earlier"]["runs"]) == {None}
    now_s = time.time()
    remember(PAY, done=3, ago_s=1200 + DAY_S, now_s=now_s)
    earlier = ask(signed_in, "/time")["earlier"]
    assert earlier["begun_s"] == (int(now_s) - 1200 - DAY_S) // 10 * 10
    assert (earlier["runs"][0], earlier["runs"][-2], earlier["failed"][0]) == (None, 0, None)
    assert "earlier" not in signed_in.get("/time?from=0&to=90").json()
    assert set(signed_in.get(f"/time?from=0&to=90&back_s={DAY_S}").json()["earlier"]["runs"]) == {None}


def test_history_begins_when_the_finest_that_is_kept_of_it_does(db: None) -> None:
    remember(PAY, done=3, ago_s=1200 + DAY_S)
    remember(PAY, done=3, ago_s=1200)
    begun_s = read_history_begin(DEFAULT_RESOLUTIONS)
    coarsen(DEFAULT_RESOLUTIONS, now_s=time.time())
    assert begun_s is not None
    assert read_history_begin(DEFAULT_RESOLUTIONS) == begun_s // 60 * 60


def test_nodes_and_apps_that_clearly_differ_are_told_the_worst_first(signed_in: Client, live: redis.Redis) -> None:
    drawn(live, "1.0", "pay", "list", "ship", ago=timedelta(days=2))
    ran(PAY, now=(60, 20), then=(90, 0))
    ran(LIST, now=(200, 0), then=(30, 0))
    ran(SHIP, now=(40, 0), then=(41, 0))
    told = differences(signed_in)
    assert (told["compared"], told["differ"], told["gone"]) == (3, 2, 0)
    assert [(row["id"], row["ways"], row["words"]) for row in told["rows"]] == [
        ("shop.1x0.pay", ["fails_more"], "25 % of 80 failed, then 0 % of 90"),
        ("shop.1x0", ["fails_more"], "6.2 % of 320 failed, then 0 % of 161"),
        ("shop.1x0.list", ["more_runs"], "200 runs, then 30"),
    ]
    assert told["rows"][0] | {"words": "", "ways": []} == {
        "id": "shop.1x0.pay",
        "name": "shop.1x0.pay",
        "app": "shop.1x0",
        "is_app": False,
        "href": "/?view=standard&node=shop.1x0.pay",
        "since_s": 0,
        "words": "",
        "ways": [],
    }
    assert told["until_s"] <= time.time() < told["until_s"] + 120
    assert told["until_s"] - told["from_s"] >= 1680
    assert signed_in.get(told["changes"]).status_code == 200


def test_an_app_in_another_version_is_the_same_and_what_was_not_there_is_new(
    signed_in: Client, live: redis.Redis
) -> None:
    old, old_ship = (ActivityKey("shop.0x9", "", name, "request") for name in ("pay", "ship"))
    drawn(live, "0.9", "pay", "ship", ago=timedelta(days=2))
    drawn(live, "1.0", "pay", "list", ago=timedelta(hours=2))
    ran(PAY, now=(80, 0), then=(0, 0))
    ran(old, now=(0, 0), then=(90, 0))
    ran(old_ship, now=(0, 0), then=(90, 0))
    remember(ActivityKey("shop.1x0", "", "list", "request"), done=30, ago_s=500)
    told = differences(signed_in)
    assert (told["compared"], told["differ"], told["gone"]) == (2, 1, 1)
    assert [(row["id"], row["ways"]) for row in told["rows"]] == [("shop.1x0.list", ["new"])]


def test_what_streams_took_longer_to_hand_out_is_told_in_both_views(signed_in: Client, live: redis.Redis) -> None:
    key = ActivityKey("shop.1x0", "", "ship", "stream", "orders", "AUTO", "g")
    declare(live, "http://a", answer(app("shop", {"ship": event("STREAM", read_stream=read("orders", group="g"))})))
    refresh_topology(live, now=datetime.now(UTC) - timedelta(days=2))
    for ago_s, took_ms in ((600, 900.0), (600 + DAY_S, 20.0)):
        remember(key, done=60, ago_s=ago_s, duration_bucket=bucket_index(took_ms))
    remember(key, done=1, ago_s=4000 + DAY_S)
    (stream, node) = sorted(differences(signed_in)["rows"], key=lambda row: str(row["id"]))
    assert (stream["id"], stream["ways"]) == (">orders", ["slower"])
    assert stream["words"].startswith("waited p95 9")
    assert (node["id"], node["ways"]) == ("shop.1x0.ship", ["slower"])
    assert {row["id"] for row in differences(signed_in, "expanded")["rows"]} == {">orders.AUTO", "shop.1x0.ship"}


def test_only_the_worst_rows_are_told(signed_in: Client, live: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(behaviour_differences, "MOST_ROWS", 1)
    ran(PAY, now=(60, 20), then=(90, 0))
    ran(LIST, now=(200, 0), then=(30, 0))
    drawn(live, "1.0", "pay", "list", ago=timedelta(minutes=1))
    told = differences(signed_in)
    assert (told["differ"], [row["id"] for row in told["rows"]]) == (2, ["shop.1x0.pay"])


def test_a_time_that_was_not_watched_and_one_before_history_say_so(signed_in: Client, live: redis.Redis) -> None:
    nothing = differences(signed_in)
    assert (nothing["from_s"], nothing["begun_s"], nothing["rows"]) == (0, 0, [])
    drawn(live, "1.0", "pay", ago=timedelta(days=2))
    ran(PAY, now=(80, 0), then=(0, 0))
    unwatched = differences(signed_in)
    assert (unwatched["compared"], unwatched["silent"], unwatched["rows"]) == (1, "earlier", [])
    assert unwatched["from_s"] > 0
    assert differences(signed_in, ago_s=300)["silent"] == "now"
    before = differences(signed_in, back_s=WEEK_S)
    assert (before["from_s"], before["begun_s"]) == (0, unwatched["begun_s"])


@pytest.mark.parametrize(
    "query", ["from=0&to=900", "from=0&to=900&back_s=0", "from=0&to=900&back_s=3600", "from=9&to=1&back_s=86400"]
)
def test_what_cannot_be_compared_is_said(signed_in: Client, query: str) -> None:
    response = signed_in.get(f"/time/differences/standard?{query}")
    assert response.status_code == 400
    assert "Expected &back_s=86400 or 604800." in response.json()["why"]
    assert signed_in.get(f"/time?{query}").status_code == (400 if "3600" in query or "9&" in query else 200)
    assert signed_in.get("/time/differences/sideways?from=0&to=900&back_s=86400").status_code == 400
