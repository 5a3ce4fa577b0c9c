"""Reading the buckets of some activities: their last minute and their last quarter of an hour."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping

from django.db.models import QuerySet

from collector.lib.log_buckets import merge_counts, quantile_ms
from collector.models.activity import ActivityKey
from visualizer.models.live import RATE_WINDOW_S, STATE_WINDOW_S, ActivityStats
from visualizer.models.node_details import SLOT_S, SLOTS_S, ChartSlot, PanelChart
from visualizer.repo.histograms import decode_histogram
from visualizer.repo.history_models import Bucket


def minute_rows(activity_ids: Collection[int], now_s: int) -> QuerySet[Bucket]:
    """The buckets of the last STATE_WINDOW_S."""
    return Bucket.objects.filter(width_s=1, start_s__gt=now_s - STATE_WINDOW_S, activity__in=list(activity_ids))


def add_row(stats: ActivityStats, row: Bucket, now_s: int) -> None:
    """Add a bucket to the numbers of its activity."""
    stats.started += row.started
    stats.done += row.done
    stats.failed += row.failed
    stats.ignored += row.ignored
    stats.last_s = max(stats.last_s, row.start_s)
    if row.start_s > now_s - RATE_WINDOW_S:
        stats.recent += row.done + row.failed + row.ignored
    merge_counts(stats.durations, decode_histogram(row.durations))
    merge_counts(stats.stream_ages, decode_histogram(row.stream_ages))


def read_minute(wanted: Mapping[int, ActivityKey], *, now_s: float) -> tuple[ActivityStats, ...]:
    """The last minute of each activity, with one query. `pending` is not known to history: 0."""
    stats = {pk: ActivityStats(key=key, durations={}, stream_ages={}) for pk, key in wanted.items()}
    for row in minute_rows(wanted, int(now_s)) if wanted else ():
        add_row(stats[row.activity_id], row, int(now_s))
    return tuple(stats.values())


def read_waits(activity_ids: Collection[int], *, step_s: int, now_s: float) -> list[dict[int, int]]:
    """Wait bucket → count of each step of the last STATE_WINDOW_S, oldest first, with one query."""
    steps: list[dict[int, int]] = [{} for _ in range(STATE_WINDOW_S // step_s)]
    first_s = int(now_s) - STATE_WINDOW_S + 1
    for start_s, ages in minute_rows(activity_ids, int(now_s)).values_list("start_s", "stream_ages").iterator():
        # What a clock ahead of ours has counted is of the last step.
        merge_counts(steps[min((start_s - first_s) // step_s, len(steps) - 1)], decode_histogram(ages))
    return steps


def read_quarter(activity_ids: Collection[int], *, waits: bool, now_s: float) -> PanelChart:
    """The last SLOTS_S, with one query; `waits`: of how long messages waited, not how long their runs took."""
    # The slot that is still being filled is left out: it would always look like a fall.
    end_s = int(now_s) // SLOT_S * SLOT_S
    measured = "stream_ages" if waits else "durations"
    rows = Bucket.objects.filter(
        width_s=SLOT_S, start_s__gte=end_s - SLOTS_S, start_s__lt=end_s, activity__in=list(activity_ids)
    ).values_list("start_s", "done", "failed", "ignored", measured)
    runs, failures = Counter[int](), Counter[int]()
    took = defaultdict[int, dict[int, int]](dict)
    for start_s, done, failed, ignored, histogram in rows.iterator():
        runs[start_s] += done + failed + ignored
        failures[start_s] += failed
        merge_counts(took[start_s], decode_histogram(histogram))
    durations: dict[int, int] = {}
    for each in took.values():
        merge_counts(durations, each)
    slots = tuple(
        ChartSlot(runs[start_s], failures[start_s], quantile_ms(took.get(start_s, {}), 0.95))
        for start_s in range(end_s - SLOTS_S, end_s, SLOT_S)
    )
    return PanelChart(end_s, slots, durations)
