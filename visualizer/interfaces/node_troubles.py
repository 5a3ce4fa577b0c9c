"""What goes wrong with the messages of a node, for its panel."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence

from collector.models.activity import PUBLISH, ActivityKey
from visualizer.core.stream_depth import held_in_stream
from visualizer.core.troubles import (
    broker_troubles,
    is_on_circle,
    loop_troubles,
    loss_troubles,
    orphan_troubles,
    poison_troubles,
)
from visualizer.interfaces.panel_facts import PanelFacts
from visualizer.interfaces.stream_limits import most_messages
from visualizer.models.node_id import STREAM, stream_id
from visualizer.models.stream_depth import StreamDepth
from visualizer.models.topology import Node
from visualizer.models.trouble import Trouble
from visualizer.repo.repeats import read_ended, read_poison, read_rounds


def find_troubles(
    node: Node,
    facts: PanelFacts,
    activity_ids: Sequence[int],
    keys: Mapping[int, ActivityKey],
    depth: StreamDepth | None = None,
) -> list[Trouble]:
    """Of an event or a stream, the gravest first; of a moment none. Args: depth: what brokers say of a stream."""
    if facts.then:
        return []
    troubles = list(poison_troubles(read_poison(activity_ids), {pk: keys[pk].event for pk in activity_ids}))
    if node.kind == STREAM:
        depth = depth or StreamDepth()
        losses = _losses(node, facts, activity_ids, keys, depth)
        return [*troubles, *broker_troubles(depth), *losses, *orphan_troubles(node.id, facts.edges)]
    if is_on_circle(node.id, facts.edges):
        troubles += loop_troubles(read_rounds(activity_ids, now_s=time.time()))
    return troubles


def _losses(
    node: Node,
    facts: PanelFacts,
    activity_ids: Sequence[int],
    keys: Mapping[int, ActivityKey],
    depth: StreamDepth,
) -> list[Trouble]:
    writes = [
        pk
        for pk, key in keys.items()
        if key.kind == PUBLISH and stream_id(stream=key.stream, queue=key.queue, view=facts.view) == node.id
    ]
    if not writes:
        return []
    ended, read = read_ended([*writes, *activity_ids]), Counter[str]()
    for pk in activity_ids:
        read[keys[pk].consumer_group] += ended.get(pk, 0)
    return list(
        loss_troubles(
            sum(ended.get(pk, 0) for pk in writes),
            read,
            most_messages=most_messages(facts.edges, node.id),
            in_stream=held_in_stream(depth),
        )
    )
