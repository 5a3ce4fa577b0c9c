"""
What machines ask: /healthz (is the process alive; no I/O) and /readyz (can it do its work, a part each).

Neither wants a session or tells anybody anything of the settings.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import redis
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collector.models.errors import StoreUnavailable
from visualizer.core.freshness import GONE_AFTER_S, duration_words
from visualizer.models.job import BEAT_GONE_AFTER_S, WORKER_GONE_AFTER_S
from visualizer.models.watch import Watch
from visualizer.repo.watch import read_watch
from visualizer.resources import shared_redis

#: A collector that is silent for longer makes us not ready; the page says so much sooner.
COLLECTOR_GONE_AFTER_S = 30.0
OK = "ok"


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when every part is "ok", else 503; each part says in words what it lacks."""
    now_s = time.time()
    parts = {"database": _database(), "migrations": _migrations()}
    try:
        watch = read_watch(shared_redis())
        parts["redis"] = OK
    except (redis.RedisError, StoreUnavailable):
        watch = Watch()
        parts["redis"] = "does not answer"
    parts |= {
        "collector": _collector(watch, now_s),
        "rollup": _rollup(watch, now_s),
        "topology": _topology(watch),
        "worker": _asked_lately(watch.worker_at_s, "has run a task", WORKER_GONE_AFTER_S, now_s),
        "beat": _asked_lately(watch.beat_at_s, "has asked for a task", BEAT_GONE_AFTER_S, now_s),
    }
    ready = all(part == OK for part in parts.values())
    return JsonResponse({"status": OK if ready else "degraded", "parts": parts}, status=200 if ready else 503)


def _database() -> str:
    return _asked(lambda: connection.cursor().execute("SELECT 1") and OK)


def _migrations() -> str:
    def missing() -> str:
        executor = MigrationExecutor(connection)
        count = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        return f"{count} not applied: run `manage.py migrate`" if count else OK

    return _asked(missing)


def _asked(question: Callable[[], str]) -> str:
    try:
        return question()
    except DatabaseError:
        return "the database does not answer"


def _collector(watch: Watch, now_s: float) -> str:
    if not watch.collectors:
        return "none has reported"
    silent_s = now_s - max(beat.at_s for beat in watch.collectors)
    return OK if silent_s < COLLECTOR_GONE_AFTER_S else f"none has reported for {duration_words(silent_s)}"


def _rollup(watch: Watch, now_s: float) -> str:
    for beat in watch.rollups:
        if beat is None:
            return "a shard's has not reported"
        if now_s - beat.at_s > GONE_AFTER_S:
            return f"a shard's has not reported for {duration_words(now_s - beat.at_s)}"
        if beat.problem:
            return beat.problem
    return OK


def _asked_lately(at_s: float, did: str, gone_after_s: float, now_s: float) -> str:
    """Of the worker and of beat, which may run in one process or apart."""
    if not at_s:
        return f"none {did} yet"
    return OK if now_s - at_s < gone_after_s else f"none {did} for {duration_words(now_s - at_s)}"


def _topology(watch: Watch) -> str:
    return OK if watch.topology_version else "not built yet"
