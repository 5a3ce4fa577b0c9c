"""When, and how often, something passed over an edge."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Max, Min, Sum

from visualizer.repo.models import Activity, CallEdge, Total


@dataclass(frozen=True, slots=True)
class Seen:
    """Of all time."""

    #: Unix seconds; last_s is 0 where only later ones are known.
    first_s: int
    last_s: int
    #: How often.
    count: int
    #: How many calls are known to have failed.
    failed: int = 0


def read_runs_seen(activity_ids: Collection[int]) -> Seen | None:
    """The runs of any of these activities; None when none ever ran."""
    ids = list(activity_ids)
    totals = Total.objects.filter(activity__in=ids).aggregate(last=Max("last_s"), count=Sum("started"))
    first: int | None = Activity.objects.filter(id__in=ids).aggregate(at=Min("first_seen_s"))["at"]
    if not totals["last"] or first is None:
        return None
    # A backlog is counted long after it was written.
    return Seen(min(first, totals["last"]), totals["last"], totals["count"])


def read_calls_seen(callers: Collection[int], callees: Collection[int]) -> Seen | None:
    """The calls of one of these activities to one of those; None when none was seen."""
    found = CallEdge.objects.filter(caller__in=list(callers), callee__in=list(callees))
    sums = found.aggregate(first=Min("first_s"), last=Max("last_s"), count=Sum("count"), failed=Sum("failed"))
    return Seen(sums["first"], sums["last"], sums["count"], sums["failed"]) if sums["last"] else None


def seen_by(seen: Seen | None, at_s: float) -> Seen | None:
    """What of it was known at a time, unix seconds: how often something was seen until then is not kept."""
    if seen is None or seen.first_s > at_s:
        return None
    return Seen(seen.first_s, seen.last_s if seen.last_s <= at_s else 0, 0)
