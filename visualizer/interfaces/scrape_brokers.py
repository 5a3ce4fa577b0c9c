"""What brokers say, for /metrics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import redis

from collector.models.broker import FRESH_FOR_S, BrokerGroup
from collector.models.host import ALIVE
from visualizer.core.source_labels import label_sources, source_label
from visualizer.repo.brokers import read_brokers


def broker_values(client: redis.Redis, now_s: float) -> Iterator[tuple[str, Mapping[tuple[str, ...], float]]]:
    """
    Name of a family, its values by labels. What is not known, and what was told too long ago, has no value. Of more
    streams than have labels, those in which most waits are told.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    answers = read_brokers(client)
    fresh = [each for each in answers if each.status == ALIVE and now_s - each.answered_s <= FRESH_FOR_S]
    streams = [stream for answer in fresh for stream in answer.streams]
    waits = {each.name: max((group.waiting or 0 for group in each.groups), default=0) for each in streams}
    labels = label_sources(waits)
    told = [(labels[stream.name], stream) for stream in streams if stream.name in labels]
    groups: list[tuple[tuple[str, ...], BrokerGroup]] = [
        ((label, source_label(group.name)), group) for label, stream in told for group in stream.groups
    ]
    yield "eventscope_broker_up", {(source_label(answer.url),): float(answer in fresh) for answer in answers}
    yield "eventscope_stream_length", {(label,): float(stream.length) for label, stream in told}
    waiting = {key: float(group.waiting) for key, group in groups if group.waiting is not None}
    yield "eventscope_stream_waiting", waiting
    yield "eventscope_stream_pending", {key: float(group.pending) for key, group in groups}
    yield "eventscope_stream_stuck_consumers", {key: float(group.stuck_count) for key, group in groups}
