"""All that was ever counted of runs and calls: what shares are made from."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import F, Sum

from collector.models.activity import ActivityKey
from visualizer.repo.models import CallEdge, Total


def read_run_counts(keys: Mapping[int, ActivityKey]) -> dict[ActivityKey, int]:
    """Runs of each activity that ended. Args: keys: every activity by its id."""
    rows = Total.objects.values_list("activity_id").annotate(runs=Sum(F("done") + F("failed") + F("ignored")))
    return {keys[activity]: runs for activity, runs in rows if activity in keys}


def read_call_counts(keys: Mapping[int, ActivityKey]) -> dict[tuple[ActivityKey, ActivityKey], int]:
    """(caller, callee) → how often."""
    rows = CallEdge.objects.values_list("caller_id", "callee_id").annotate(calls=Sum("count"))
    return {(keys[a], keys[b]): calls for a, b, calls in rows if a in keys and b in keys}
