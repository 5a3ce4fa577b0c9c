"""Lua in Redis: a Script is known by its hash and sent whole only when Redis does not have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha1
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import NoScriptError, RedisError

from collector.models.errors import StoreUnavailable


class Script:
    """One Lua script; all its keys are handed in KEYS and share one hash tag."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._sha = sha1(text.encode()).hexdigest()  # noqa: S324 – the name Redis gives it

    async def run(self, redis: Redis, *, keys: Sequence[str], args: Sequence[str | int | bytes]) -> Any:
        """
        Run it once.

        Raises:
            StoreUnavailable: no answer, or a refusal; the script may or may not have run.
        """
        client: Any = redis
        with store_errors():
            try:
                return await client.evalsha(self._sha, len(keys), *keys, *args)
            except NoScriptError:
                return await client.eval(self._text, len(keys), *keys, *args)


@contextmanager
def store_errors() -> Iterator[None]:
    """Every error of Redis inside becomes a StoreUnavailable; the text never holds the URL."""
    try:
        yield
    except (RedisError, OSError, TimeoutError) as exc:
        text = " ".join(str(exc).split())[:200]
        raise StoreUnavailable(f"Redis: {text or type(exc).__name__}") from exc


def pairs(flat: Sequence[bytes]) -> Mapping[bytes, bytes]:
    """A hash as Lua returns it: name, value, name, value …"""
    return dict(zip(flat[::2], flat[1::2], strict=True))
