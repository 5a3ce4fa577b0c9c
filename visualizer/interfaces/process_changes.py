"""The flow: processes that were seen + those that hosts list → what changed about them, and how their app did then."""

from __future__ import annotations

import time
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import urlencode

import msgspec
import redis
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collector.models.errors import StoreUnavailable
from visualizer.core.freshness import seen_until_s
from visualizer.core.gone_servers import listed_servers
from visualizer.core.process_changes import LOOP_S, SHORT_LIVES, STAYS_S, find_process_changes
from visualizer.core.process_changes import find_loops as loops_of
from visualizer.core.process_ends import DAY_S, LEAST_S, ProcessEnds
from visualizer.core.process_signals import LONG_S
from visualizer.core.time_marks import process_mark, versions_words
from visualizer.interfaces.before_after import before_and_after
from visualizer.interfaces.diff_sides import WINDOW_S
from visualizer.interfaces.find_unseen import find_unseen
from visualizer.interfaces.panel_facts import graph_address
from visualizer.interfaces.time_span import read_second
from visualizer.models.process_change import ProcessChange
from visualizer.repo.listed_servers import read_listed_servers
from visualizer.repo.processes import find_short_lived, read_processes
from visualizer.repo.servers import read_servers
from visualizer.repo.watch import read_watch
from visualizer.resources import shared_redis

#: Processes that are looked at; those that came last, of more.
MOST_PROCESSES = 2000
#: What went at the end of a time may have been replaced so shortly after it.
_AFTER_S = 3600
#: The lives of a loop that goes on, or was over just now, came no longer ago than that.
_LATELY_S = (SHORT_LIVES + 2) * LOOP_S
#: An app does not run in more versions at once.
MOST_KEYS = 20


def find_changes(ends: ProcessEnds, *, since_s: float, until_s: float) -> tuple[list[ProcessChange], bool]:
    """What changed in [since_s, until_s), in order, and whether there may be more."""
    # What came within a day before may have taken the place of something, and been replaced since.
    processes = read_processes(from_s=since_s - DAY_S, until_s=until_s + _AFTER_S, most=MOST_PROCESSES)
    found = find_process_changes(processes, ends)
    told = [change for change in found if since_s <= change.until_s and change.at_s < until_s]
    return told, len(processes) == MOST_PROCESSES


def find_loops(ends: ProcessEnds, *, now_s: float) -> list[ProcessChange]:
    """
    The crash loops that go on or were over lately, in order. Of apps of which none can be, nothing is read: alerts ask
    every few seconds, also in a storm of processes.
    """
    # In the midst of a loop another version may have come.
    least = SHORT_LIVES // 2
    names = find_short_lived(from_s=ends.read_to_s - _LATELY_S, within_s=LEAST_S, least=least)
    if not names:
        return []
    from_s, until_s = ends.read_to_s - LONG_S - DAY_S, now_s + _AFTER_S
    read = partial(read_processes, from_s=from_s, until_s=until_s, most=MOST_PROCESSES, names=names)
    # Who stays came long before the newest of so many.
    return loops_of({*read(), *read(least_s=STAYS_S)}, ends)


def read_ends(client: redis.Redis, *, now_s: float) -> ProcessEnds:
    """
    What is known now of who runs.

    Raises:
        redis.RedisError, django.db.DatabaseError: one of them does not answer.
    """
    watch = read_watch(client)
    until_s = seen_until_s(watch, now_s)
    if until_s is None:
        return ProcessEnds(now_s, None)
    unseen = read_servers(find_unseen(watch, {}, now_s=now_s, in_doubt=True).until_s.keys())
    listed = listed_servers(read_listed_servers(client), now_s=now_s)
    return ProcessEnds(until_s, listed, frozenset(unseen.values()))


def ends_for_page(*, now_s: float) -> ProcessEnds:
    """The same; without Redis nobody looks."""
    with suppress(redis.RedisError, StoreUnavailable):
        return read_ends(shared_redis(), now_s=now_s)
    return ProcessEnds(now_s, None)


@require_safe
@never_cache
def processes(request: HttpRequest) -> JsonResponse:
    """
    As of a deploy (time_bar.py), for ?before=<app key>&after=<app key>&from=<unix second>&to=<unix second>: how apps
    did before and after their processes changed. 400 with {"why"} for what says no time.
    """
    before, after = request.GET.getlist("before")[:MOST_KEYS], request.GET.getlist("after")[:MOST_KEYS]
    at_s, until_s, now_s = read_second(request, "from"), read_second(request, "to"), time.time()
    if at_s is None or until_s is None:
        why = "Expected ?before=<app>&after=<app>&from=<unix second>&to=<unix second>."
        return JsonResponse({"why": why}, status=400)
    words = versions_words(before, after)
    told = before_and_after(words, before=before, after=after, at_s=at_s, until_s=until_s, now_s=now_s)
    return JsonResponse({"window_s": WINDOW_S, "apps": [told]})


def change_mark(change: ProcessChange) -> dict[str, Any]:
    """As time_bar() tells it."""
    sides = {"before": change.before, "after": change.after, "from": change.at_s, "to": change.until_s}
    address = f"{reverse('processes')}?{urlencode(sides, doseq=True)}"
    mark = process_mark(change)
    return {**msgspec.structs.asdict(mark), "href": graph_address(app=mark.about), "numbers": address}
