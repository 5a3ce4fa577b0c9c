"""The rollup keeps as many names apart as it may, also after it began again, and says what passed a cap."""

from __future__ import annotations

from collections.abc import Callable

import redis
from django.db.models import Sum

from collector.models.activity import OTHER, ActivityKey, Server, Status
from collector.models.batch import LogBatch
from collector.models.count_table import ActivityCount, CountTable
from collector.models.name_caps import NameCaps
from tests.integration.conftest import SteppedRollup
from tests.shipped_file import ShippedFile
from visualizer.models.seen_process import PROCESSES_S
from visualizer.repo.activities import ROOM_EVERY_S
from visualizer.repo.cardinality_models import CardinalityLimit
from visualizer.repo.history_models import Bucket
from visualizer.repo.models import Activity, SeenServer, Total
from visualizer.repo.old_processes import fold_old_processes

NOW = 1_000_000
CAPS = NameCaps(apps=3, app_events=4, servers=2)


def batch(first: int) -> LogBatch:
    """Thirty names nobody has seen, one run each, on five servers."""
    keys = [ActivityKey(f"app{n % 10}", "", f"event {n}", "request") for n in range(first, first + 30)]
    servers = [Server("vm", str(n)) for n in range(first, first + 5)]
    counts = [ActivityCount(NOW, n, n % 5, int(Status.DONE), 1, 10, {n: 1}) for n in range(30)]
    return LogBatch(NOW, keys, servers, CountTable.of(counts), {})


def test_a_process_that_is_long_over_leaves_its_room_to_another(
    make_rollup: Callable[..., SteppedRollup], valkey: redis.Redis, valkey_url: str
) -> None:
    rollup, file = make_rollup(caps=CAPS), ShippedFile(valkey_url)
    rollup.work()
    file.make()
    for tick in range(3):
        file.ship(batch(tick * 30))
        rollup.now_s += 2
        rollup.work(2)
        for _ in range(2):
            fold_old_processes(now_s=NOW + PROCESSES_S + 1, shards=1, go_on=lambda: True)
        rollup.now_s += ROOM_EVERY_S
    known = {(one.host_name, one.pid) for one in SeenServer.objects.all()}
    assert known == {(OTHER, ""), (OTHER, "gone"), *(("vm", str(pid)) for pid in (0, 1, 30, 31, 60, 61))}
    assert Total.objects.aggregate(n=Sum("done"))["n"] == 90
    assert {one.server.pid for one in Total.objects.all()} == {"gone"}


def test_names_beyond_a_cap_are_counted_as_one_and_nothing_is_lost(
    make_rollup: Callable[..., SteppedRollup], valkey: redis.Redis, valkey_url: str
) -> None:
    rollup, file = make_rollup(caps=CAPS), ShippedFile(valkey_url)
    rollup.work()
    file.make()
    for tick in range(4):
        file.ship(batch(tick * 30))
        if tick == 2:
            rollup.is_attached = False
        rollup.now_s += 2
        rollup.work(2)
    assert set(Activity.objects.values_list("app", flat=True)) == {"app0", "app1", "app2", OTHER}
    assert Activity.objects.count() == 4 * (4 + 1)
    assert sorted(SeenServer.objects.values_list("pid", flat=True)) == ["", "0", "1"]
    for table in (Total, Bucket):
        rows = table.objects.filter(**({"width_s": 10} if table is Bucket else {}))
        assert rows.aggregate(n=Sum("done"))["n"] == 120
    limits = {(row.dimension, row.within): row for row in CardinalityLimit.objects.all()}
    assert set(limits) == {
        ("apps", ""),
        ("servers", ""),
        *(("app_events", app) for app in ("app0", "app1", "app2", OTHER)),
    }
    assert 5 <= limits["apps", ""].names_beyond <= 9
    assert limits["app_events", "app1"].offender == "app1"
    assert limits["apps", ""].first_s == NOW + 2
    assert limits["apps", ""].last_s == NOW + 8
