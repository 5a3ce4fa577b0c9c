"""What brokers say of the queues of a stream, as the API answers it."""

from __future__ import annotations

from visualizer.models.api_node import Forecast, Queue, QueueGroup
from visualizer.models.stream_depth import IN, NOW, GroupDepth, StreamDepth
from visualizer.models.stream_depth import Forecast as DepthForecast


def queues(depth: StreamDepth | None) -> tuple[Queue, ...]:
    """Those of now; empty for what is no stream, and where no broker tells."""
    return tuple(
        Queue(
            key=queue.told.name,
            broker=queue.broker,
            length=queue.told.length,
            written=queue.told.added,
            window_s=round(queue.told.window_s, 1),
            most_messages=queue.most_messages,
            groups=tuple(_group(group) for group in queue.groups),
        )
        for queue in (depth.queues if depth else ())
        if queue.is_fresh
    )


def _group(group: GroupDepth) -> QueueGroup:
    told = group.told
    return QueueGroup(
        name=told.name,
        is_known=group.is_known,
        is_current=group.is_current,
        waiting=told.waiting,
        oldest_s=told.oldest_s,
        oldest_is_bound=told.oldest_is_bound,
        pending=told.pending,
        consumers=told.consumers,
        stuck_consumers=told.stuck_count,
        read=told.read,
        trimmed_unread=told.trimmed,
        drain=_forecast(group.drain),
        overflow=_forecast(group.overflow),
    )


def _forecast(forecast: DepthForecast) -> Forecast:
    in_s = forecast.seconds if forecast.when == IN else 0.0 if forecast.when == NOW else None
    return Forecast(when=forecast.when, in_s=None if in_s is None else round(in_s, 1))
