"""What brokers say → StreamDepth: the queues of one drawn stream with their forecasts."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from collector.models.broker import FRESH_FOR_S, BrokerAnswer, BrokerStream
from collector.models.host import ALIVE
from visualizer.core.forecasts import drain_forecast, overflow_forecast
from visualizer.models.blast import Refill
from visualizer.models.stream_depth import GroupDepth, QueueDepth, StreamDepth
from visualizer.models.trouble import InStream


def stream_depth(
    answers: Collection[BrokerAnswer],
    keys: Iterable[str],
    *,
    declared: Collection[str],
    seen: Collection[str] = (),
    only: Collection[str] = (),
    most_messages: int | None,
    now_s: float,
) -> StreamDepth:
    """
    Args:
        keys: of the queues in question.
        declared: consumer groups that are declared to read it.
        seen: those that lines name.
        only: leave all other groups away, unless it is empty.
        most_messages: that each queue may hold; 0: without a limit; None: not known.
    """
    wanted, queues = list(keys), list[QueueDepth]()
    for answer in answers:
        ago_s = now_s - answer.answered_s
        is_fresh = answer.status == ALIVE and ago_s <= FRESH_FOR_S
        for stream in answer.streams:
            if stream.name in wanted:
                groups = _groups(stream, declared=declared, seen=seen, only=only, most_messages=most_messages)
                queues.append(QueueDepth(answer.url, stream, max(0.0, ago_s), is_fresh, most_messages, groups))
    queues.sort(key=lambda queue: (queue.told.name, queue.broker))
    there = {group.name for queue in queues for group in queue.told.groups}
    expected = [group for group in sorted(declared) if not only or group in only]
    is_told = bool(queues) and all(queue.is_fresh for queue in queues)
    missing = tuple(group for group in expected if group not in there) if is_told else ()
    return StreamDepth(bool(answers), tuple(queues), missing)


def held_in_stream(depth: StreamDepth) -> dict[str, InStream]:
    """Consumer group → how many of the messages it has not dealt with are still there; of all queues together."""
    held = dict[str, InStream]()
    for queue, group in depth.groups:
        told, before = group.told, held.get(group.told.name, InStream(0, True))
        most = queue.told.length if told.at_most is None else told.at_most + told.pending
        here = most if told.waiting is None else told.waiting + told.pending
        held[told.name] = InStream(before.most + here, before.is_exact and told.waiting is not None)
    return held


def refills_of(depth: StreamDepth) -> list[Refill]:
    """How each queue fills when none of its groups reads; of those alone of which the broker tells enough."""
    refills = list[Refill]()
    for queue in depth.queues:
        stream = queue.told
        current = [group.told.waiting for group in queue.groups if group.is_current]
        waiting = [count for count in current if count is not None]
        if queue.is_fresh and stream.added is not None and stream.window_s and len(waiting) == len(current):
            per_s = stream.added / stream.window_s
            refills.append(Refill(most_messages=queue.most_messages, per_s=per_s, waiting=max(waiting, default=0)))
    return refills


def soonest(refill: Refill) -> float:
    """By when it is full; what never is comes last."""
    return float("inf") if refill.overflow_s is None else refill.overflow_s


def _groups(
    stream: BrokerStream,
    *,
    declared: Collection[str],
    seen: Collection[str],
    only: Collection[str],
    most_messages: int | None,
) -> tuple[GroupDepth, ...]:
    # Where configs tell who reads, one that lines have named once, and that reads no more, is left behind.
    current = declared or seen
    return tuple(
        GroupDepth(
            told=group,
            is_known=group.name in declared or group.name in seen,
            is_current=group.name in current or bool(group.read),
            drain=drain_forecast(group, stream),
            overflow=overflow_forecast(group, stream, most_messages=most_messages),
        )
        for group in sorted(stream.groups, key=lambda group: (group.name not in current, not group.read, group.name))
        if not only or group.name in only
    )
