"""Reading the buckets of 1 s and 10 s, a row each, as a table of slots; and letting them go."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from collector.models.count_table import HistogramTable
from visualizer.core.slot_sums import no_slots
from visualizer.core.slot_table import SlotTable
from visualizer.repo.histograms import decode_histogram
from visualizer.repo.history_models import Bucket
from visualizer.repo.times import at_times

#: More times than this are asked for as a range.
_MOST_STARTS = 2500
_COLUMNS = (
    "start_s",
    "activity_id",
    "server_id",
    "started",
    "done",
    "failed",
    "ignored",
    "durations",
    "stream_ages",
)


def read_rows(starts: range, *, width_s: int, shard: int, activities: Collection[int] | None = None) -> SlotTable:
    """
    The buckets that begin at these times, which are a width apart.

    Args:
        activities: ids; None: all.
    """
    rows = Bucket.objects.filter(width_s=width_s, shard=shard)
    if activities is not None and len(starts) <= _MOST_STARTS:
        # By the whole key: a range would look through everybody's buckets.
        rows = at_times(rows, starts).filter(activity__in=list(activities))
    else:
        rows = rows.filter(start_s__gte=starts.start, start_s__lt=starts.stop)
        rows = rows if activities is None else rows.filter(activity__in=list(activities))
    found = list(rows.values_list(*_COLUMNS))
    if not found:
        return no_slots()
    *keys, started, done, failed, ignored, durations, stream_ages = zip(*found, strict=True)
    start_s, activity, server = (np.array(column, np.int64) for column in keys)
    return SlotTable(
        start_s,
        activity,
        server,
        np.array((started, done, failed, ignored), np.int64).T,
        np.zeros(len(found)),
        HistogramTable.of([decode_histogram(data) for data in durations]),
        HistogramTable.of([decode_histogram(data) for data in stream_ages]),
    )


def delete_rows(starts: range, *, width_s: int, shard: int, activities: Collection[int]) -> int:
    """Delete some activities' buckets that begin at these times; returns how many."""
    rows = at_times(Bucket.objects.filter(width_s=width_s, shard=shard), starts)
    return rows.filter(activity__in=list(activities)).delete()[0]


def oldest_row_s(*, width_s: int, from_s: int = 0) -> int | None:
    """The first bucket from then on."""
    rows = Bucket.objects.filter(width_s=width_s, start_s__gte=from_s)
    return rows.order_by("start_s").values_list("start_s", flat=True).first()


def activities_in(starts: range, *, width_s: int, shard: int) -> list[int]:
    """Ids of the activities with buckets that begin in this time."""
    rows = Bucket.objects.filter(width_s=width_s, shard=shard, start_s__gte=starts.start, start_s__lt=starts.stop)
    return sorted(rows.values_list("activity_id", flat=True).distinct())
