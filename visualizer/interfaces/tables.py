"""Apps and hosts as plain tables; htmx asks for the table alone every few seconds."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import redis
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collector.models.errors import StoreUnavailable
from collector.models.host import ALIVE, UNKNOWN
from visualizer.core.freshness import duration_words, judge_freshness
from visualizer.interfaces.blast import HOST_MARK
from visualizer.interfaces.old_apps import find_old, old_rows
from visualizer.interfaces.panel_facts import graph_address
from visualizer.models.node_id import EVENT, STANDARD
from visualizer.models.topology import DrawnTopology
from visualizer.models.watch import Watch
from visualizer.repo.app_numbers import AppNumbers, read_app_numbers
from visualizer.repo.drawn import read_drawn
from visualizer.repo.watch import read_watch
from visualizer.resources import shared_redis


@require_safe
@never_cache
def apps(request: HttpRequest) -> HttpResponse:
    """Every app that is declared or was seen."""
    now_s = time.time()
    _, drawn = _ask_redis()
    numbers = read_app_numbers(now_s=now_s)
    declared = {app.key: app for app in drawn.topology.apps} if drawn else {}
    old = find_old(now_s)
    shown = sorted({*declared, *numbers} - old.keys())
    rows = [_app_row(key, drawn, numbers.get(key, AppNumbers()), now_s) for key in shown]
    context = {"rows": rows, "redis_answers": drawn is not None, "old_apps": old_rows(old, now_s)}
    return _page(request, "apps", context)


@require_safe
@never_cache
def hosts(request: HttpRequest) -> HttpResponse:
    """Every polled host."""
    now_s = time.time()
    watch, _ = _ask_redis()
    rows = [
        {
            "host": host,
            "alive": host.status == ALIVE,
            "unknown": host.status == UNKNOWN,
            "since": duration_words(now_s - host.since_s),
            "blast": graph_address(blast=f"{HOST_MARK}{host.url}"),
            "polled": duration_words(now_s - host.polled_s),
        }
        for host in (watch.hosts if watch else ())
    ]
    problems = judge_freshness(watch, now_s).problems if watch else (gettext("Redis does not answer."),)
    return _page(request, "hosts", {"rows": rows, "problems": problems})


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    part = "HX-Request" in request.headers
    return render(request, f"_{name}_table.html" if part else f"{name}.html", context)


def _app_row(key: str, drawn: DrawnTopology | None, numbers: AppNumbers, now_s: float) -> dict[str, Any]:
    app = next((app for app in drawn.topology.apps if app.key == key), None) if drawn else None
    events = sum(node.app == key and node.kind == EVENT for node in drawn.topology.nodes) if drawn else 0
    query = QueryDict(mutable=True)
    query["app"] = key
    return {
        "key": key,
        "name": app.name if app else key,
        "version": app.version if app else "",
        "servers": [f"{server.host_name} · {server.pid}" for server in app.servers] if app else [],
        "events": events or numbers.events_seen,
        "numbers": numbers,
        "last": duration_words(now_s - numbers.last_s) if numbers.last_s else "",
        "last_at": datetime.fromtimestamp(numbers.last_s, UTC),
        "href": f"{reverse('graph')}?{query.urlencode()}",
    }


def _ask_redis() -> tuple[Watch | None, DrawnTopology | None]:
    try:
        client = shared_redis()
        return read_watch(client), read_drawn(client, STANDARD)
    except (redis.RedisError, StoreUnavailable):
        return None, None
