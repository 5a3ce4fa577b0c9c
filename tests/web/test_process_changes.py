"""What time in the page tells of processes that were replaced, and how their app did before and after."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
import redis
from django.test import Client

from collector.lib.log_buckets import bucket_index
from collector.models.activity import ActivityKey, Server
from collector.models.alert_rule import DEFAULT_RULES
from collector.models.name_caps import NameCaps
from tests.declared_host import declare
from tests.drawn_world import PACK, PACK_KEY, STORE, ran
from tests.runtime_apps import answer, app, event
from tests.web.history import remember
from tests.web.shift import Shift
from tests.web.test_time_bar import ask
from visualizer.core.process_changes import LOOP_S
from visualizer.core.process_signals import process_signals
from visualizer.interfaces import process_changes
from visualizer.models.alert import BAD, GOOD
from visualizer.models.process_change import LOOP, ProcessChange
from visualizer.models.seen_process import ProcessSight
from visualizer.repo.activities import Activities
from visualizer.repo.processes import add_processes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("live")]
#: Of the test that runs, unix second.
BEGAN = {"s": 0}
PAY_OLD, PAY_NEW = (ActivityKey(f"shop.{version}", "", "pay", "request") for version in ("1x0", "1x1"))


@pytest.fixture(autouse=True)
def begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """From one second on all that is seen() in a test is told, however long it takes to write it."""
    monkeypatch.setitem(BEGAN, "s", int(time.time()))


def seen(key: str, pid: int, *, first_ago: int, last_ago: int, host: str = "a1", shard: int = 0) -> None:
    """A process that said something every ten seconds from then until then."""
    activities, now_s = Activities(NameCaps()), BEGAN["s"]
    activities.load()
    (server,) = activities.server_ids([Server(host, str(pid))], now_s=now_s)
    slots = (first_ago - last_ago) // 10 + 1
    add_processes([ProcessSight(key, server, now_s - first_ago, now_s - last_ago, 10, slots)], shard=shard)


def told(client: Client) -> list[Mapping[str, Any]]:
    marks: list[Mapping[str, Any]] = ask(client)["marks"]
    return marks


def test_a_restart_is_marked_with_what_was_before_and_after(signed_in: Client) -> None:
    for place, host in enumerate(("a1", "a2")):
        seen(PAY_OLD.app, place, first_ago=9000, last_ago=1205, host=host)
        seen(PAY_NEW.app, place, first_ago=1200 - 30 * place, last_ago=2, host=host, shard=place)
    remember(PAY_OLD, done=60, ago_s=1300, duration_bucket=bucket_index(20.0))
    remember(PAY_NEW, done=30, failed=10, ago_s=600)
    (mark,) = told(signed_in)
    assert (mark["kind"], mark["severity"], mark["href"]) == ("restart", "", "/?app=shop.1x1")
    assert mark["words"] == "shop.1x0 → shop.1x1: 2 processes on 2 hosts replaced within 30 s"
    (numbers,) = signed_in.get(mark["numbers"]).json()["apps"]
    assert (numbers["words"], numbers["worse"]) == ("shop.1x0 → shop.1x1", "fails more")
    assert numbers["before"] == {"runs": "60", "failed": "0 % of 60", "p95": "19.7 ms"}
    assert numbers["after"] == {"runs": "40", "failed": "25 % of 40", "p95": "–"}


def test_more_fewer_and_a_loop_are_marked(signed_in: Client) -> None:
    seen("mail", 1, first_ago=9000, last_ago=2)
    seen("mail", 2, first_ago=2000, last_ago=2)
    seen("shop.1x0", 3, first_ago=9000, last_ago=2)
    seen("shop.1x0", 4, first_ago=9000, last_ago=1500, host="\u202ea")
    seen("web", 1, first_ago=9000, last_ago=1010)
    for place in range(5):
        seen("web", 10 + place, first_ago=1000 - 30 * place, last_ago=990 - 30 * place)
    assert [(mark["kind"], mark["words"], mark["severity"]) for mark in told(signed_in)] == [
        ("scaled", "mail: 1 process more on a1", ""),
        ("scaled", r"shop.1x0: 1 process fewer on \u202ea", ""),
        ("loop", "web: no process stays on a1: 5 ended within a minute each, in 2 min", "warning"),
    ]


def test_what_a_host_lists_decides_and_without_redis_nothing_is_guessed(
    signed_in: Client, live: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    apps = answer(app("shop", {"pay": event("GET")}, version="1.0"))
    apps["apps"]["shop.1x0"]["servers"] = [{"host_name": "a1", "pid": "8", "url": "http://a"}]
    declare(live, "http://a", apps)
    seen(PAY_OLD.app, 7, first_ago=90_000, last_ago=1800)
    seen(PAY_OLD.app, 8, first_ago=1200, last_ago=1195)
    (mark,) = told(signed_in)
    assert mark["words"] == "shop.1x0: 1 process on a1 replaced"
    monkeypatch.setattr(process_changes, "MOST_PROCESSES", 2)
    assert ask(signed_in)["more"]
    live.flushall()
    assert told(signed_in) == []


@pytest.mark.parametrize("query", ["", "from=1", "from=x&to=2", "from=nan&to=1", "before=a&after=b"])
def test_what_says_no_time_is_said(signed_in: Client, query: str) -> None:
    response = signed_in.get(f"/time/processes?{query}")
    assert response.status_code == 400
    assert "Expected ?before=" in response.json()["why"]


def test_hostile_names_are_told_as_they_may_be_seen(signed_in: Client) -> None:
    query = urlencode({"before": "a\u202eb\0", "after": ["c"] * 99, "from": 1, "to": 2}, doseq=True)
    (told,) = signed_in.get(f"/time/processes?{query}").json()["apps"]
    assert told["words"] == r"a\u202eb\x00 → " + " + ".join("c" * 20)
    assert told["before"] == told["after"] == {"runs": "", "failed": "", "p95": ""}


def test_a_crash_loop_is_told_as_the_root_of_what_fails_for_it_and_is_over_when_one_stays(
    live: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of so many the one that stayed is none.
    monkeypatch.setattr(process_changes, "MOST_PROCESSES", 5)
    shift, began_s = Shift(live), time.time()
    seen(STORE, 1, first_ago=9000, last_ago=195)
    for place in range(5):
        seen(STORE, 10 + place, first_ago=190 - 20 * place, last_ago=180 - 20 * place)
    shift.runs(ran(PACK_KEY, done=10, failed=10))
    news = {one.key: one for one in shift.passes(60)}
    (told,) = (one for one in news.values() if not one.resolved_s)
    assert (told.root, told.severity) == (f"app:{STORE}", "critical")
    assert {member.subject for member in told.members} == {f"app:{STORE}", PACK}
    assert told.head.words == "store.1x0: no process stays on a1: 5 ended within a minute each, in 1 min."
    shift.runs(ran(PACK_KEY, done=40))
    seen(STORE, 99, first_ago=60, last_ago=-500)
    (over,) = (one for one in shift.passes(420) if one.resolved_s)
    assert (over.key, over.resolved_s - began_s > LOOP_S - 100) == (told.key, True)


def test_an_app_whose_processes_never_stay_is_told_for_a_day_only() -> None:
    loop = ProcessChange(kind=LOOP, before=("a",), after=("a",), hosts=("h",), count=9, at_s=100.0, until_s=90_000.0)
    rules = [rule for rule in DEFAULT_RULES if rule.measure == "crash-loop"]
    assert [one.level for one in process_signals(rules, [loop], read_to_s=90_010)] == [GOOD]
    assert [one.level for one in process_signals(rules, [loop], read_to_s=86_400)] == [BAD]
    assert list(process_signals([], [loop], read_to_s=86_400)) == []
