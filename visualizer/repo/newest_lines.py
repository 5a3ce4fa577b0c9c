"""The newest lines of each activity, in Redis: for people who look, and no loss when they are lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import isfinite
from typing import Any

import msgspec
import redis

from collector.models import redis_keys
from collector.models.activity import Server
from collector.models.batch import NewLine

#: Lines of an activity; they are forgotten when none came for so long, seconds.
KEPT = 20
EXPIRES_S = 3600
_TEXT_CHARS = 1000

_encode = msgspec.json.Encoder().encode


def keep_newest_lines(client: redis.Redis, shard: int, lines: Sequence[tuple[int, Server, NewLine]]) -> None:
    """
    Keep (activity id, server, line), the newest first.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    by_activity: defaultdict[int, list[tuple[Server, NewLine]]] = defaultdict(list)
    for activity_id, server, line in lines:
        if isfinite(line.timestamp_s):
            by_activity[activity_id].append((server, line))
    if not by_activity:
        return
    with client.pipeline(transaction=False) as pipe:
        any_pipe: Any = pipe
        for activity_id, of_activity in by_activity.items():
            key = redis_keys.newest_lines(shard, activity_id)
            newest = sorted(of_activity, key=lambda kept: kept[1].timestamp_s)[-KEPT:]
            any_pipe.lpush(key, *(_as_json(server, line) for server, line in newest))
            any_pipe.ltrim(key, 0, KEPT - 1)
            any_pipe.expire(key, EXPIRES_S)
        pipe.execute()


def _as_json(server: Server, line: NewLine) -> bytes:
    return _encode(
        {
            "t": line.timestamp_s,
            "host": server.host_name,
            "pid": server.pid,
            "level": line.level[:16],
            "text": line.text[:_TEXT_CHARS],
        }
    )
