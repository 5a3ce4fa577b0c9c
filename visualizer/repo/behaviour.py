"""How activities behaved in a while, from the 10 s buckets of history."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping

from collector.lib.log_buckets import merge_counts, quantile_ms
from visualizer.models.topology_diff import Behaviour
from visualizer.repo.histograms import decode_histogram
from visualizer.repo.models import Bucket

_WIDTH_S = 10


def read_behaviour(
    nodes: Mapping[str, Collection[int]], *, streams: Collection[str], since_s: float, until_s: float
) -> dict[str, Behaviour]:
    """
    With one query: node id → what its activities did in [since_s, until_s), to 10 s.

    Args:
        nodes: node id → ids of its activities; a node without any is left out.
        streams: node ids of which waits count, not durations.
    """
    start_s, end_s = int(since_s) // _WIDTH_S * _WIDTH_S, int(until_s)
    wanted = {activity for activities in nodes.values() for activity in activities}
    if not wanted or end_s <= start_s:
        return {}
    rows = Bucket.objects.filter(
        width_s=_WIDTH_S, start_s__gte=start_s, start_s__lt=end_s, activity__in=list(wanted)
    ).values_list("activity_id", "done", "failed", "ignored", "durations", "stream_ages")
    runs, failures = Counter[int](), Counter[int]()
    took, waited = (defaultdict[int, dict[int, int]](dict) for _ in range(2))
    for activity, done, failed, ignored, durations, stream_ages in rows.iterator():
        runs[activity] += done + failed + ignored
        failures[activity] += failed
        merge_counts(took[activity], decode_histogram(durations))
        merge_counts(waited[activity], decode_histogram(stream_ages))
    found = {}
    for node, activities in nodes.items():
        measured: dict[int, int] = {}
        for activity in activities:
            merge_counts(measured, (waited if node in streams else took).get(activity, {}))
        if activities:
            found[node] = Behaviour(
                window_s=end_s - start_s,
                runs=sum(runs[activity] for activity in activities),
                failed=sum(failures[activity] for activity in activities),
                p95_ms=quantile_ms(measured, 0.95),
            )
    return found
