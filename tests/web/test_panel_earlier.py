"""What stands behind the charts of a panel while a comparison is on: yesterday, or last week."""

from __future__ import annotations

import time
from typing import Any

import pytest
import redis
from django.test import Client

from collector.lib.log_buckets import bucket_index
from tests.drawn_world import PACK, PACK_KEY, PLACE, PLACE_KEY, orders
from tests.web.history import remember
from tests.web.test_node_panel import told, words

DAY_S = 86_400
ORDERS = orders("standard")


def chart_of(client: Client, node: str = PLACE, **query: str) -> Any:
    return told(client, "data-chart", id=node, **query)


def both_days(*, week: int = 1) -> None:
    """In the middle of a minute, five minutes ago and then: 60 runs of 40 ms, and 30 of 20 ms then, one more failed."""
    ago_s = int(time.time()) % 60 + 270
    remember(PLACE_KEY, done=55, failed=5, ago_s=ago_s, duration_bucket=bucket_index(40.0))
    remember(PLACE_KEY, done=26, failed=4, ago_s=ago_s + week * DAY_S, duration_bucket=bucket_index(20.0))
    remember(PLACE_KEY, done=1, ago_s=ago_s + week * 2 * DAY_S)


@pytest.mark.parametrize(("against", "days", "name"), [("1d", 1, "Yesterday"), ("7d", 7, "Last week")])
def test_both_are_told_with_the_difference(
    live: redis.Redis, signed_in: Client, against: str, days: int, name: str
) -> None:
    both_days(week=days)
    chart = chart_of(signed_in, against=against)
    earlier = chart["earlier"]
    (at,) = [place for place, rate in enumerate(earlier["rate"]) if rate]
    assert (earlier["step_s"], earlier["rate"][at]) == (60, 0.5)
    # Of a slot of the chart, which is a sixth of a step.
    assert earlier["failed"][at] == pytest.approx(4 / 6, abs=0.001)
    assert earlier["words"][at] == (
        f"1 min: 1/s · 5 failed · p95 40.5 ms\n{name}: 0.5/s (+100 %) · 4 failed (+1) · p95 19.7 ms (+105 %)"
    )
    assert f"\n{name}: " in earlier["whole"]
    (place,) = [place for place, rate in enumerate(chart["rate"]) if rate]
    start_s = chart["end_s"] - (len(chart["rate"]) - place) * chart["slot_s"]
    assert earlier["from_s"] + at * 60 <= start_s < earlier["from_s"] + (at + 1) * 60
    measured = told(signed_in, "data-histogram", id=PLACE, against=against)
    assert sum(measured["earlier"]["shares"]) == pytest.approx(1)
    assert measured["earlier"]["words"].startswith(f"{name}: p50 19.7 ms (+105 %) · p95")
    html = words(signed_in.get("/nodes/standard/panel", {"id": PLACE, "against": against}))
    assert f"last 15 min · {name.lower()}" in html


def test_what_ran_then_alone_is_drawn_and_a_line_has_it_too(live: redis.Redis, signed_in: Client) -> None:
    remember(PACK_KEY, done=30, ago_s=DAY_S + 300, duration_bucket=bucket_index(20.0))
    remember(PACK_KEY, done=1, ago_s=2 * DAY_S)
    query = {"source": ORDERS, "target": PACK, "against": "1d"}
    for chart in (
        chart_of(signed_in, ORDERS, against="1d"),
        told(signed_in, "data-chart", "/edges/standard/panel", **query),
    ):
        assert not any(chart["rate"])
        assert max(chart["earlier"]["rate"]) == 0.5
        assert chart["earlier"]["failed"] is None
        assert "0/s · wait p95 –\nYesterday: 0." in chart["earlier"]["whole"]


def test_where_nothing_is_kept_or_nobody_watched_nothing_is_drawn_and_said(
    live: redis.Redis, signed_in: Client
) -> None:
    remember(PLACE_KEY, done=10, ago_s=100)
    assert "earlier" not in chart_of(signed_in)
    assert "earlier" not in chart_of(signed_in, against="2d")
    assert list(chart_of(signed_in, against="1d")["earlier"]) == ["whole"]
    assert chart_of(signed_in, against="1d")["earlier"]["whole"].startswith("Yesterday: not kept, history begins 20")
    remember(PLACE_KEY, done=1, ago_s=2 * DAY_S)
    unwatched = chart_of(signed_in, against="1d")["earlier"]
    assert unwatched == {"whole": "Yesterday: nothing at all ran, or nobody watched"}
    remember(PACK_KEY, done=1, ago_s=DAY_S + 300)
    assert "Yesterday: 0/s" in chart_of(signed_in, against="1d")["earlier"]["whole"]
    text = words(signed_in.get("/nodes/standard/panel", {"id": PLACE, "against": "7d"}))
    assert "last 15 min · " not in text
