"""The state of a broker after a round of questions."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from collector.core.broker_stream import make_broker_stream
from collector.core.stream_flows import StreamFlows
from collector.models.broker import BrokerAnswer, BrokerPoll, BrokerStream
from collector.models.host import ALIVE, ERROR


def make_broker_answer(
    poll: BrokerPoll, *, before: BrokerAnswer | None, flows: StreamFlows, url: str, position: int, at_s: float
) -> BrokerAnswer:
    """
    The new state. While a broker fails, what it told last stays, with when that was.

    Args:
        before: its state until now.
        flows: what was seen of its streams; the poll is added to it.
        at_s: unix time of the poll, seconds.
    """
    status = ERROR if poll.reason else ALIVE
    since_s = before.since_s if before is not None and before.status == status else at_s
    kept = before or BrokerAnswer(url=url, position=position, status=status, since_s=at_s, polled_s=at_s)
    state = replace(kept, url=url, position=position, status=status, reason=poll.reason, since_s=since_s, polled_s=at_s)
    if poll.reason:
        return state
    return replace(
        state,
        answered_s=at_s,
        latency_ms=poll.latency_ms,
        version=poll.version,
        streams=flows.add(_streams(poll, kept, at_s), at_s=poll.at_s),
        refused=poll.refused,
        left_out=poll.left_out,
    )


def has_other_names(before: BrokerAnswer | None, after: BrokerAnswer) -> bool:
    """Whether whoever draws the graph has something to do."""
    return before is None or before.lasting != after.lasting


def _streams(poll: BrokerPoll, before: BrokerAnswer, at_s: float) -> Iterator[BrokerStream]:
    since_s = {stream.name: stream.since_s for stream in before.streams}
    for reply in poll.streams:
        yield replace(make_broker_stream(reply, at_s=poll.at_s), since_s=since_s.get(reply.name, at_s))
