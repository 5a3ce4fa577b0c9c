"""Apps that gave no sign for long are hidden, listed with when they were seen last, and brought back by one click."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import redis
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from collector.models.errors import StoreUnavailable
from visualizer.config import read_options
from visualizer.core.freshness import duration_words
from visualizer.interfaces.build_topology import refresh_topology
from visualizer.models.app_age import AppAge
from visualizer.repo.app_ages import read_old_apps, show_apps
from visualizer.resources import shared_redis

log = logging.getLogger(__name__)


@require_safe
@never_cache
def old_apps(request: HttpRequest) -> HttpResponse:
    """How many there are, in a line for the graph; with ?list=1 each of them. Nothing when there are none."""
    now_s = time.time()
    old = find_old(now_s)
    template = "_old_apps.html" if request.GET.get("list") else "_old_apps_line.html"
    return render(request, template, {"old_apps": old_rows(old, now_s)})


@require_POST
def bring_back(request: HttpRequest) -> HttpResponse:
    """Show these apps again: ?app=<app key> …, or all=1. They are drawn at once."""
    now_s = time.time()
    old = find_old(now_s)
    asked = old.keys() if request.POST.get("all") else old.keys() & set(request.POST.getlist("app"))
    show_apps(sorted(asked), now_s=now_s)
    try:
        refresh_topology(shared_redis(), now=datetime.fromtimestamp(now_s, UTC), hide_after_s=_hide_after_s())
    except (redis.RedisError, StoreUnavailable) as exc:
        log.warning("topology_not_built: %s", exc)  # the worker builds it when Redis answers again
    if "HX-Request" not in request.headers:
        return redirect("apps")
    left = old_rows({app: age for app, age in old.items() if app not in asked}, now_s)
    response = render(request, "_old_apps.html", {"old_apps": left})
    response["HX-Trigger"] = "apps-shown"
    return response


def find_old(now_s: float) -> Mapping[str, AppAge]:
    """App key → its age, of the apps that are hidden."""
    return read_old_apps(now_s=now_s, hide_after_s=_hide_after_s())


def old_rows(old: Mapping[str, AppAge], now_s: float) -> list[dict[str, Any]]:
    """For templates/_old_apps.html, the one seen last first."""
    rows = sorted(old.items(), key=lambda item: (-item[1].last_sign_s, item[0]))
    return [
        {"app": app, "at": datetime.fromtimestamp(age.last_sign_s, UTC), "ago": duration_words(now_s - age.last_sign_s)}
        for app, age in rows
    ]


def _hide_after_s() -> float:
    return read_options().hide_after_s
