"""`report` says what SQL holds; compaction takes what is over and nothing else."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from visualizer.interfaces import history_tasks
from visualizer.models.history_report import ReportEntry
from visualizer.repo.compaction import compact
from visualizer.repo.history_models import Bucket
from visualizer.repo.history_report import read_report
from visualizer.repo.models import Activity, DeadLetter, LostBytes, SeenServer, Source, SourceBytes, Total

pytestmark = pytest.mark.django_db
NOW = 1_000_000


@pytest.fixture
def activity() -> Activity:
    return _activity(event="orders.place")


def _activity(**more: Any) -> Activity:
    return Activity.objects.create(**{"app": "shop.1x0", "kind": "request", "first_seen_s": 0, **more})


def _server(pid: str = "1") -> SeenServer:
    return SeenServer.objects.get_or_create(host_name="vm", pid=pid)[0]


def _bucket(activity: Activity, *, width_s: int, start_s: int, **counts: int) -> Bucket:
    return Bucket.objects.create(width_s=width_s, start_s=start_s, activity=activity, server=_server(), **counts)


def test_entries_are_summed_over_servers_shards_kinds_and_queues(activity: Activity) -> None:
    queue = _activity(event="orders.place", kind="stream", stream="orders", queue="express")
    Total.objects.create(activity=activity, server=_server(), started=2, failed=1)
    Total.objects.create(activity=activity, server=_server("2"), started=3)
    Total.objects.create(activity=queue, server=_server(), shard=4, started=4)
    assert read_report(now_s=NOW).entries == [
        ReportEntry("shop.1x0", "orders.place", "FAILED", 1),
        ReportEntry("shop.1x0", "orders.place", "START", 9),
    ]


def test_a_plugins_event_stands_under_the_app_that_uses_it() -> None:
    login = _activity(plugin="basic_auth.0x30", event="login")
    Total.objects.create(activity=login, server=_server(), done=1)
    assert read_report(now_s=NOW).entries == [ReportEntry("shop.1x0", "basic_auth.0x30.login", "DONE", 1)]


@pytest.mark.parametrize(
    ("since_s", "until_s", "count"),
    [
        (None, None, 100),
        (NOW - 5000, None, 6),
        (NOW - 5000, NOW - 1000, 2),
        (None, NOW - 3000, 1),
        (NOW - 60, None, 4 * 10),  # recent enough for the 1 s buckets
    ],
)
def test_a_range_is_made_of_buckets(
    activity: Activity, since_s: float | None, until_s: float | None, count: int
) -> None:
    Total.objects.create(activity=activity, server=_server(), started=100)
    for start_s, started in ((NOW - 9000, 1), (NOW - 2000, 2), (NOW - 20, 4)):
        _bucket(activity, width_s=10, start_s=start_s, started=started)
    _bucket(activity, width_s=1, start_s=NOW - 20, started=40)
    entries = read_report(since_s=since_s, until_s=until_s, now_s=NOW).entries
    assert [entry.count for entry in entries] == [count]


def test_bytes_and_reasons_are_summed_over_sources() -> None:
    for file_id in "ab":
        source = Source.objects.create(file_id=file_id, generation=0, shard=0, first_offset=10, high_water=100)
        SourceBytes.objects.create(source=source, fate="parsed", lines=1, size_bytes=60)
        SourceBytes.objects.create(source=source, fate="skipped", reason="stats", lines=2, size_bytes=20)
        SourceBytes.objects.create(source=source, fate="dropped", reason="dead_letter", lines=3, size_bytes=10)
        SourceBytes.objects.create(source=source, fate="skewed", lines=1, size_bytes=60)
        LostBytes.objects.create(file_id=file_id, generation=0, reason="rotated", size_bytes=7)
    report = read_report(now_s=NOW)
    assert (report.skipped, report.lost) == ({"stats": 4}, {"rotated": 14})
    assert (report.bytes.read, report.bytes.parsed, report.bytes.skipped, report.bytes.dropped) == (180, 120, 40, 20)


def _printed(*args: str) -> str:
    out = StringIO()
    call_command("report", *args, stdout=out)
    return out.getvalue()


def test_the_json_has_the_documented_shape(activity: Activity) -> None:
    Total.objects.create(activity=activity, server=_server(), started=2)
    assert json.loads(_printed("--json")) == {
        "entries": [{"app": "shop.1x0", "event": "orders.place", "status": "START", "count": 2}],
        "skipped": {},
        "lost": {},
        "bytes": {"read": 0, "parsed": 0, "skipped": 0, "dropped": 0},
    }


def test_the_table_lets_no_name_drive_the_terminal() -> None:
    Total.objects.create(activity=_activity(event="a\x1b[2Jb"), server=_server(), started=1234)
    assert "a\ufffd[2Jb" in _printed()
    assert "1,234" in _printed()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--since", "yesterday"], "--since: expected a time"),
        (["--until", "15"], "--until: expected a time"),
        (["--since", "5m", "--until", "10m"], "later than --since"),
    ],
)
def test_a_time_that_is_none_ends_with_2_and_says_why(args: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said) as caught:
        _printed(*args)
    assert caught.value.returncode == 2


def test_compaction_takes_old_buckets_in_small_steps(activity: Activity, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("visualizer.repo.compaction.ROWS_AT_ONCE", 2)
    for ago in (0, 890, 902, 950, 999, 1000, 2000):
        for width_s in (1, 10):
            _bucket(activity, width_s=width_s, start_s=NOW - ago)
    assert compact(now_s=NOW, retention_s=1500, fine_s=900) == 5
    kept = {width_s: [] for width_s in (1, 10)}  # type: dict[int, list[int]]
    for bucket in Bucket.objects.order_by("-start_s"):
        kept[bucket.width_s].append(NOW - bucket.start_s)
    assert kept == {1: [0, 890], 10: [0, 890, 902, 950, 999, 1000, 2000]}


def test_compaction_ends_when_its_time_is_over(activity: Activity) -> None:
    _bucket(activity, width_s=1, start_s=0)
    assert compact(now_s=NOW, retention_s=1500, go_on=lambda: False, fine_s=900) == 0


def test_only_the_newest_dead_letters_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("visualizer.repo.compaction.DEAD_LETTERS", 2)
    source = Source.objects.create(file_id="a", generation=0, shard=0)
    for number, created_s in enumerate((NOW, NOW, NOW, NOW)):
        DeadLetter.objects.create(source=source, start=number, end=9, error="", payload=b"", created_s=created_s)
    compact(now_s=NOW, retention_s=1500, fine_s=900)
    assert sorted(DeadLetter.objects.values_list("start", flat=True)) == [2, 3]
    compact(now_s=NOW + 8 * 86400, retention_s=1500, fine_s=900)
    assert not DeadLetter.objects.exists()


def test_the_task_uses_our_clock_and_retention(activity: Activity, monkeypatch: pytest.MonkeyPatch) -> None:
    today = 20_000 * 86400
    monkeypatch.setattr(history_tasks, "now_s", lambda: float(today))
    for days in (1200, 89, 0):
        _bucket(activity, width_s=10, start_s=today - days * 86400, done=1)
    history_tasks.compact_history()
    assert Bucket.objects.get().start_s == today, "older ones went into wider buckets, though nobody had marked them"
    reports = [read_report(since_s=today - days * 86400, now_s=today).entries for days in (2000, 1000, 1)]
    assert [entry.count for entries in reports for entry in entries] == [2, 2, 1]


def test_beat_asks_for_the_task_by_its_name() -> None:
    from visualizer.celery import app

    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert history_tasks.compact_history.name in scheduled
    assert scheduled <= set(app.tasks)
