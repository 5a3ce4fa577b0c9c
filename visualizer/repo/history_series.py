"""Reading how activities did over a time, in as many points as a chart shows."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from collector.lib.log_buckets import merge_counts, quantile_ms, quantiles_ms
from collector.models.activity import Status
from collector.models.resolution import WRITTEN_S, Resolution
from visualizer.core.counts import Counts
from visualizer.core.history_steps import MOST_POINTS, Steps, steps_between
from visualizer.core.slot_sums import summed
from visualizer.models.history_series import HistoryPoint, HistorySeries
from visualizer.models.node_details import ChartSlot, PanelChart
from visualizer.repo.history_slots import OF_ALL, read_slots


def read_series(
    resolutions: Sequence[Resolution],
    activities: Collection[int],
    *,
    since_s: float,
    until_s: float,
    now_s: float,
    waits: bool = False,
    most: int = MOST_POINTS,
) -> HistorySeries:
    """
    Some activities together in [since_s, until_s), unix seconds, in `most` points or fewer.

    Args:
        activities: their ids; history_slots.OF_ALL for everything that ran, in steps of a minute or more.
        waits: of how long messages waited, not how long runs took.

    Raises:
        ValueError: a block of history is damaged.
        django.db.DatabaseError: the database does not answer.
    """
    steps = _steps(resolutions, activities, since_s, until_s, now_s=now_s, most=most)
    return _read(resolutions, activities, steps, waits=waits)


def read_beside_earlier(
    resolutions: Sequence[Resolution],
    activities: Collection[int],
    *,
    since_s: float,
    until_s: float,
    back_s: int,
    now_s: float,
    most: int = MOST_POINTS,
) -> tuple[HistorySeries, HistorySeries]:
    """
    The same as read_series, and beside it the same time so many seconds earlier, in the same steps: as fine as both are
    kept. Raises: as read_series.
    """
    earlier = _steps(resolutions, activities, since_s - back_s, until_s - back_s, now_s=now_s, most=most)
    series = [_read(resolutions, activities, steps, waits=False) for steps in (_ahead(earlier, back_s), earlier)]
    return series[0], series[1]


def read_charts_beside_earlier(
    resolutions: Sequence[Resolution],
    activities: Collection[int],
    *,
    since_s: float,
    until_s: float,
    back_s: int,
    now_s: float,
    waits: bool,
) -> tuple[PanelChart, PanelChart]:
    """The same as charts of a panel, each with all that its slots measured. Raises: as read_series."""
    earlier = _steps(resolutions, activities, since_s - back_s, until_s - back_s, now_s=now_s, most=MOST_POINTS)
    charts = [_read_chart(resolutions, activities, steps, waits=waits) for steps in (_ahead(earlier, back_s), earlier)]
    return charts[0], charts[1]


def _ahead(steps: Steps, back_s: int) -> Steps:
    # A width that divides no day: the earlier steps begin by less than a bucket beside the same second.
    ahead_s = back_s - back_s % steps.width_s
    return steps._replace(from_s=steps.from_s + ahead_s, until_s=steps.until_s + ahead_s)


def _steps(
    resolutions: Sequence[Resolution],
    activities: Collection[int],
    since_s: float,
    until_s: float,
    *,
    now_s: float,
    most: int,
) -> Steps:
    # Sums of all are kept from the third on: finer ones would be made from everybody's buckets each time.
    offered = resolutions[len(WRITTEN_S) :] if activities == OF_ALL else resolutions
    return steps_between(offered, since_s, until_s, now_s=now_s, most=most)


def _read(
    resolutions: Sequence[Resolution], activities: Collection[int], steps: Steps, *, waits: bool
) -> HistorySeries:
    points = {
        start_s: _point(counts, waits=waits) for start_s, counts in _read_sums(resolutions, activities, steps).items()
    }
    nothing = HistoryPoint()
    return HistorySeries(
        from_s=steps.from_s,
        until_s=steps.until_s,
        step_s=steps.step_s,
        width_s=steps.width_s,
        points=tuple(points.get(at_s, nothing) for at_s in range(steps.from_s, steps.until_s, steps.step_s)),
    )


def _read_chart(
    resolutions: Sequence[Resolution], activities: Collection[int], steps: Steps, *, waits: bool
) -> PanelChart:
    sums, slots, durations = _read_sums(resolutions, activities, steps), [], dict[int, int]()
    for start_s in range(steps.from_s, steps.until_s, steps.step_s):
        counts = sums.get(start_s) or Counts()
        measured = counts.stream_ages if waits else counts.durations
        slots.append(ChartSlot(counts.ended, counts.statuses[Status.FAILED], quantile_ms(measured, 0.95)))
        merge_counts(durations, measured)
    return PanelChart(steps.until_s, tuple(slots), durations, slot_s=steps.step_s)


def _read_sums(resolutions: Sequence[Resolution], activities: Collection[int], steps: Steps) -> dict[int, Counts]:
    slots = read_slots(resolutions, steps.width_s, from_s=steps.from_s, until_s=steps.until_s, activities=activities)
    sums = summed(slots, width_s=steps.step_s, from_s=steps.from_s, over_servers=True, over_activities=True)
    return {start_s: counts for (start_s, _, _), counts in sums}


def _point(counts: Counts, *, waits: bool) -> HistoryPoint:
    p50_ms, p95_ms = quantiles_ms(counts.stream_ages if waits else counts.durations, (0.5, 0.95))
    return HistoryPoint(
        started=counts.statuses[Status.START],
        ended=counts.ended,
        failed=counts.statuses[Status.FAILED],
        p50_ms=p50_ms,
        p95_ms=p95_ms,
    )
