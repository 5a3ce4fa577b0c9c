"""
How often somebody tried to sign in within this minute, counted in Redis for all web processes together.

While Redis does not answer each process counts for itself: whoever is called at night because Redis is down still
gets in, and a guesser gains no more than the number of processes.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from hashlib import sha256
from threading import Lock

import redis

#: A window of counting.
WINDOW_S = 60
#: Tries of one account from one address in a window.
MAX_OF_ACCOUNT = 5
#: Tries from one address, whatever the account.
MAX_OF_ADDRESS = 50

_local: Counter[str] = Counter()
_local_lock = Lock()


def may_try(client: redis.Redis | None, *, account: str, address: str, now_s: float) -> bool:
    """Count this try; False when it is one too many."""
    window = int(now_s) // WINDOW_S
    of_account, of_address = _key(window, account, address), _key(window, address)
    return _count(client, of_account) <= MAX_OF_ACCOUNT and _count(client, of_address) <= MAX_OF_ADDRESS


def forget_tries(client: redis.Redis | None, *, account: str, address: str, now_s: float) -> None:
    """The right password was given: earlier typing errors no longer count."""
    key = _key(int(now_s) // WINDOW_S, account, address)
    with _local_lock:
        _local.pop(key, None)
    with suppress(redis.RedisError):  # then they end with their minute
        if client is not None:
            client.delete(key)


def _key(window: int, *parts: str) -> str:
    digest = sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"eventscope:sign-in-tries:{window}:{digest}"


def _count(client: redis.Redis | None, key: str) -> int:
    if client is None:
        return _count_here(key)
    try:
        with client.pipeline() as pipe:
            pipe.incr(key)
            pipe.expire(key, WINDOW_S)
            return int(pipe.execute()[0])
    except redis.RedisError:
        return _count_here(key)


def _count_here(key: str) -> int:
    with _local_lock:
        window = key.split(":")[2]
        for old in [k for k in _local if k.split(":")[2] != window]:
            del _local[old]
        _local[key] += 1
        return _local[key]
