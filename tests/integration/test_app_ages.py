"""An app's age is that of its newest line, and of the newest config that names it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from collector.models.host import HostAnswer
from visualizer.models.app_age import AppAge
from visualizer.repo.app_ages import read_app_ages
from visualizer.repo.host_answers import keep_snapshots
from visualizer.repo.models import Activity, CallEdge, SeenServer, Total

pytestmark = pytest.mark.django_db


def declare(*apps: str, content_hash: str, at_s: int) -> None:
    declared: dict[str, Any] = {"apps": {app: {"servers": []} for app in apps}, "server_status": {}}
    answer = HostAnswer(
        url="http://h", position=0, status="ALIVE", since_s=0, polled_s=0, content_hash=content_hash, standard=declared
    )
    keep_snapshots([answer], now=datetime.fromtimestamp(at_s, UTC))


def see(app: str, *, last_s: int) -> None:
    for event in ("a", "b"):
        activity = Activity.objects.create(app=app, event=event, kind="request", first_seen_s=0)
        server = SeenServer.objects.get_or_create(host_name="vm", pid="1")[0]
        Total.objects.create(activity=activity, server=server, last_s=last_s - (event == "a"))


def test_an_app_is_as_old_as_its_newest_line_and_its_newest_declaration() -> None:
    see("seen.1x0", last_s=500)
    see("both.1x0", last_s=700)
    declare("both.1x0", "declared.1x0", content_hash="ages-1", at_s=600)
    declare("both.1x0", content_hash="ages-2", at_s=900)
    assert read_app_ages(declared_since_s=0) == {
        "both.1x0": AppAge(700, 900),
        "declared.1x0": AppAge(0, 600),
        "seen.1x0": AppAge(500, 0),
    }


def test_an_app_that_only_others_name_is_as_old_as_its_newest_call() -> None:
    see("shop.1x0", last_s=500)
    caller = Activity.objects.create(app="bot.1", event="sync", kind="caller", first_seen_s=0)
    callee = Activity.objects.filter(app="shop.1x0")[0]
    CallEdge.objects.create(caller=caller, callee=callee, first_s=100, last_s=400)
    assert read_app_ages(declared_since_s=0) == {"bot.1": AppAge(400, 0), "shop.1x0": AppAge(500, 0)}


def test_what_was_declared_long_ago_counts_as_never() -> None:
    declare("old.1x0", content_hash="ages-3", at_s=600)
    assert read_app_ages(declared_since_s=601) == {}


def test_a_snapshot_without_an_answer_declares_nothing() -> None:
    answer = HostAnswer(url="http://h", position=0, status="ERROR", since_s=0, polled_s=0, content_hash="ages-4")
    keep_snapshots([answer], now=datetime.fromtimestamp(5, UTC))
    assert read_app_ages(declared_since_s=0) == {}
