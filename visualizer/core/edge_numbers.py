"""What passes between two nodes, from the activities of the one that is called or reads."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from collector.lib.log_buckets import merge_counts
from collector.models.activity import ActivityKey
from visualizer.core.node_state import per_second, rounded_quantiles
from visualizer.models.live import ActivityStats
from visualizer.models.node_id import AUTO, EXPANDED, activity_event_id, activity_stream_id
from visualizer.models.node_id import REQUEST as REQUEST_KIND
from visualizer.models.topology import READ, REQUEST, WRITE, Edge


@dataclass(frozen=True, slots=True)
class EdgeNumbers:
    """The last 60 s of what passes over an edge or, where lines do not tell that, of what it leads to."""

    #: Runs per second over the last 10 s; None when lines do not tell what comes this way.
    rate: float | None
    #: Runs that ended, and that failed.
    ended: int
    failed: int
    #: Durations of the callee's runs, ms.
    p50: float | None
    p95: float | None
    #: How long messages waited, ms; None but for streams.
    wait_p50: float | None
    wait_p95: float | None
    #: Is all of this known to have come this way, or the callee's as a whole?
    exact: bool

    @property
    def failed_percent(self) -> float | None:
        """Share of the runs that failed; None without runs."""
        return 100 * self.failed / self.ended if self.ended else None


def passes(edge: Edge, key: ActivityKey, *, view: str, entered: Collection[str] = ()) -> bool:
    """
    Do the runs of an activity tell how the edge does?

    Args:
        entered: ids of the events to which the edge's target is the entry.
    """
    event = activity_event_id(key, view=view)
    if edge.kind == READ:
        here = event == edge.target and activity_stream_id(key, view=view) == edge.source
        # In the expanded view the stream's id already names the queue.
        return here and (view == EXPANDED or (edge.label or AUTO) == (key.queue or AUTO))
    if edge.kind == WRITE:
        return activity_stream_id(key, view=view) == edge.target
    if edge.kind == REQUEST:
        return key.kind == REQUEST_KIND and event == edge.target
    return event == edge.target or (key.kind == REQUEST_KIND and event in entered)


def edge_numbers(edges: Collection[Edge], parts: Iterable[ActivityStats]) -> EdgeNumbers:
    """The numbers of the edges between two nodes, from the activities that pass over any of them."""
    ended = failed = recent = 0
    durations, waits = dict[int, int](), dict[int, int]()
    for part in parts:
        ended += part.done + part.failed + part.ignored
        failed += part.failed
        recent += part.recent
        merge_counts(durations, part.durations)
        merge_counts(waits, part.stream_ages)
    exact = all(edge.kind in (READ, REQUEST) for edge in edges)
    if any(edge.kind == WRITE for edge in edges):
        # How the readers of what is written fare is no matter of the writer; how long it lies there is.
        ended, failed, durations = 0, 0, {}
    p50, p95 = rounded_quantiles(durations, (0.50, 0.95))
    wait_p50, wait_p95 = rounded_quantiles(waits, (0.50, 0.95)) if _is_of_stream(edges) else (None, None)
    rate = per_second(recent) if exact else None
    return EdgeNumbers(rate, ended, failed, p50, p95, wait_p50, wait_p95, exact)


def _is_of_stream(edges: Collection[Edge]) -> bool:
    return any(edge.kind in (READ, WRITE) for edge in edges)
