"""When something last passed over an edge."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Max

from visualizer.repo.models import CallEdge, Total


def read_last_run(activity_ids: Collection[int]) -> int | None:
    """Unix second of the newest run of any of these activities; None when none ever ran."""
    newest: int | None = Total.objects.filter(activity__in=list(activity_ids)).aggregate(at=Max("last_s"))["at"]
    return newest or None


def read_last_call(callers: Collection[int], callees: Collection[int]) -> int | None:
    """Unix second of the newest call of one of these activities to one of those; None when none was seen."""
    found = CallEdge.objects.filter(caller__in=list(callers), callee__in=list(callees))
    newest: int | None = found.aggregate(at=Max("last_s"))["at"]
    return newest
