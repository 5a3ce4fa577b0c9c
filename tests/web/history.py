"""Writes history as a rollup does, for the pages that read it."""

from __future__ import annotations

import time

from collector.models.activity import ActivityKey, Server, Status
from collector.models.batch import KeptEntry, LogBatch
from collector.models.count_table import ActivityCount, CountTable
from collector.models.name_caps import NameCaps
from visualizer.core.roll_up import ClaimedBatch, roll_up
from visualizer.core.slot_table import slots_of, totals_of
from visualizer.repo.activities import Activities
from visualizer.repo.buckets import add_buckets, add_totals
from visualizer.repo.failures import add_failures
from visualizer.repo.stale_buckets import mark_stale

A1, A2 = Server("a1", "17"), Server("a2", "18")


def remember(
    key: ActivityKey,
    *,
    done: int = 0,
    failed: int = 0,
    server: Server = A1,
    ago_s: int = 2,
    duration_bucket: int | None = None,
    failure: KeptEntry | None = None,
    now_s: float | None = None,
) -> None:
    """Runs of one second, a while ago; of now_s, where several are to be told from the same second on."""
    activities = Activities(NameCaps())
    activities.load()
    second = int(time.time() if now_s is None else now_s) - ago_s
    (activity,) = activities.activity_ids([key], now_s=second)
    (server_id,) = activities.server_ids([server], now_s=second)
    measured = {duration_bucket: 1} if duration_bucket is not None else {}
    counts = [
        ActivityCount(second, 0, 0, status, 1, 1, measured, measured if key.stream else {})
        for status, n in ((Status.DONE, done), (Status.FAILED, failed))
        for _ in range(n)
    ]
    counts += [ActivityCount(second, 0, 0, Status.START, done + failed, 100 * (done + failed))]
    batch = LogBatch(second, [key], [server], CountTable.of(counts), {})
    claimed = ClaimedBatch(0, batch, [activity], [server_id])
    cells = roll_up([claimed], now_s=second, retention_s=max(86400, ago_s + 60)).cells
    for width_s in (1, 10):
        add_buckets(slots_of(cells, width_s=width_s), width_s=width_s, shard=0)
    mark_stale([second], width_s=60, shard=0)
    add_totals(totals_of(slots_of(cells, width_s=10)), shard=0)
    if failure:
        add_failures([(activity, server_id, failure)])


def failed_run(cause: str, *, traceback: str = "", ago_s: float = 2) -> KeptEntry:
    """A failure as a collector keeps it."""
    return KeptEntry(
        timestamp_s=time.time() - ago_s,
        key=0,
        server=0,
        status=Status.FAILED,
        offset=0,
        request_id="req-1",
        cause=cause,
        traceback=traceback,
    )
