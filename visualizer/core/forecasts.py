"""When a queue is drained and when it overflows, if all goes on as in the last minute."""

from __future__ import annotations

from collector.models.broker import POLL_EVERY_S, BrokerGroup, BrokerStream
from visualizer.models.stream_depth import IN, NEVER, NO_LIMIT, NOW, UNKNOWN, Forecast

#: A shorter look back is one burst.
_LEAST_WINDOW_S = 2 * POLL_EVERY_S
#: In and out that differ by less are the same: what they would bring in hours is not known.
_SAME_SHARE = 0.02


def drain_forecast(group: BrokerGroup, stream: BrokerStream) -> Forecast:
    """When nothing waits for the group any more."""
    if group.waiting == 0:
        return Forecast(NOW)
    grows_per_s = _growth_per_s(group, stream)
    if group.waiting is None or grows_per_s is None:
        return Forecast(UNKNOWN)
    return Forecast(IN, group.waiting / -grows_per_s) if grows_per_s < 0 else Forecast(NEVER)


def overflow_forecast(group: BrokerGroup, stream: BrokerStream, *, most_messages: int | None) -> Forecast:
    """
    When what waits for the group is as much as the stream may hold: from then on it is trimmed unread.

    Args:
        most_messages: that the stream may hold; 0: without a limit; None: not known.
    """
    if most_messages == 0:
        return Forecast(NO_LIMIT)
    if most_messages is None or group.waiting is None:
        return Forecast(UNKNOWN)
    if group.waiting >= most_messages:
        return Forecast(NOW)
    grows_per_s = _growth_per_s(group, stream)
    if grows_per_s is None:
        return Forecast(UNKNOWN)
    return Forecast(IN, (most_messages - group.waiting) / grows_per_s) if grows_per_s > 0 else Forecast(NEVER)


def _growth_per_s(group: BrokerGroup, stream: BrokerStream) -> float | None:
    """By how much more what waits grows; 0 for hardly; None: not known."""
    if stream.added is None or group.read is None or stream.window_s < _LEAST_WINDOW_S:
        return None
    more = stream.added - group.read
    return 0.0 if abs(more) <= _SAME_SHARE * max(stream.added, group.read) else more / stream.window_s
