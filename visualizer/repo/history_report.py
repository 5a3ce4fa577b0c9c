"""Reads what SQL holds into a HistoryReport."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from django.db.models import F, Sum

from collector.models.activity import Status
from collector.models.packed_column import Column
from collector.models.resolution import DEFAULT_RESOLUTIONS, Resolution
from visualizer.core.roll_up import FUTURE_S
from visualizer.core.slot_sums import summed
from visualizer.core.slot_table import SlotTable
from visualizer.models.history_report import HistoryReport, ReportBytes, ReportEntry
from visualizer.repo.history_slots import read_as_kept, read_slots
from visualizer.repo.models import Activity, LostBytes, Source, SourceBytes, Total

#: In the order of the columns of counts.
_STATUSES = (Status.START, Status.DONE, Status.FAILED, Status.IGNORED)
_SUMS = tuple(Sum(name) for name in ("started", "done", "failed", "ignored"))


def read_report(
    *,
    since_s: float | None = None,
    until_s: float | None = None,
    now_s: float,
    resolutions: Sequence[Resolution] = DEFAULT_RESOLUTIONS,
) -> HistoryReport:
    """
    Everything, or the executions of [since_s, until_s), unix seconds.

    A range is made of 1 s buckets while they are kept, else of the finest that are kept for its time; its ends are
    rounded down to them. What was skipped and lost, and the bytes, have no time: they are always of everything.

    Args:
        resolutions: of history.
    """
    skipped = SourceBytes.objects.filter(fate="skipped").order_by("reason")
    if since_s is None and until_s is None:
        runs: Mapping[int, Sequence[int]] = {
            activity: counts for activity, *counts in Total.objects.values_list("activity_id").annotate(*_SUMS)
        }
    else:
        runs = _runs(since_s, until_s, now_s, resolutions)
    return HistoryReport(
        entries=_entries(runs),
        skipped=dict(skipped.values_list("reason").annotate(Sum("lines"))),
        lost=dict(LostBytes.objects.order_by("reason").values_list("reason").annotate(Sum("size_bytes"))),
        bytes=_bytes(),
    )


def _runs(
    since_s: float | None, until_s: float | None, now_s: float, resolutions: Sequence[Resolution]
) -> Mapping[int, Sequence[int]]:
    """Activity id → lines by Status."""
    fine = resolutions[0]
    # A minute of margin: the oldest of the fine ones may just be on their way out.
    if since_s is not None and since_s > now_s - fine.keep_s + 60:
        newest_s = now_s + FUTURE_S + 1 if until_s is None else until_s
        found: Iterable[SlotTable] = [
            read_slots(resolutions, fine.width_s, from_s=int(since_s), until_s=int(newest_s), activities=None)
        ]
    else:
        found = read_as_kept(resolutions, since_s=since_s, until_s=until_s, now_s=now_s)
    runs: defaultdict[int, Column] = defaultdict(lambda: np.zeros(len(_STATUSES), np.int64))
    for slots in found:
        sums = summed(slots, width_s=1 << 40, over_servers=True)
        for activity, statuses in zip(sums.activity.tolist(), sums.statuses, strict=True):
            runs[activity] += statuses
    return {activity: counts.tolist() for activity, counts in runs.items()}


def _entries(runs: Mapping[int, Sequence[int]]) -> list[ReportEntry]:
    counts: Counter[tuple[str, str, str]] = Counter()
    for activity, app, plugin, event in Activity.objects.values_list("id", "app", "plugin", "event"):
        name = f"{plugin}.{event}" if plugin else event
        for status, count in zip(_STATUSES, runs.get(activity, ()), strict=False):
            counts[app, name, status.name] += count
    return sorted(ReportEntry(*key, count) for key, count in counts.items() if count)


def _bytes() -> ReportBytes:
    read = Source.objects.aggregate(read=Sum(F("high_water") - F("first_offset")))["read"]
    fates = dict(SourceBytes.objects.order_by("fate").values_list("fate").annotate(Sum("size_bytes")))
    of = {fate: fates.get(fate, 0) for fate in ("parsed", "skipped", "dropped")}
    return ReportBytes(read=read or 0, **of)
