"""What was seen of every activity and every call, of all time and all shards."""

from __future__ import annotations

from django.db.models import Max, Min, Sum

from collector.models.activity import ActivityKey
from visualizer.models.evidence import Sight
from visualizer.models.seen_hour import Pair
from visualizer.repo.models import Activity, CallEdge, Total

_NAMES = ActivityKey.__struct_fields__


def read_activity_keys() -> dict[int, tuple[ActivityKey, int]]:
    """Id → (key, unix second at which it was seen first)."""
    rows = Activity.objects.values_list("id", "first_seen_s", *_NAMES).iterator()
    return {pk: (ActivityKey(*names), first_s) for pk, first_s, *names in rows}


def read_run_sights(keys: dict[int, tuple[ActivityKey, int]]) -> dict[ActivityKey, Sight]:
    """Key → what was seen of its runs; no entry for one that never ran."""
    rows = Total.objects.values_list("activity_id").annotate(last=Max("last_s"), runs=Sum("started"))
    sights = {}
    for pk, last_s, runs in rows:
        if pk in keys:
            key, first_s = keys[pk]
            # A backlog is counted long after it was written.
            sights[key] = Sight(Pair(pk), min(first_s, last_s), last_s, runs)
    return sights


def read_call_sights(
    keys: dict[int, tuple[ActivityKey, int]],
) -> dict[tuple[ActivityKey, ActivityKey], Sight]:
    """(caller, callee) → what was seen of the calls."""
    rows = CallEdge.objects.values_list("caller_id", "callee_id").annotate(
        first=Min("first_s"), last=Max("last_s"), calls=Sum("count")
    )
    return {
        (keys[caller][0], keys[callee][0]): Sight(Pair(callee, caller), first_s, last_s, calls)
        for caller, callee, first_s, last_s, calls in rows
        if caller in keys and callee in keys
    }
