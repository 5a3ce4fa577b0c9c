"""Collectors that speak or do not, and what they read, told to Redis and SQL without any collector."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec
import redis

from collector.models import redis_keys
from collector.models.activity import Server
from collector.models.heartbeat import CollectorBeat
from visualizer.models.feed import Feed
from visualizer.repo.feeds import add_feeds
from visualizer.repo.models import SeenServer


def feed(collector: str, servers: Iterable[Server], *, at_s: float) -> None:
    """It read lines of these processes, which history knows."""
    ids = [SeenServer.objects.get(host_name=one.host_name, pid=one.pid).pk for one in servers]
    add_feeds([Feed(server, collector, int(at_s)) for server in sorted(ids)], shard=0)


def tell_collectors(client: redis.Redis, silent_s: Mapping[str, float], *, now_s: float) -> None:
    """There are these collectors, and none else; each has said nothing for so long."""
    client.delete(redis_keys.COLLECTORS)
    for collector, for_s in silent_s.items():
        at_s = now_s - for_s
        beat = CollectorBeat(collector_id=collector, at_s=at_s, started_s=at_s - 600, caught_up_s=at_s, files=1)
        client.hset(redis_keys.COLLECTORS, collector, msgspec.json.encode(beat))
