"""Writes history as a rollup does, for the pages that read it."""

from __future__ import annotations

import time

from collector.models.activity import ActivityKey, Server, Status
from collector.models.batch import KeptEntry
from visualizer.core.roll_up import Counts
from visualizer.repo.activities import Activities
from visualizer.repo.buckets import add_buckets, add_totals
from visualizer.repo.failures import add_failures

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
) -> None:
    """Runs of one second, a while ago."""
    activities = Activities()
    second = int(time.time()) - ago_s
    (activity,), (server_id,) = activities.activity_ids([key], now_s=second), activities.server_ids([server])
    counts = Counts()
    counts.statuses[Status.START] = done + failed
    counts.statuses[Status.DONE] = done
    counts.statuses[Status.FAILED] = failed
    counts.last_s = float(second)
    if duration_bucket is not None:
        counts.durations = {duration_bucket: done + failed}
        counts.stream_ages = {duration_bucket: done + failed} if key.stream else {}
    add_buckets({(second, activity, server_id): counts}, width_s=1, shard=0)
    add_buckets({(second // 10 * 10, activity, server_id): counts}, width_s=10, shard=0)
    add_totals({(activity, server_id): counts}, shard=0)
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
