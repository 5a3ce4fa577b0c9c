"""
What a rollup and its neighbours agree on in Redis: the layout, who owns a shard, whether Redis may be believed, and
how the rollup fares.
"""

from __future__ import annotations

import os
import socket
from secrets import token_hex
from typing import Any

import msgspec
import redis

from collector.models import redis_keys
from collector.models.heartbeat import RollupBeat
from visualizer.models.errors import LayoutMismatch
from visualizer.repo.models import Layout

#: A rollup that hangs is replaced after this time. It is for speed only: two owners would still count exactly.
LEASE_S = 10

_RENEW = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0"
_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


def read_shards() -> int:
    """The number of shards of this installation; one is what a first start begins with."""
    return Layout.objects.get_or_create(id=1, defaults={"shards": 1})[0].shards


def check_layout(client: redis.Redis) -> None:
    """
    See whether this Redis belongs to this database; an empty one belongs to everybody.

    Raises:
        LayoutMismatch: Redis holds batches laid out in another way, or for another version.
    """
    ours = _layout()
    any_client: Any = client
    found = (any_client.get(redis_keys.LAYOUT) or ours.encode()).decode("utf-8", "replace")
    if found != ours:
        raise LayoutMismatch(
            f"Redis has layout {found[:40]!r} and SQL {ours!r} (version:shards). They belong to different "
            "installations; give one of them its own Redis, or another database."
        )


def write_layout(client: redis.Redis) -> None:
    """Say how Redis is laid out. Collectors begin with it, so it comes after what they find out at their start."""
    any_client: Any = client
    any_client.setnx(redis_keys.LAYOUT, _layout())


class ShardState:
    """The small keys of one shard."""

    def __init__(self, client: redis.Redis, shard: int) -> None:
        self._client: Any = client
        self._ready = redis_keys.ready(shard)
        self._lease = redis_keys.lease(shard)
        self._beat = redis_keys.rollup_beat(shard)
        self._token = f"{socket.gethostname()}:{os.getpid()}:{token_hex(8)}"
        self._renew = self._client.register_script(_RENEW)
        self._release = self._client.register_script(_RELEASE)

    def acquire(self) -> bool:
        """Become the owner, or go on being it; True then."""
        if self._client.set(self._lease, self._token, nx=True, px=LEASE_S * 1000) or self.renew():
            return True
        owner = (self._client.get(self._lease) or b"").decode("utf-8", "replace")
        if not _is_dead(owner):
            return False
        self._release(keys=[self._lease], args=[owner])
        return bool(self._client.set(self._lease, self._token, nx=True, px=LEASE_S * 1000))

    def renew(self) -> bool:
        """Go on being the owner; False when another one is, or nobody."""
        return bool(self._renew(keys=[self._lease], args=[self._token, LEASE_S * 1000]))

    def release(self) -> None:
        """Let another one become the owner at once."""
        self._release(keys=[self._lease], args=[self._token])

    def set_ready(self) -> None:
        """Say that the records are restored: Redis may be believed, batches may come, records may stand elsewhere."""
        self._client.set(self._ready, f"{self._token}:{token_hex(4)}")

    def is_ready(self) -> bool:
        """False after Redis was emptied."""
        return bool(self._client.exists(self._ready))

    def write_beat(self, beat: RollupBeat) -> None:
        """Say how we fare."""
        self._client.set(self._beat, msgspec.json.encode(beat))

    def config_version(self) -> bytes | None:
        """Changes with what hosts declare."""
        version: bytes | None = self._client.get(redis_keys.CONFIG_VERSION)
        return version


def _layout() -> str:
    return f"{redis_keys.LAYOUT_VERSION}:{read_shards()}"


def _is_dead(owner: str) -> bool:
    """Was the owner a process of this machine that is no more? Then nobody needs to wait for its lease."""
    host, _, pid = owner.rpartition(":")[0].rpartition(":")  # "<host name>:<pid>:<token>"
    if host != socket.gethostname() or not pid.isdigit():
        return False
    if int(pid) == os.getpid():
        return True  # our own process id, but not our token: a container that was restarted
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
