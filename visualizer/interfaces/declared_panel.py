"""The part of a node's panel that shows what hosts declare of it: fetched when somebody unfolds it."""

from __future__ import annotations

import redis
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collector.models.errors import StoreUnavailable
from visualizer.core.declared_facts import event_facts, stream_facts
from visualizer.interfaces.panel_facts import MAX_ID_CHARS
from visualizer.models.declared_fact import DeclaredFact
from visualizer.models.node_id import EXPANDED, STREAM_MARK
from visualizer.repo.host_answers import read_host_answers
from visualizer.resources import shared_redis


@require_safe
@never_cache
def declared_panel(request: HttpRequest, view: str) -> HttpResponse:
    """templates/_declared.html for ?id=<node id>&queue=<a stream's queue in the expanded view>."""
    node_id, queue = (request.GET.get(name, "")[:MAX_ID_CHARS] for name in ("id", "queue"))
    try:
        facts: tuple[DeclaredFact, ...] | None = _facts(node_id, queue, view)
    except (redis.RedisError, StoreUnavailable):
        facts = None
    hides = any(len(fact.pieces) > 1 for fact in facts or ())
    return render(request, "_declared.html", {"facts": facts, "hides": hides})


def _facts(node_id: str, queue: str, view: str) -> tuple[DeclaredFact, ...]:
    answers = read_host_answers(shared_redis())
    if not node_id.startswith(STREAM_MARK):
        return event_facts(answers, node_id, view=view)
    name = node_id.removeprefix(STREAM_MARK)
    return stream_facts(answers, name.removesuffix(f".{queue}") if view == EXPANDED else name, view=view)
