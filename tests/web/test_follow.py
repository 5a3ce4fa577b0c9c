"""A request that is followed, by any of its ids, out of SQL."""

from __future__ import annotations

import re

import pytest
import redis
from django.db import connection
from django.test import Client

from collector.lib.value_hash import value_hash
from collector.models.activity import Status
from tests.drawn_world import PACK, PACK_KEY, PLACE, PLACE_KEY, orders
from tests.web.kept_requests import NOW, fails, ran
from visualizer.models.node_id import STANDARD
from visualizer.models.operation import MOST_ENTRIES
from visualizer.repo.models import Failure, SampledEntry
from visualizer.repo.operations import find_requests
from visualizer.repo.tracked_models import TrackedValue

pytestmark = pytest.mark.django_db


@pytest.fixture
def ordered(live: redis.Redis) -> None:
    """An order that was packed, badly."""
    ran(PLACE_KEY, Status.START, 0, operation="a")
    ran(PLACE_KEY, Status.DONE, 20, operation="a", took_ms=20)
    ran(PACK_KEY, Status.START, 60, operation="b", message="7-0")
    ran(PACK_KEY, Status.FAILED, 80, operation="b", message="7-0", took_ms=20)
    fails(PACK_KEY, 80, operation="b", message="7-0", cause="<no stock>\u202e")


@pytest.mark.parametrize("any_id", ["r-1", "a", "b", "7-0", " r-1 "])
def test_it_is_found_by_any_of_its_ids(ordered: None, signed_in: Client, any_id: str) -> None:
    told = signed_in.get("/follow/standard", {"id": any_id}).json()
    assert [(hop["id"], hop["status"], hop["after"]) for hop in told["hops"]] == [
        (PLACE, "done", None),
        (PACK, "failed", 0),
    ]
    assert told["hops"][1]["words"] == r"waited 40 ms, ran 20 ms, failed: <no stock>\u202e"
    stream = orders(STANDARD)
    assert told["lines"] == [[PLACE, stream, "done"], [stream, PACK, "failed"]]
    assert told["words"].startswith("2 runs from 2027-01-15 08:00:00 UTC, 80 ms in all, 1 failed")


def test_what_was_not_kept_says_so_and_offers_what_was(ordered: None, signed_in: Client) -> None:
    answer = signed_in.get("/follow/standard", {"id": "nobody\u202e"})
    assert answer.status_code == 404
    assert r"Nothing was kept of 'nobody\\u202e'" in answer.json()["why"]
    assert [each["id"] for each in answer.json()["newest"]] == ["r-1"]
    assert signed_in.get("/follow/standard").status_code == signed_in.get("/follow/other?id=x").status_code == 404


def test_what_a_header_held_leads_to_what_is_still_kept(ordered: None, signed_in: Client) -> None:
    for request, at_s in (("gone", NOW + 9), ("r-1", NOW)):
        TrackedValue.objects.create(value_hash=value_hash(b"session-1"), request_id=request, timestamp_s=at_s)
    told = signed_in.get("/follow/standard", {"id": "session-1"}).json()
    assert (told["id"], told["others"]) == ("r-1", [])
    SampledEntry.objects.all().delete()
    Failure.objects.all().delete()
    assert signed_in.get("/follow/standard", {"id": "session-1"}).status_code == 404


def test_a_retry_without_an_end_is_cut_and_said(ordered: None, signed_in: Client) -> None:
    entry = SampledEntry.objects.filter(status=Status.DONE).get()
    copies = (
        SampledEntry(
            activity_id=entry.activity_id,
            server_id=entry.server_id,
            timestamp_s=NOW + n,
            status=Status.DONE,
            request_id="r-1",
        )
        for n in range(MOST_ENTRIES)
    )
    SampledEntry.objects.bulk_create(copies)
    assert "Only 2,000 lines are looked at." in signed_in.get("/follow/standard", {"id": "r-1"}).json()["words"]


def test_a_failure_in_a_panel_leads_to_its_request(ordered: None, signed_in: Client) -> None:
    panel = signed_in.get("/nodes/standard/panel", {"id": PACK}).content.decode()
    (any_id,) = re.findall(r'href="\?follow=([^"]+)" data-follow="r-1"', panel)
    told = signed_in.get("/follow/standard", {"id": any_id}).json()
    assert [hop["id"] for hop in told["hops"]] == [PLACE, PACK]


@pytest.mark.parametrize("name", ["request_id", "operation_id", "message_id"])
def test_ids_are_looked_up_by_an_index(ordered: None, name: str) -> None:
    assert find_requests("7-0") == ["r-1"]
    for table in (SampledEntry, Failure):
        rows = table.objects.filter(**{name: "7-0"}).exclude(**{name: ""}).exclude(request_id="")
        sql, arguments = rows.values_list("request_id").query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", arguments)
            plan = [str(row[-1]) for row in cursor.fetchall()]
        assert any(" INDEX sampled_" in step or " INDEX failure_" in step for step in plan), plan
        assert not any(step.startswith("SCAN") for step in plan), plan
