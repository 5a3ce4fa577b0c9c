"""The databases that history is tested on, and runs written to them as a rollup does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

import dj_database_url
from django.core.management.color import no_style
from django.db import connection, connections, transaction

from collector.models.activity import ActivityKey, Server, Status
from collector.models.batch import LogBatch
from collector.models.count_table import ActivityCount, CountTable
from tests.postgres import Postgres
from visualizer.core.roll_up import ClaimedBatch, roll_up
from visualizer.core.slot_table import slots_of
from visualizer.repo.buckets import add_buckets, lock_shard
from visualizer.repo.models import Activity, SeenServer
from visualizer.repo.stale_buckets import mark_stale


def on_postgres(postgres: Postgres) -> AbstractContextManager[None]:
    """Let everything, in every thread, use this PostgreSQL."""
    return on_database(postgres.url)


@contextmanager
def on_database(url: str) -> Iterator[None]:
    """Let everything, in every thread, use this database."""
    before, settings = connections["default"], connections.settings["default"]
    ours = {"default": dj_database_url.parse(url)}
    connections.settings["default"] = connections.configure_settings(ours)["default"]
    del connections["default"]
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = settings
        connections["default"] = before


def make_rows(*, activities: int, servers: int) -> None:
    """What runs are of; ids count from 1 in an emptied database."""
    for number in range(1, activities + 1):
        Activity.objects.create(id=number, app="shop", event=f"e{number}", kind="request", first_seen_s=0)
    for number in range(1, servers + 1):
        SeenServer.objects.create(id=number, host_name="vm", pid=str(number))
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), [Activity, SeenServer]):
            cursor.execute(sql)


def write(
    second: int,
    activity: int,
    server: int = 1,
    *,
    statuses: Mapping[Status, int],
    durations: Mapping[int, int] | None = None,
    shard: int = 0,
) -> None:
    """Runs of one second, in the transaction that marks what is to be made of them."""
    counts = [
        ActivityCount(second, 0, 0, status, count, 1, dict(durations or {}), dict(durations or {}))
        for status, count in statuses.items()
    ]
    batch = LogBatch(second, [ActivityKey("shop", "", "e", "request")], [Server("vm", "1")], CountTable.of(counts), {})
    claimed = ClaimedBatch(0, batch, [activity], [server])
    cells = roll_up([claimed], now_s=second, retention_s=1e10).cells
    with transaction.atomic():
        lock_shard(shard)
        add_buckets(slots_of(cells, width_s=10), width_s=10, shard=shard)
        mark_stale([second], width_s=60, shard=shard)
