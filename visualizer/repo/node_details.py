"""Reading what SQL holds of one node: its activities, their last minute, quarter hour and failures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import groupby

from django.db.models import Count, Max

from collector.lib.log_buckets import merge_counts, quantile_ms
from collector.models.activity import ActivityKey
from visualizer.models.live import ActivityStats
from visualizer.models.node_details import SLOTS_S, FailureGroup, NodeDetails, SampledRun, ServerShare
from visualizer.repo.histograms import decode_histogram
from visualizer.repo.models import Activity, Failure, SampledEntry
from visualizer.repo.windows import add_row, minute_rows, read_quarter

#: Failures looked at, and causes shown.
_FAILURES = 50
_CAUSES = 5
#: Sampled entries shown.
_SAMPLES = 10
_KEY_COLUMNS = ("pk", "app", "plugin", "event", "kind", "stream", "queue", "consumer_group")
#: Ids of one question.
_AT_ONCE = 500


def read_keys() -> Mapping[int, ActivityKey]:
    """Every activity that was ever seen, by its id."""
    return {row[0]: ActivityKey(*row[1:]) for row in Activity.objects.values_list(*_KEY_COLUMNS)}


def read_keys_of(ids: Collection[int]) -> Mapping[int, ActivityKey]:
    """Those of these activities that there are, by their ids: most of many are silent at any time."""
    wanted, found = sorted(ids), dict[int, ActivityKey]()
    for at in range(0, len(wanted), _AT_ONCE):
        rows = Activity.objects.filter(pk__in=wanted[at : at + _AT_ONCE]).values_list(*_KEY_COLUMNS)
        found |= {row[0]: ActivityKey(*row[1:]) for row in rows}
    return found


def read_keys_stamp() -> str:
    """Changes with read_keys()."""
    # The number, too: of two rollups the one that took the lower id may be the one that commits later.
    told = Activity.objects.aggregate(count=Count("pk"), newest=Max("pk"))
    return f"{told['count']}.{told['newest'] or 0}"


def read_first_seen() -> Mapping[int, int]:
    """When each activity was first counted, unix second, by its id."""
    return dict(Activity.objects.values_list("pk", "first_seen_s"))


def read_node_details(
    keys: Mapping[int, ActivityKey], belongs: Callable[[ActivityKey], bool], *, waits: bool, now_s: float
) -> NodeDetails:
    """
    The details of those activities for which `belongs` is true.

    Args:
        waits: of a stream: how long messages waited counts, not how long their runs took.
        now_s: unix time; the last 60 s and 15 min end there.
    """
    wanted = {pk: key for pk, key in keys.items() if belongs(key)}
    if not wanted:
        return NodeDetails()
    activities, servers = _last_minute(wanted, int(now_s))
    return NodeDetails(
        activities=activities,
        servers=servers,
        chart=read_quarter(list(wanted), waits=waits, now_s=int(now_s)),
        failures=read_failures(list(wanted)),
        samples=read_samples(list(wanted), until_s=now_s),
        activity_ids=tuple(wanted),
        seen=True,
    )


def _last_minute(
    wanted: Mapping[int, ActivityKey], now_s: int
) -> tuple[tuple[ActivityStats, ...], tuple[ServerShare, ...]]:
    stats = {pk: ActivityStats(key=key, durations={}, stream_ages={}) for pk, key in wanted.items()}
    runs, failed = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    took = defaultdict[tuple[str, str], dict[int, int]](dict)
    for row in minute_rows(wanted, now_s).select_related("server"):
        add_row(stats[row.activity_id], row, now_s)
        server = row.server.host_name, row.server.pid
        runs[server] += row.done + row.failed + row.ignored
        failed[server] += row.failed
        merge_counts(took[server], decode_histogram(row.durations))
    shares = (
        ServerShare(*server, count, failed[server], quantile_ms(took[server], 0.95))
        for server, count in runs.most_common()
        if count > 0
    )
    return tuple(stats.values()), tuple(shares)


def read_failures(activity_ids: Sequence[int], *, until_s: float | None = None) -> tuple[FailureGroup, ...]:
    """The newest by cause, the newest cause first; of those until a time, if given."""
    rows = Failure.objects.filter(activity__in=activity_ids)
    rows = rows if until_s is None else rows.filter(timestamp_s__lte=until_s)
    newest = list(rows.select_related("server").order_by("-timestamp_s", "-pk")[:_FAILURES])
    by_cause = sorted(newest, key=lambda failure: failure.cause)
    groups = [list(group) for _, group in groupby(by_cause, key=lambda failure: failure.cause)]
    groups.sort(key=lambda group: -group[0].timestamp_s)
    return tuple(_group(group[0], len(group)) for group in groups[:_CAUSES])


def read_samples(activity_ids: Sequence[int], *, until_s: float) -> tuple[SampledRun, ...]:
    """The newest of the SLOTS_S before a time."""
    # No further back: the index is by time, and an activity that ran long ago would have all of it looked through.
    rows = SampledEntry.objects.filter(timestamp_s__range=(until_s - SLOTS_S, until_s), activity__in=activity_ids)
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
