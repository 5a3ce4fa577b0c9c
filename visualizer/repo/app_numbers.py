"""Reading what SQL holds of each app in the last minute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, Sum

from collector.models.activity import CALL, EXTERNAL, PUBLISH
from visualizer.models.live import RATE_WINDOW_S, STATE_WINDOW_S
from visualizer.repo.history_models import Bucket
from visualizer.repo.models import Activity, Total

#: What runs do to others is no run of its own.
OUTGOING = (PUBLISH, CALL, EXTERNAL)


@dataclass(frozen=True, slots=True)
class AppNumbers:
    """One app. Runs are those of the last 60 s."""

    #: Distinct events ever seen to run.
    events_seen: int = 0
    #: Runs started.
    started: int = 0
    #: Runs ended, and of them the failed ones.
    ended: int = 0
    failed: int = 0
    #: Runs ended a second, over the last 10 s.
    rate: float = 0.0
    #: Unix second of the last line; 0 when none was ever seen.
    last_s: int = 0

    @property
    def failed_percent(self) -> float | None:
        """Share of failed runs; None while none ended."""
        return 100 * self.failed / self.ended if self.ended else None


def read_app_numbers(*, now_s: float) -> Mapping[str, AppNumbers]:
    """App key → its numbers, for every app that was ever seen."""
    ended = Sum("done") + Sum("failed") + Sum("ignored")
    recent = Q(start_s__gt=int(now_s) - RATE_WINDOW_S)
    recently = Sum("done", filter=recent, default=0) + Sum("failed", filter=recent, default=0)
    recently += Sum("ignored", filter=recent, default=0)
    minute: dict[str, dict[str, Any]] = {
        row["activity__app"]: dict(row)
        for row in Bucket.objects.filter(width_s=1, start_s__gt=int(now_s) - STATE_WINDOW_S)
        .exclude(activity__kind__in=OUTGOING)
        .values("activity__app")
        .annotate(runs=Sum("started"), ended=ended, failures=Sum("failed"), recent=recently)
    }
    last = dict(Total.objects.values_list("activity__app").annotate(last=Max("last_s")))
    ran = Activity.objects.exclude(kind__in=OUTGOING)
    seen = ran.values_list("app").annotate(events=Count("event", distinct=True))
    return {app: _numbers(minute.get(app, {}), events, last.get(app, 0)) for app, events in seen.order_by("app")}


def _numbers(row: Mapping[str, Any], events_seen: int, last_s: int) -> AppNumbers:
    return AppNumbers(
        events_seen=events_seen,
        started=row.get("runs", 0),
        ended=row.get("ended", 0),
        failed=row.get("failures", 0),
        rate=round(row.get("recent", 0) / RATE_WINDOW_S, 1),
        last_s=last_s,
    )
