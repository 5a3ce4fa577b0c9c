"""Reads what SQL holds into a HistoryReport."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import F, QuerySet, Sum

from collector.models.activity import Status
from visualizer.models.history_report import HistoryReport, ReportBytes, ReportEntry
from visualizer.repo.buckets import FINE_S
from visualizer.repo.models import Bucket, LostBytes, Source, SourceBytes, Total

_COLUMNS = {"started": Status.START, "done": Status.DONE, "failed": Status.FAILED, "ignored": Status.IGNORED}


def read_report(*, since_s: float | None = None, until_s: float | None = None, now_s: float) -> HistoryReport:
    """
    Everything, or the executions of [since_s, until_s), unix seconds.

    A range is made of 10 s buckets, or of 1 s buckets while they are kept; its ends are rounded down to them. What was
    skipped and lost, and the bytes, have no time: they are always of everything.
    """
    skipped = SourceBytes.objects.filter(fate="skipped").order_by("reason")
    return HistoryReport(
        entries=_entries(_runs(since_s, until_s, now_s)),
        skipped=dict(skipped.values_list("reason").annotate(Sum("lines"))),
        lost=dict(LostBytes.objects.order_by("reason").values_list("reason").annotate(Sum("size_bytes"))),
        bytes=_bytes(),
    )


def _runs(since_s: float | None, until_s: float | None, now_s: float) -> QuerySet[Bucket] | QuerySet[Total]:
    if since_s is None and until_s is None:
        return Total.objects.all()
    # A minute of margin: the oldest of the fine ones may just be on their way out.
    width_s = 1 if since_s is not None and since_s > now_s - FINE_S + 60 else 10
    rows = Bucket.objects.filter(width_s=width_s)
    if since_s is not None:
        rows = rows.filter(start_s__gte=int(since_s) - int(since_s) % width_s)
    if until_s is not None:
        rows = rows.filter(start_s__lt=int(until_s) - int(until_s) % width_s)
    return rows


def _entries(runs: QuerySet[Bucket] | QuerySet[Total]) -> list[ReportEntry]:
    counts: Counter[tuple[str, str, str]] = Counter()
    sums = runs.values(app=F("activity__app"), plugin=F("activity__plugin"), event=F("activity__event"))
    rows: Iterable[Any] = sums.annotate(**{f"{name}_sum": Sum(name) for name in _COLUMNS})
    for row in rows:
        event = f"{row['plugin']}.{row['event']}" if row["plugin"] else row["event"]
        for name, status in _COLUMNS.items():
            counts[row["app"], event, status.name] += row[f"{name}_sum"]
    return sorted(ReportEntry(*key, count) for key, count in counts.items() if count)


def _bytes() -> ReportBytes:
    read = Source.objects.aggregate(read=Sum(F("high_water") - F("first_offset")))["read"]
    fates = dict(SourceBytes.objects.order_by("fate").values_list("fate").annotate(Sum("size_bytes")))
    of = {fate: fates.get(fate, 0) for fate in ("parsed", "skipped", "dropped")}
    return ReportBytes(read=read or 0, **of)
