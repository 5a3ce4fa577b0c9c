"""What was counted → how much of what passes over each line of a graph (core/blast.py: Shares)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from collector.models.activity import CALL, EXTERNAL, PUBLISH, ActivityKey
from visualizer.core.blast import Shares
from visualizer.models.node_id import activity_event_id, activity_stream_id, stream_id
from visualizer.models.topology import WRITE, Edge

_OUTGOING = (CALL, PUBLISH, EXTERNAL)


def traffic_shares(
    runs: Mapping[ActivityKey, int],
    calls: Mapping[tuple[ActivityKey, ActivityKey], int],
    edges: Iterable[Edge],
    *,
    view: str,
) -> Shares:
    """
    Args:
        runs: runs of each activity that ended.
        calls: (caller, callee) → how often; a callee of kind "publish" is a message that was written.
    """
    of_node, passed = Counter[str](), Counter[tuple[str, str]]()
    for key, count in runs.items():
        if key.kind in _OUTGOING:
            continue
        event, stream = activity_event_id(key, view=view), activity_stream_id(key, view=view)
        of_node[event] += count
        if stream:
            passed[stream, event] += count
    shares = {(stream, event): count / of_node[event] for (stream, event), count in passed.items() if count}
    written = Counter[tuple[str, str]]()
    for (caller, callee), count in calls.items():
        source = activity_event_id(caller, view=view)
        if callee.kind == PUBLISH:
            written[source, stream_id(stream=callee.stream, queue=callee.queue, view=view)] += count
        elif count and of_node[source]:
            called = (source, activity_event_id(callee, view=view))
            shares[called] = min(1.0, shares.get(called, 0.0) + count / of_node[source])
    return shares | _write_shares(written, edges)


def _write_shares(written: Mapping[tuple[str, str], int], edges: Iterable[Edge]) -> dict[tuple[str, str], float]:
    """hopeit's lines do not tell who wrote: where one alone may, it was that one."""
    writers, of_stream = defaultdict[str, set[str]](set), Counter[str]()
    seen = set()
    for edge in edges:
        if edge.kind == WRITE:
            writers[edge.target].add(edge.source)
            if edge.observed:
                seen.add(edge.target)
    for (_, stream), count in written.items():
        of_stream[stream] += count
    alone = {
        (next(iter(names)), stream): 1.0 for stream, names in writers.items() if len(names) == 1 and stream in seen
    }
    return alone | {(source, stream): n / of_stream[stream] for (source, stream), n in written.items() if n}
