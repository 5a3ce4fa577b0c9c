"""Reading the history of some activities in steps, as far as its buckets go back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from collector.lib.log_buckets import merge_counts
from visualizer.core.node_state import rounded_quantiles
from visualizer.models.api_node import SeriesPoint
from visualizer.repo.histograms import decode_histogram
from visualizer.repo.models import Bucket

#: Seconds of the buckets of which a step is made.
WIDTH_S = 10
#: Bucket begins named in one query: its index is by time first, and by activity then.
_STARTS = 500


def read_series(
    activity_ids: Collection[int], *, since_s: int, until_s: int, step_s: int, waits: bool
) -> Sequence[SeriesPoint]:
    """
    The steps from since_s to until_s, oldest first, empty ones too.

    Args:
        since_s, until_s: multiples of step_s.
        step_s: 1 (kept for FINE_S only), or a multiple of WIDTH_S.
        waits: of how long messages waited, not how long their runs took.
    """
    width_s = WIDTH_S if step_s >= WIDTH_S else 1
    counts = defaultdict[int, list[int]](lambda: [0, 0, 0, 0])
    took = defaultdict[int, dict[int, int]](dict)
    starts = range(since_s, until_s, width_s)
    for at in range(0, len(starts), _STARTS):
        rows = Bucket.objects.filter(
            width_s=width_s, start_s__in=list(starts[at : at + _STARTS]), activity__in=list(activity_ids)
        ).values_list("start_s", "started", "done", "failed", "ignored", "stream_ages" if waits else "durations")
        for start_s, *numbers, histogram in rows.iterator():
            step = start_s // step_s * step_s
            counts[step] = [before + more for before, more in zip(counts[step], numbers, strict=True)]
            merge_counts(took[step], decode_histogram(histogram))
    return [_point(step, counts[step], took[step]) for step in range(since_s, until_s, step_s)]


def _point(at_s: int, counts: Sequence[int], took: dict[int, int]) -> SeriesPoint:
    started, done, failed, ignored = counts
    p50, p95 = rounded_quantiles(took, (0.5, 0.95))
    return SeriesPoint(at=at_s, started=started, done=done, failed=failed, ignored=ignored, p50=p50, p95=p95)
