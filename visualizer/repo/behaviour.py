"""How activities behaved in a while, from history."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

from collector.lib.log_buckets import merge_counts, quantile_ms
from collector.models.activity import Status
from collector.models.resolution import WRITTEN_S, Resolution
from visualizer.core.history_steps import finest_kept
from visualizer.core.slot_sums import summed
from visualizer.models.topology_diff import Behaviour
from visualizer.repo.history_slots import read_slots


def read_behaviour(
    nodes: Mapping[str, Collection[int]],
    *,
    streams: Collection[str],
    since_s: float,
    until_s: float,
    resolutions: Sequence[Resolution],
    now_s: float,
) -> dict[str, Behaviour]:
    """
    Node id → what its activities did in [since_s, until_s), to 10 s; to wider buckets where only such are kept.

    Args:
        nodes: node id → ids of its activities; a node without any is left out.
        streams: node ids of which waits count, not durations.
    """
    width_s = max(WRITTEN_S[-1], finest_kept(resolutions, since_s, now_s=now_s))
    start_s, end_s = int(since_s) // width_s * width_s, int(until_s)
    if width_s > WRITTEN_S[-1]:
        end_s -= end_s % width_s
    wanted = {activity for activities in nodes.values() for activity in activities}
    if not wanted or end_s <= start_s:
        return {}
    slots = read_slots(resolutions, width_s, from_s=start_s, until_s=end_s, activities=wanted)
    runs, failures = Counter[int](), Counter[int]()
    took, waited = (defaultdict[int, dict[int, int]](dict) for _ in range(2))
    for (_, activity, _), counts in summed(slots, width_s=end_s - start_s, from_s=start_s, over_servers=True):
        runs[activity] += counts.ended
        failures[activity] += counts.statuses[Status.FAILED]
        merge_counts(took[activity], counts.durations)
        merge_counts(waited[activity], counts.stream_ages)
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
