"""What a collector says of its files, in Redis: a hash that expires with the collector."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from redis.asyncio import Redis

from collector.models import redis_keys
from collector.models.file_status import FileStatus, encode_status
from collector.repo.script import store_errors

#: A collector that is gone this long has nothing to say of its files.
EXPIRE_S = 60
#: Fields of one command; Redis serves somebody else in between.
_FIELDS_AT_ONCE = 500


async def write_statuses(
    redis: Redis, collector_id: str, changed: Mapping[str, FileStatus], gone: Sequence[str]
) -> bool:
    """
    Write what changed and keep the rest alive.

    Args:
        changed: field (device and inode, or a path) → status.
        gone: fields to take away.

    Returns:
        Whether Redis still had what was written before; if not, all of it has to be written again.

    Raises:
        StoreUnavailable.
    """
    client: Any = redis
    key = redis_keys.file_statuses(collector_id)
    with store_errors():
        was_there = bool(await client.expire(key, EXPIRE_S))
        for some in _parts(list(changed.items())):
            # Both or neither: a hash without an end would outlive its collector for ever.
            async with client.pipeline(transaction=True) as pipe:
                pipe.hset(key, mapping={field: encode_status(status) for field, status in some})
                pipe.expire(key, EXPIRE_S)
                await pipe.execute()
        for fields in _parts(list(gone)):
            await client.hdel(key, *fields)
    return was_there


async def write_rows(redis: Redis, key: str, rows: Mapping[str, FileStatus]) -> None:
    """
    Write all of a few rows.

    Args:
        key: of the hash; it expires with the collector.

    Raises:
        StoreUnavailable.
    """
    client: Any = redis
    if rows:
        with store_errors():
            async with client.pipeline(transaction=True) as pipe:
                pipe.hset(key, mapping={field: encode_status(status) for field, status in rows.items()})
                pipe.expire(key, EXPIRE_S)
                await pipe.execute()


async def remove_statuses(redis: Redis, collector_id: str) -> None:
    """The collector ends: nobody follows its files now."""
    client: Any = redis
    with store_errors():
        await client.delete(redis_keys.file_statuses(collector_id), redis_keys.tally_statuses(collector_id))


def _parts(items: list[Any]) -> list[list[Any]]:
    return [items[at : at + _FIELDS_AT_ONCE] for at in range(0, len(items), _FIELDS_AT_ONCE)]
