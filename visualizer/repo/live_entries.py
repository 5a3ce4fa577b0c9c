"""Reading what ran in the last minute on some servers, from the buckets of 1 s and the totals."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from collector.models.activity import CALLER, ActivityKey, Server
from visualizer.models.live import RATE_WINDOW_S, STATE_WINDOW_S
from visualizer.models.live_entries import LiveEntries
from visualizer.repo.app_numbers import OUTGOING
from visualizer.repo.history_models import Bucket
from visualizer.repo.models import Activity, SeenServer, Total

#: More servers than this are picked here and not by SQL, which takes only so many parameters.
_SERVERS = 500
_ENTRIES = F("started") + F("done") + F("failed") + F("ignored")
_OPEN = F("started") - F("done") - F("failed") - F("ignored")


def read_live_entries(servers: Collection[Server], *, now_s: float) -> list[LiveEntries]:
    """
    Every activity with entries or open runs on these servers, of the second now_s - STATE_WINDOW_S and later.

    Args:
        now_s: unix time; both windows begin with a whole second, as hopeit's do.
    """
    named = SeenServer.objects.filter(host_name__in={server.host_name for server in servers})
    ids = {pk for pk, *parts in named.values_list("pk", "host_name", "pid") if Server(*parts) in servers}
    recent = Q(start_s__gte=int(now_s - RATE_WINDOW_S))
    # First what is made of columns: a sum that is called like one hides it.
    minute = (
        _of(Bucket.objects.filter(width_s=1, start_s__gte=int(now_s - STATE_WINDOW_S)), ids)
        .annotate(recent=Sum(_ENTRIES, filter=recent, default=0))
        .annotate(started=Sum("started"), failed=Sum("failed"), ignored=Sum("ignored"))
    )
    still_open = _of(Total.objects.all(), ids).annotate(pending=Sum(_OPEN)).filter(pending__gt=0)
    counts: dict[int, dict[str, int]] = {}
    for row in (*minute, *still_open):
        activity = counts.setdefault(row.pop("activity_id"), {})
        if row.pop("server_id") in ids:
            for name, count in row.items():
                activity[name] = activity.get(name, 0) + count
    rows = Activity.objects.in_bulk(list(counts))
    keys = {pk: _key(row) for pk, row in rows.items() if row.kind not in (*OUTGOING, CALLER)}
    return [LiveEntries(key=key, **counts[pk]) for pk, key in keys.items() if counts[pk]]


def _of(rows: QuerySet[Any], servers: Collection[int]) -> QuerySet[Any, dict[str, Any]]:
    if len(servers) <= _SERVERS:
        rows = rows.filter(server__in=servers)
    return rows.values("activity_id", "server_id")


def _key(row: Activity) -> ActivityKey:
    return ActivityKey(*(getattr(row, name) for name in ActivityKey.__struct_fields__))
