"""The part of a node's panel that shows what hosts declare, or declared, of it: fetched when somebody unfolds it."""

from __future__ import annotations

import time
from contextlib import suppress

import redis
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collector.models.errors import StoreUnavailable
from visualizer.core.declared_facts import event_facts, stream_facts
from visualizer.core.kept_facts import kept_facts
from visualizer.interfaces.asked_time import asked_moment
from visualizer.interfaces.panel_facts import MAX_ID_CHARS
from visualizer.models.declared_fact import DeclaredFact
from visualizer.models.errors import NoSuchTopology
from visualizer.models.node_id import EXPANDED, STREAM_MARK
from visualizer.repo.host_answers import read_host_answers
from visualizer.repo.topology_history import find_version, read_kept
from visualizer.resources import shared_redis


@require_safe
@never_cache
def declared_panel(request: HttpRequest, view: str) -> HttpResponse:
    """templates/_declared.html for ?id=<node id> & queue=<a stream's queue in the expanded view> & at=<unix second>."""
    node_id, queue = (request.GET.get(name, "")[:MAX_ID_CHARS] for name in ("id", "queue"))
    facts: tuple[DeclaredFact, ...] | None = None
    version = None
    with suppress(redis.RedisError, StoreUnavailable, NoSuchTopology, ValueError, ObjectDoesNotExist):
        at_s = asked_moment(request, now_s=time.time())
        if at_s is None:
            facts = _facts(node_id, queue, view)
        elif version := find_version(at_s=at_s):
            facts = kept_facts(read_kept(version), node_id, view=view)
    hides = any(len(fact.pieces) > 1 for fact in facts or ())
    context = {"facts": facts, "hides": hides, "is_then": "at" in request.GET, "version": version}
    return render(request, "_declared.html", context)


def _facts(node_id: str, queue: str, view: str) -> tuple[DeclaredFact, ...]:
    answers = read_host_answers(shared_redis())
    if not node_id.startswith(STREAM_MARK):
        return event_facts(answers, node_id, view=view)
    name = node_id.removeprefix(STREAM_MARK)
    return stream_facts(answers, name.removesuffix(f".{queue}") if view == EXPANDED else name, view=view)
