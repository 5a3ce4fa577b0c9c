"""Reading what SQL holds of some activities as of a time that is over: as repo/node_details.py, but for then."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from collector.lib.log_buckets import merge_counts, quantile_ms
from collector.models.activity import ActivityKey, Status
from collector.models.resolution import Resolution
from visualizer.core.activities_before import activities_before
from visualizer.core.slot_sums import summed
from visualizer.core.slot_table import SlotTable
from visualizer.models.live import ActivityStats
from visualizer.models.node_details import ChartSlot, NodeDetails, PanelChart, ServerShare
from visualizer.models.told_then import ToldThen
from visualizer.repo.history_series import read_series
from visualizer.repo.history_slots import read_slots
from visualizer.repo.models import Activity, SeenServer
from visualizer.repo.node_details import read_failures, read_samples


def read_past_minute(
    resolutions: Sequence[Resolution], wanted: Mapping[int, ActivityKey], then: ToldThen
) -> tuple[ActivityStats, ...]:
    """
    Each activity in the time the numbers are of. `pending` is not known to history: 0.

    Raises:
        ValueError: a block of history is damaged.
    """
    return _stats(_slots(resolutions, wanted, then), wanted, then)


def read_past_chart(
    resolutions: Sequence[Resolution],
    wanted: Mapping[int, ActivityKey],
    then: ToldThen,
    minute: Collection[ActivityStats],
    *,
    waits: bool,
    now_s: float,
) -> PanelChart:
    """
    The time around the moment, and how long what the numbers are of took.

    Args:
        minute: read_past_minute.
        waits: how long messages waited counts, not how long their runs took.

    Raises:
        ValueError: a block of history is damaged.
    """
    since_s, until_s = then.chart_from_s, then.chart_until_s
    series = read_series(resolutions, list(wanted), since_s=since_s, until_s=until_s, now_s=now_s, waits=waits)
    durations: dict[int, int] = {}
    for stats in minute:
        merge_counts(durations, stats.stream_ages if waits else stats.durations)
    # The slot that is still being filled is left out: it would always look like a fall.
    over = [point for place, point in enumerate(series.points, 1) if series.from_s + place * series.step_s <= now_s]
    slots = tuple(ChartSlot(point.ended, point.failed, point.p95_ms) for point in over)
    end_s = series.from_s + len(over) * series.step_s
    return PanelChart(end_s, slots, durations, slot_s=series.step_s, at_s=then.at_s)


def read_past_details(
    resolutions: Sequence[Resolution],
    wanted: Mapping[int, ActivityKey],
    then: ToldThen,
    *,
    waits: bool,
    now_s: float,
) -> NodeDetails:
    """
    What read_node_details tells of now, as of then: failures and samples as far as they were known.

    Raises:
        ValueError: a block of history is damaged.
    """
    if not wanted:
        return NodeDetails()
    ids, slots = list(wanted), _slots(resolutions, wanted, then)
    minute = _stats(slots, wanted, then)
    known = Activity.objects.filter(pk__in=ids, first_seen_s__lte=then.at_s).exists()
    return NodeDetails(
        activities=minute,
        servers=_shares(slots, width_s=then.until_s - then.from_s, from_s=then.from_s),
        chart=read_past_chart(resolutions, wanted, then, minute, waits=waits, now_s=now_s),
        failures=read_failures(ids, until_s=then.at_s),
        samples=read_samples(ids, until_s=then.at_s),
        activity_ids=tuple(ids),
        # A backlog is counted long after it was written.
        seen=known or any(stats.started or stats.done or stats.failed or stats.ignored for stats in minute),
    )


def _slots(resolutions: Sequence[Resolution], wanted: Collection[int], then: ToldThen) -> SlotTable:
    return read_slots(resolutions, then.width_s, from_s=then.from_s, until_s=then.until_s, activities=list(wanted))


def _stats(slots: SlotTable, wanted: Mapping[int, ActivityKey], then: ToldThen) -> tuple[ActivityStats, ...]:
    """As repo/windows.read_minute: those that did nothing are there too."""
    found = activities_before(slots, wanted, width_s=then.width_s, from_s=then.from_s, until_s=then.until_s)
    by_key = {stats.key: stats for stats in found}
    return tuple(by_key.get(key) or ActivityStats(key=key, durations={}, stream_ages={}) for key in wanted.values())


def _shares(slots: SlotTable, *, width_s: int, from_s: int) -> tuple[ServerShare, ...]:
    """By running process, the busiest first."""
    of_servers = [
        (server, counts)
        for (_, _, server), counts in summed(slots, width_s=width_s, from_s=from_s, over_activities=True)
        if counts.ended
    ]
    named = SeenServer.objects.in_bulk([server for server, _ in of_servers])
    shares = [
        ServerShare(
            named[server].host_name,
            named[server].pid,
            counts.ended,
            counts.statuses[Status.FAILED],
            quantile_ms(counts.durations, 0.95),
        )
        for server, counts in of_servers
        if server in named
    ]
    return tuple(sorted(shares, key=lambda share: -share.runs))
