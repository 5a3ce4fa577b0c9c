"""A followed request beside another, out of SQL."""

from __future__ import annotations

from typing import Any

import pytest
import redis
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from collector.models.activity import Status
from tests.drawn_world import PACK, PACK_KEY, PLACE, PLACE_KEY, orders
from tests.web.kept_requests import fails, ran
from visualizer.models.node_id import STANDARD
from visualizer.repo.operation_offers import LOOKED_AT

pytestmark = pytest.mark.django_db


def order(request: str, *, at_s: float, waited_ms: float, status: Status = Status.DONE, host: str = "h") -> None:
    """It is placed in 20 ms and packed in 10."""
    for key, after_ms, took_ms, ends, where in (
        (PLACE_KEY, 0.0, 20.0, Status.DONE, "h"),
        (PACK_KEY, 20.0 + waited_ms, 10.0, status, host),
    ):
        ran(key, Status.START, at_s * 1000 + after_ms, request=request, host=where)
        ran(key, ends, at_s * 1000 + after_ms + took_ms, request=request, took_ms=took_ms, host=where)


def beside(client: Client, a: str, b: str = "") -> Any:
    return client.get("/follow/standard/beside", {"id": a, **({"beside": b} if b else {})}).json()


def test_it_says_where_the_time_went_and_shows_both(live: redis.Redis, signed_in: Client) -> None:
    order("fast", at_s=0, waited_ms=100)
    order("slow", at_s=5, waited_ms=3200, host="other")
    told = beside(signed_in, "fast", "slow")
    assert told["words"] == "B took 3.1 s more: 3.23 s against 130 ms. That is 3.1 s waiting before pack."
    assert [pair["id"] for pair in told["pairs"]] == [PLACE, PACK]
    assert told["pairs"][1]["words"] == (
        "waited 100 ms in A, 3.2 s in B (+3.1 s, 100 % of the difference); ran 10 ms in A, 10 ms in B"
    )
    assert told["partings"] == []
    assert "one of the 2 hosts to another" in told["unknowns"][0]
    assert {tuple(line) for line in told["lines"]} == {
        (PLACE, orders(STANDARD), "both"),
        (orders(STANDARD), PACK, "both"),
    }
    assert beside(signed_in, "slow", "fast")["more_ms"] == -told["more_ms"]


def test_it_says_where_they_part(live: redis.Redis, signed_in: Client) -> None:
    order("well", at_s=0, waited_ms=100)
    order("bad", at_s=5, waited_ms=100, status=Status.FAILED)
    fails(PACK_KEY, 5.13 * 1000, request="bad", cause="<no stock>\u202e")
    ran(PLACE_KEY, Status.FAILED, 9000, request="worse", took_ms=20)
    assert beside(signed_in, "well", "bad")["partings"] == [r"At pack A is done, and B failed (<no stock>\u202e)."]
    told = beside(signed_in, "worse", "well")
    assert told["partings"] == ["A ends at place_order: failed. In B it is done, and pack followed."]
    assert [(pair["in"], pair["depth"]) for pair in told["pairs"]] == [("both", 0), ("b", 1)]
    assert [who for _, _, who in told["lines"]] == ["b", "b"]


def test_of_what_was_not_kept_whole_it_says_so(live: redis.Redis, signed_in: Client) -> None:
    order("well", at_s=0, waited_ms=100)
    fails(PACK_KEY, 5000, request="alone", cause="no stock")
    ran(PLACE_KEY, Status.START, 6000, request="runs")
    assert "Of B its failures alone were kept" in beside(signed_in, "well", "alone")["unknowns"][0]
    assert "Of A a run has no end" in beside(signed_in, "runs", "well")["unknowns"][0]
    assert "Nothing was kept of 'nobody'" in beside(signed_in, "well", "nobody")["why"]
    assert signed_in.get("/follow/standard/beside").status_code == 404


def test_the_newest_that_went_well_on_this_path_and_that_failed_are_offered(
    live: redis.Redis, signed_in: Client
) -> None:
    order("mine", at_s=0, waited_ms=100)
    assert beside(signed_in, "mine")["offers"] == []
    order("old", at_s=1, waited_ms=100)
    order("good", at_s=2, waited_ms=100)
    order("bad", at_s=3, waited_ms=100, status=Status.FAILED)
    fails(PACK_KEY, 3130, request="bad")
    # Newer, but: of another path, still running, and of which only the failure was kept.
    ran(PLACE_KEY, Status.DONE, 8000, request="short", took_ms=5)
    order("open", at_s=9, waited_ms=1)
    ran(PACK_KEY, Status.START, 10_000, request="open")
    fails(PACK_KEY, 11_000, request="alone")
    assert beside(signed_in, "mine")["offers"] == [
        {"kind": "well", "id": "good", "at": "2027-01-15 08:00:02 UTC"},
        {"kind": "failed", "id": "bad", "at": "2027-01-15 08:00:03 UTC"},
    ]


def test_offers_are_found_by_indexes_in_a_bounded_number_of_rows(live: redis.Redis, signed_in: Client) -> None:
    order("mine", at_s=0, waited_ms=100)
    with CaptureQueriesContext(connection) as asked:
        beside(signed_in, "mine")
    texts = [one["sql"] for one in asked if "sampledentry" in one["sql"] or "visualizer_failure" in one["sql"]]
    with connection.cursor() as cursor:
        plans = [cursor.execute(f"EXPLAIN QUERY PLAN {text}").fetchall() for text in texts]
    steps = [str(row[-1]) for plan in plans for row in plan]
    assert steps
    assert not [step for step in steps if step.startswith("SCAN") and "INDEX sampled_time" not in step]
    assert [text for text in texts if f"LIMIT {LOOKED_AT}" in text]
    assert not [text for text in texts if "LIMIT" not in text and "IN (" not in text]
