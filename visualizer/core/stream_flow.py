"""Activities of a stream → what went into it and out of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from collector.models.activity import PUBLISH, ActivityKey
from visualizer.core.wait_trend import wait_trend
from visualizer.models.live import STATE_WINDOW_S, ActivityStats
from visualizer.models.node_id import AUTO, activity_event_id, activity_stream_id, stream_id
from visualizer.models.stream_flow import StreamFlow

#: Steps of the window in which the wait is looked at.
STEP_S = 5


def writes_to(key: ActivityKey, stream: str, *, queues: Collection[str], view: str) -> bool:
    """Does the activity write to the stream (a node id)? Args: queues: only to these; empty: to any."""
    here = key.kind == PUBLISH and stream_id(stream=key.stream, queue=key.queue, view=view) == stream
    return here and _is_among(key, queues)


def reads_from(key: ActivityKey, stream: str, *, queues: Collection[str], reader: str, view: str) -> bool:
    """Does it read from it? Args: queues: as of writes_to. reader: only as this event (a node id); "": as any."""
    here = activity_stream_id(key, view=view) == stream and _is_among(key, queues)
    return here and (not reader or activity_event_id(key, view=view) == reader)


def stream_flow(
    written: Collection[ActivityStats],
    read: Iterable[ActivityStats],
    waits: Sequence[Mapping[int, int]],
    *,
    window_s: int = STATE_WINDOW_S,
) -> StreamFlow:
    """
    Args:
        written: the last window_s of the activities that write.
        read: of those that read.
        waits: wait bucket → count, a step of STEP_S each, oldest first.
    """
    groups: dict[str, int] = {}
    for stats in read:
        group = stats.key.consumer_group
        groups[group] = groups.get(group, 0) + stats.started
    return StreamFlow(
        window_s=window_s,
        written=sum(stats.done for stats in written) if written else None,
        read=dict(sorted(groups.items())),
        trend=wait_trend(waits, step_s=STEP_S),
    )


def _is_among(key: ActivityKey, queues: Collection[str]) -> bool:
    return not queues or (key.queue or AUTO) in queues
