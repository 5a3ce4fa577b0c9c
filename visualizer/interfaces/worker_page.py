"""The page about the worker: what it runs, when it last did, how long that took, what failed. htmx asks it again."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import redis
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collector.models.errors import StoreUnavailable
from visualizer.core.freshness import duration_words
from visualizer.core.job_rows import FAILED, LATE, NEVER, RUNNING, WELL, JobRow, beat_state, job_rows, worker_state
from visualizer.models.watch import Watch
from visualizer.repo.task_runs import read_task_runs
from visualizer.repo.watch import read_watch
from visualizer.resources import shared_redis

_WHAT = {
    "visualizer.build_topology": gettext_noop("draws the graph of what is declared and seen, and lints it"),
    "visualizer.find_evidence": gettext_noop("looks at what every edge rests on"),
    "visualizer.find_standstills": gettext_noop("looks at what should go on and does not"),
    "visualizer.compact_history": gettext_noop("makes history coarser as it grows old, and lets go of what is over"),
    "visualizer.judge_alerts": gettext_noop("looks for what is wrong, and folds it under its root"),
    "visualizer.send_notifications": gettext_noop("tells people of incidents, and tries again what failed"),
    "visualizer.tidy_spool": gettext_noop("deletes received traces and logs once they are counted"),
}
_STATES = {
    WELL: gettext_noop("well"),
    FAILED: gettext_noop("failed"),
    RUNNING: gettext_noop("running"),
    LATE: gettext_noop("late"),
    NEVER: gettext_noop("never ran"),
}


@require_safe
@never_cache
def worker(request: HttpRequest) -> HttpResponse:
    """templates/worker.html, or its changing part alone for htmx."""
    now_s = time.time()
    try:
        client = shared_redis()
        watch, runs, answers = read_watch(client), read_task_runs(client), True
    except (redis.RedisError, StoreUnavailable):
        watch, runs, answers = Watch(), {}, False
    rows = job_rows(runs, now_s=now_s)
    context = {
        "redis_answers": answers,
        "worker": worker_state(watch.worker_at_s, now_s=now_s),
        "worker_ago": duration_words(now_s - watch.worker_at_s),
        "beat": beat_state(watch.beat_at_s, now_s=now_s),
        "beat_ago": duration_words(now_s - watch.beat_at_s),
        "processes": sorted({row.run.worker for row in rows if row.run.worker and now_s - row.run.started_s < 600}),
        "rows": [_row(row, now_s) for row in rows],
        "failed": [_row(row, now_s) for row in rows if row.state == FAILED],
    }
    return render(request, "_worker.html" if "HX-Request" in request.headers else "worker.html", context)


def _row(row: JobRow, now_s: float) -> dict[str, Any]:
    run = row.run
    return {
        "task": run.task.removeprefix("visualizer."),
        "what": gettext(_WHAT[run.task]) if run.task in _WHAT else "",
        "state": gettext(_STATES[row.state]),
        "mark": row.mark,
        "every": duration_words(row.job.every_s),
        "run": run,
        "running_for": duration_words(now_s - run.started_s) if row.state == RUNNING else "",
        "ended": _moment(run.ended_s, now_s) if run.ended_s else None,
        "failed": _moment(run.failed_s, now_s) if run.failed_s else None,
        "took_ms": run.took_s * 1000 if run.runs else None,
        "longest_ms": run.longest_s * 1000 if run.runs else None,
    }


def _moment(at_s: float, now_s: float) -> tuple[datetime, str]:
    """When it was, and in words how long ago."""
    return datetime.fromtimestamp(min(max(at_s, 0), 2**37), UTC), duration_words(now_s - at_s)
