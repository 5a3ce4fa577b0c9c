"""Collectors that were taken away without a word are missed until somebody says so, on the page about sources."""

from __future__ import annotations

import time

import redis
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from visualizer.core.freshness import silent_collectors
from visualizer.repo.collectors import forget_collectors
from visualizer.repo.watch import read_watch
from visualizer.resources import shared_redis


@require_POST
def forget_collector(request: HttpRequest) -> HttpResponse:
    """Miss collector=<id> no longer, if it is silent; one that speaks again is there again."""
    client, asked = shared_redis(), request.POST.get("collector", "")
    try:
        silent = silent_collectors(read_watch(client).collectors, time.time())
        forget_collectors(client, [one.collector_id for one in silent if one.collector_id == asked])
    except redis.RedisError:
        return HttpResponse("Redis does not answer: nothing was changed.", status=503, content_type="text/plain")
    return redirect("sources")
