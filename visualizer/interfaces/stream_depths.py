"""What brokers say of every stream that is drawn."""

from __future__ import annotations

from collections import defaultdict

import redis

from visualizer.core.stream_depth import stream_depth
from visualizer.core.stream_keys import keys_of
from visualizer.interfaces.stream_limits import read_settings, stream_settings
from visualizer.models.node_id import STREAM
from visualizer.models.stream_depth import StreamDepth
from visualizer.models.topology import READ, WRITE, Edge, Topology
from visualizer.repo.brokers import read_brokers


def read_stream_depths(client: redis.Redis, topology: Topology, *, now_s: float) -> dict[str, StreamDepth]:
    """
    Node id → what is known now; of those streams alone that a broker has.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    answers = read_brokers(client)
    there = {stream.name for answer in answers for stream in answer.streams}
    if not there:
        return {}
    settings, touching = read_settings(), defaultdict[str, list[Edge]](list)
    for edge in topology.edges:
        if edge.kind in (READ, WRITE):
            touching[edge.source if edge.kind == READ else edge.target].append(edge)
    depths = {}
    for node in topology.nodes:
        keys = keys_of(node, touching[node.id], view=topology.view) if node.kind == STREAM else []
        if not there.isdisjoint(keys):
            own = stream_settings(touching[node.id], node.id, settings)
            depths[node.id] = stream_depth(
                answers,
                keys,
                declared=set(own.groups.values()),
                most_messages=own.most_messages,
                now_s=now_s,
            )
    return depths
