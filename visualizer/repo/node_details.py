"""Reading what SQL holds of one node: its activities, their last minute, quarter hour and failures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from django.db.models import Sum

from collector.lib.log_buckets import merge_counts
from collector.models.activity import ActivityKey
from visualizer.models.live import RATE_WINDOW_S, STATE_WINDOW_S, ActivityStats
from visualizer.models.node_details import SLOT_S, SLOTS_S, FailureGroup, NodeDetails, SampledRun, ServerShare
from visualizer.repo.histograms import decode_histogram
from visualizer.repo.models import Activity, Bucket, Failure, SampledEntry

#: Failures looked at, and causes shown.
_FAILURES = 50
_CAUSES = 5
#: Sampled entries shown.
_SAMPLES = 10


def read_node_details(belongs: Callable[[ActivityKey], bool], *, now_s: float) -> NodeDetails:
    """
    The details of the activities for which `belongs` is true.

    Args:
        now_s: unix time; the last 60 s and 15 min end there.
    """
    keys = {
        row[0]: ActivityKey(*row[1:])
        for row in Activity.objects.values_list(
            "pk", "app", "plugin", "event", "kind", "stream", "queue", "consumer_group"
        )
    }
    wanted = {pk: key for pk, key in keys.items() if belongs(key)}
    if not wanted:
        return NodeDetails(slots=((0, 0),) * (SLOTS_S // SLOT_S))
    activities, servers = _last_minute(wanted, int(now_s))
    return NodeDetails(
        activities=activities,
        servers=servers,
        slots=_slots(list(wanted), int(now_s)),
        failures=_failures(list(wanted)),
        samples=_samples(list(wanted), now_s),
        activity_ids=tuple(wanted),
        seen=True,
    )


def _last_minute(
    wanted: Mapping[int, ActivityKey], now_s: int
) -> tuple[tuple[ActivityStats, ...], tuple[ServerShare, ...]]:
    stats = {pk: ActivityStats(key=key) for pk, key in wanted.items()}
    runs, failed = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    rows = Bucket.objects.filter(width_s=1, start_s__gt=now_s - STATE_WINDOW_S, activity__in=list(wanted))
    for row in rows.select_related("server"):
        part = stats[row.activity_id]
        part.started += row.started
        part.done += row.done
        part.failed += row.failed
        part.ignored += row.ignored
        part.last_s = max(part.last_s, row.start_s)
        ended = row.done + row.failed + row.ignored
        if row.start_s > now_s - RATE_WINDOW_S:
            part.recent += ended
        merge_counts(part.durations, decode_histogram(row.durations))
        merge_counts(part.stream_ages, decode_histogram(row.stream_ages))
        runs[row.server.host_name, row.server.pid] += max(ended, 0)
        failed[row.server.host_name, row.server.pid] += row.failed
    shares = (ServerShare(*server, count, failed[server]) for server, count in runs.most_common() if count)
    return tuple(stats.values()), tuple(shares)


def _slots(activity_ids: Sequence[int], now_s: int) -> tuple[tuple[int, int], ...]:
    # The slot that is still being filled is left out: it would always look like a fall.
    end_s = now_s // SLOT_S * SLOT_S
    rows = (
        Bucket.objects.filter(width_s=SLOT_S, start_s__gte=end_s - SLOTS_S, start_s__lt=end_s)
        .filter(activity__in=activity_ids)
        .values("start_s")
        .annotate(ended=Sum("done") + Sum("failed") + Sum("ignored"), failures=Sum("failed"))
    )
    found = {row["start_s"]: (row["ended"], row["failures"]) for row in rows}
    return tuple(found.get(start_s, (0, 0)) for start_s in range(end_s - SLOTS_S, end_s, SLOT_S))


def _failures(activity_ids: Sequence[int]) -> tuple[FailureGroup, ...]:
    newest = list(
        Failure.objects.filter(activity__in=activity_ids)
        .select_related("server")
        .order_by("-timestamp_s", "-pk")[:_FAILURES]
    )
    by_cause = sorted(newest, key=lambda failure: failure.cause)
    groups = [list(group) for _, group in groupby(by_cause, key=lambda failure: failure.cause)]
    groups.sort(key=lambda group: -group[0].timestamp_s)
    return tuple(_group(group[0], len(group)) for group in groups[:_CAUSES])


def _samples(activity_ids: Sequence[int], now_s: float) -> tuple[SampledRun, ...]:
    # No further back: the index is by time, and an activity that ran long ago would have all of it looked through.
    rows = SampledEntry.objects.filter(timestamp_s__gte=now_s - SLOTS_S, activity__in=activity_ids)
    return tuple(
        SampledRun(
            timestamp_s=row.timestamp_s,
            status=row.status,
            duration_ms=row.duration_ms,
            host_name=row.server.host_name,
            pid=row.server.pid,
            request_id=row.request_id,
            operation_id=row.operation_id,
        )
        for row in rows.select_related("server").order_by("-timestamp_s")[:_SAMPLES]
    )


def _group(newest: Failure, count: int) -> FailureGroup:
    return FailureGroup(
        cause=newest.cause,
        count=count,
        timestamp_s=newest.timestamp_s,
        host_name=newest.server.host_name,
        pid=newest.server.pid,
        traceback=newest.traceback,
        request_id=newest.request_id,
        operation_id=newest.operation_id,
        message_id=newest.message_id,
    )
