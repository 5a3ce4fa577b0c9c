"""What came by again and again: failures of one message, runs of one operation."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Max, Min, QuerySet, Sum
from django.db.models.functions import Coalesce

from collector.models.activity import Status
from visualizer.core.troubles import LEAST_TIMES
from visualizer.models.node_details import SLOTS_S
from visualizer.models.trouble import Repeat
from visualizer.repo.models import Failure, SampledEntry, Total

#: Of each kind.
_MOST = 5


def read_poison(activity_ids: Collection[int]) -> list[Repeat]:
    """Messages that failed LEAST_TIMES in one activity, among the failures that are kept; the most frequent first."""
    rows = Failure.objects.filter(activity__in=list(activity_ids)).exclude(message_id="")
    return _repeats(rows.values_list("activity_id", "message_id"))


def read_rounds(activity_ids: Collection[int], *, now_s: float) -> list[Repeat]:
    """Sampled operations that began LEAST_TIMES in one activity in the last SLOTS_S; the most frequent first."""
    rows = SampledEntry.objects.filter(
        timestamp_s__gte=now_s - SLOTS_S, activity__in=list(activity_ids), status=Status.START
    ).exclude(request_id="")
    return _repeats(rows.values_list("activity_id", "request_id"))


def read_ended(activity_ids: Collection[int]) -> dict[int, int]:
    """Activity id → runs that ended, of all time."""
    ended = Coalesce(Sum("done"), 0) + Coalesce(Sum("failed"), 0) + Coalesce(Sum("ignored"), 0)
    return dict(Total.objects.filter(activity__in=list(activity_ids)).values_list("activity_id").annotate(n=ended))


def _repeats(pairs: QuerySet[Any, Any]) -> list[Repeat]:
    found = pairs.annotate(n=Count("pk"), first=Min("timestamp_s"), last=Max("timestamp_s")).filter(n__gte=LEAST_TIMES)
    return [Repeat(*row) for row in found.order_by("-n", "-last")[:_MOST]]
