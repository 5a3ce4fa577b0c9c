"""
Keys of ours that hold something of another type, because somebody else wrote into our Redis: put aside under
`<key>:quarantine`, for people to look at, so that the key can be made anew.
"""

from __future__ import annotations

import logging
from typing import Any

import redis

from collector.models import redis_keys

log = logging.getLogger(__name__)

#: What was put aside is kept for this long, seconds; of one key only the last.
KEPT_S = 7 * 86400

_GLOBAL = {
    redis_keys.LAYOUT: "string",
    redis_keys.HOSTS: "hash",
    redis_keys.CONFIG_VERSION: "string",
    redis_keys.COLLECTORS: "hash",
    redis_keys.FIRST_STARTS: "hash",
    redis_keys.TOPOLOGY: "hash",
    redis_keys.TOPOLOGY_VERSION: "string",
    redis_keys.ENGINE_VERSIONS: "hash",
    redis_keys.WORKER: "string",
    redis_keys.BEAT: "string",
    redis_keys.TASK_RUNS: "hash",
    redis_keys.VIEWERS: "hash",
}
_OF_A_SHARD = {
    redis_keys.ready: "string",
    redis_keys.file_index: "set",
    redis_keys.new_files: "set",
    redis_keys.lost: "hash",
    redis_keys.batches: "stream",
    redis_keys.live: "stream",
    redis_keys.snapshot: "hash",
    redis_keys.lease: "string",
    redis_keys.rollup_beat: "string",
}

# One step: what another rollup has just made anew has the right type and stays.
_PUT_ASIDE = """
local found = redis.call('TYPE', KEYS[1]).ok
if found == 'none' or found == ARGV[1] then return '' end
redis.call('RENAME', KEYS[1], KEYS[2])
redis.call('EXPIRE', KEYS[2], ARGV[2])
return found
"""


def put_wrong_types_aside(client: redis.Redis, shard: int) -> None:
    """
    See to it that every small key is what it should be, or not there; what is lost by it is restored from SQL.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    _put_aside(client, {**_GLOBAL, **{name(shard): expected for name, expected in _OF_A_SHARD.items()}})


def put_record_aside(client: redis.Redis, key: str) -> None:
    """The same for the record of a file."""
    _put_aside(client, {key: "hash"})


def _put_aside(client: redis.Redis, types: dict[str, str]) -> None:
    with client.pipeline(transaction=False) as pipe:
        asked: Any = pipe
        for key, expected in types.items():
            asked.eval(_PUT_ASIDE, 2, key, _aside(key), expected, KEPT_S)
        answers = pipe.execute()
    for (key, expected), found in zip(types.items(), answers, strict=True):
        if found:
            log.error("wrong_type key=%s expected=%s found=%s: kept as %s", key, expected, found.decode(), _aside(key))


def _aside(key: str) -> str:
    return f"{key}:quarantine"
