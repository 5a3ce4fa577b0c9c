"""Reading the newest lines of activities from Redis: some of them, as a live view; they may be lost at any time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice, product
from typing import Any

import msgspec
import redis

from collector.models import redis_keys
from visualizer.models.node_details import NewestLine

#: Lines shown of a node.
MOST = 20
#: Lists asked for: an event has a handful of activities, a stream's readers may be many.
_LISTS = 200

_decode = msgspec.json.Decoder(NewestLine).decode


def read_newest_lines(client: redis.Redis, activity_ids: Iterable[int], *, shards: int) -> Sequence[NewestLine]:
    """
    The newest lines of these activities, the newest first; what is damaged is left out.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    lines: list[NewestLine] = []
    with client.pipeline(transaction=False) as pipe:
        any_pipe: Any = pipe
        for activity_id, shard in islice(product(activity_ids, range(shards)), _LISTS):
            any_pipe.lrange(redis_keys.newest_lines(shard, activity_id), 0, MOST - 1)
        for reply in any_pipe.execute():
            for text in reply:
                try:
                    lines.append(_decode(text))
                except msgspec.DecodeError:
                    continue
    return sorted(lines, key=lambda line: -line.t)[:MOST]
