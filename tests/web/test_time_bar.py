"""What time in the page is told: runs, failures, and what happened."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

import pytest
import redis
from django.test import Client

from collector.lib.log_buckets import bucket_index
from collector.models.activity import ActivityKey
from tests.declared_host import declare
from tests.runtime_apps import answer, app, event
from tests.web.history import remember
from visualizer.interfaces import time_bar
from visualizer.interfaces.build_topology import refresh_topology
from visualizer.repo.drawn_models import TopologyContent, TopologySpan
from visualizer.repo.incident_models import KeptIncident
from visualizer.repo.topology_history import read_kept_apps

pytestmark = pytest.mark.django_db
PAY_OLD, PAY_NEW = (ActivityKey(f"shop.{version}", "", "pay", "request") for version in ("1x0", "1x1"))


def ask(client: Client, *, ago_s: float = 3600, status: int = 200) -> Any:
    now_s = time.time()
    response = client.get(f"/time?from={now_s - ago_s}&to={now_s}")
    assert response.status_code == status
    return response.json()


@pytest.fixture
def release(live: redis.Redis, db: None) -> Callable[..., int]:
    """Says versions of a shop five minutes apart, the last one ten minutes ago; returns the number of the newest."""

    def run(*versions: str) -> int:
        live.flushall()
        for place, version in enumerate(versions):
            at = datetime.now(UTC) - timedelta(minutes=10 + 5 * (len(versions) - 1 - place))
            declare(live, "http://a", answer(app("shop", {"pay": event("GET")}, version=version)))
            refresh_topology(live, now=at)
        return int(TopologySpan.objects.order_by("-pk").values_list("pk", flat=True)[0])

    return run


def test_runs_and_failures_are_told_step_by_step(signed_in: Client) -> None:
    before_s = int(time.time()) - 1800
    remember(PAY_OLD, done=5, failed=2, ago_s=1800)
    after_s = time.time() - 1800
    told = ask(signed_in)
    assert (sum(told["runs"]), sum(told["failed"]), told["marks"], told["more"]) == (7, 2, [], False)
    assert 2 <= len(told["runs"]) == len(told["failed"]) <= 300
    at = next(place for place, failed in enumerate(told["failed"]) if failed)
    assert before_s - told["step_s"] < told["from_s"] + at * told["step_s"] <= after_s


def test_a_deploy_is_marked_and_how_its_app_did_before_and_after_is_told(
    signed_in: Client, release: Callable[..., int]
) -> None:
    number = release("1.0", "1.1")
    remember(PAY_OLD, done=60, ago_s=700, duration_bucket=bucket_index(20.0))
    remember(PAY_NEW, done=30, failed=10, ago_s=400)
    (mark,) = ask(signed_in)["marks"]
    assert (mark["kind"], mark["href"]) == ("deploy", f"/changes?to={number}")
    assert mark["words"].startswith("shop 1.0 → 1.1; ")
    (told,) = signed_in.get(mark["numbers"]).json()["apps"]
    assert told["words"] == "shop 1.0 → 1.1"
    assert told["before"] == {"runs": "60", "failed": "0 % of 60", "p95": "19.7 ms"}
    assert told["after"] == {"runs": "40", "failed": "25 % of 40", "p95": "–"}
    assert told["worse"] == "fails more"


def test_a_deploy_of_which_history_has_nothing_is_told_without_numbers(
    signed_in: Client, release: Callable[..., int]
) -> None:
    (told,) = signed_in.get(f"/time/deploys/{release('1.0', '1.1')}").json()["apps"]
    assert told["before"] == told["after"] == {"runs": "", "failed": "", "p95": ""}
    assert told["worse"] == ""


def test_what_was_before_the_range_is_compared_with_and_a_damaged_version_is_no_deploy(
    signed_in: Client, release: Callable[..., int]
) -> None:
    release("1.0", "1.1")
    assert [mark["kind"] for mark in ask(signed_in, ago_s=720)["marks"]] == ["deploy"]
    TopologyContent.objects.update(content=b"damaged")
    read_kept_apps.cache_clear()
    assert [mark["kind"] for mark in ask(signed_in)["marks"]] == ["config"]


def test_incidents_are_marked_while_they_were_open(signed_in: Client) -> None:
    members = [{"rule": "failing", "subject": "shop.1x0.pay", "name": "pay", "since_s": 1.0, "words": "It fails."}]
    now_s = time.time()
    for key, opened_s, resolved_s in (("old", 9000, 8000), ("over", 9000, 1800), ("open", 60, 0)):
        ended_s = now_s - resolved_s if resolved_s else 0
        KeptIncident.objects.create(
            key=key, root="x", severity="critical", opened_s=now_s - opened_s, resolved_s=ended_s, members=members
        )
    told = ask(signed_in)["marks"]
    assert [(mark["href"], mark["until_s"] == 0) for mark in told] == [
        ("/incidents/over", False),
        ("/incidents/open", True),
    ]
    assert (told[1]["words"], told[1]["severity"]) == ("pay: It fails", "critical")
    assert told[1]["select"] == {"node": "shop.1x0.pay"}
    page = signed_in.get("/incidents/over").content.decode()
    assert f'href="/?node=shop.1x0.pay&amp;at_time={ceil(now_s - 9000)}"' in page
    assert f'href="/?node=shop.1x0.pay&amp;at_time={ceil(now_s - 9000) - 60}&amp;replay=15"' in page


def test_more_marks_than_are_told_are_said(
    signed_in: Client, release: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time_bar, "MOST_MARKS", 2)
    release("1.0", "1.1", "1.2", "1.3")
    told = ask(signed_in)
    assert [mark["words"].partition(";")[0] for mark in told["marks"]] == ["shop 1.1 → 1.2", "shop 1.2 → 1.3"]
    assert told["more"]


def test_the_graph_of_a_moment_has_the_version_and_the_numbers_of_then(
    signed_in: Client, release: Callable[..., int]
) -> None:
    release("1.0", "1.1")
    remember(PAY_OLD, done=5, failed=1, ago_s=640)
    at_s = time.time() - 620
    told = signed_in.get(f"/time/moments/standard?at={at_s}").json()
    assert told["from_s"] <= at_s - 50 < at_s - 10 <= told["until_s"] <= at_s
    assert [app["key"] for app in told["delta"]["add"]["apps"]] == ["shop.1x0"]
    (pay,) = (node for node in told["delta"]["add"]["nodes"] if node["id"] == "shop.1x0.pay")
    assert (pay["stats"]["done"], pay["stats"]["failed"]) == (5, 1)
    ahead = signed_in.get("/time/moments/expanded?at=99999999999").json()
    assert ahead["delta"]["at"] <= time.time()
    assert [app["key"] for app in ahead["delta"]["add"]["apps"]] == ["shop.1x1"]


@pytest.mark.parametrize("address", ["standard?at=1", "standard", "standard?at=x", "sideways?at=1"])
def test_a_moment_of_which_nothing_is_kept_is_said(signed_in: Client, live: redis.Redis, address: str) -> None:
    response = signed_in.get(f"/time/moments/{address}")
    assert response.status_code == 404
    assert response.json()["why"]


@pytest.mark.parametrize("query", ["", "from=1", "from=9&to=1", "from=0&to=1e12", "from=nan&to=inf", "from=x&to=2"])
def test_what_is_no_range_is_said(signed_in: Client, query: str) -> None:
    response = signed_in.get(f"/time?{query}")
    assert response.status_code == 400
    assert "Expected ?from=" in response.json()["why"]


def test_a_deploy_that_is_not_there_is_not_found(signed_in: Client) -> None:
    assert signed_in.get("/time/deploys/9").status_code == 404
