"""Brokers as the collector tells of them, written into Redis without any collector."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import redis

from collector.models import redis_keys
from collector.models.broker import BrokerAnswer, BrokerGroup, BrokerStream
from collector.models.host import ALIVE

BROKER = "redis://broker:6379"


def stream(name: str = "orders", *groups: BrokerGroup, **fields: Any) -> BrokerStream:
    """A stream of 500 messages, 10 written a second."""
    return BrokerStream(name=name, groups=groups, **{"length": 500, "added": 600, "window_s": 60.0, **fields})


def group(name: str = "packers", **fields: Any) -> BrokerGroup:
    """One that reads half of what comes in, and in which 200 messages wait."""
    known = {"consumers": 2, "pending": 3, "waiting": 200, "read": 300, "oldest_s": 40.0}
    return BrokerGroup(name=name, **{**known, **fields})


def tell_broker(client: redis.Redis, *streams: BrokerStream, ago_s: float = 1.0, **fields: Any) -> None:
    """A broker that was asked a while ago."""
    at_s = time.time() - ago_s
    state = {"url": BROKER, "position": 0, "status": ALIVE, "since_s": at_s - 100, "polled_s": at_s, "answered_s": at_s}
    answer = BrokerAnswer(**{**state, "latency_ms": 2.5, "version": "Valkey 9.1.2", "streams": streams, **fields})
    client.hset(redis_keys.BROKERS, answer.url, msgspec.json.encode(answer))
