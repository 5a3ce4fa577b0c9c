"""The states of polled hosts, kept in Redis (HOSTS, CONFIG_VERSION, ENGINE_VERSIONS)."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

import msgspec
from redis.asyncio import Redis

from collector.models import redis_keys
from collector.models.host import HostAnswer
from collector.repo.script import store_errors

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(HostAnswer).decode


class HostAnswers:
    """Every method raises StoreUnavailable when Redis does not answer or refuses."""

    def __init__(self, redis: Redis, *, source: str) -> None:
        """
        Args:
            source: name of the application that polls; only its own hosts are read and forgotten.
        """
        self._redis = redis
        self._source = source

    async def read(self) -> dict[str, HostAnswer]:
        """URL → state, of every host this source knows of. What cannot be read is left out: it is polled again."""
        with store_errors():
            fields = cast(dict[bytes, bytes], await self._redis.hgetall(redis_keys.HOSTS))
        answers: dict[str, HostAnswer] = {}
        for url, text in fields.items():
            try:
                answer = _decode(text)
            except msgspec.DecodeError:
                continue
            if answer.source == self._source:
                answers[url.decode("utf-8", "replace")] = answer
        return answers

    async def keep(self, answer: HostAnswer, *, changed: bool) -> None:
        """Keep a state; watchers are told when it changed, and when Redis did not have it (any more)."""
        with store_errors():
            is_new = await self._redis.hset(redis_keys.HOSTS, answer.url, _encode(answer).decode())
            if changed or is_new:
                await self._redis.incr(redis_keys.CONFIG_VERSION)

    async def forget_all_but(self, urls: Collection[str]) -> list[str]:
        """Remove hosts that are no longer configured; returns them."""
        gone = [url for url in await self.read() if url not in urls]
        with store_errors():
            if gone and await self._redis.hdel(redis_keys.HOSTS, *gone):
                await self._redis.incr(redis_keys.CONFIG_VERSION)
        return gone

    async def read_engine_versions(self) -> dict[str, str]:
        """Engine → version seen in log lines."""
        with store_errors():
            fields = cast(dict[bytes, bytes], await self._redis.hgetall(redis_keys.ENGINE_VERSIONS))
        return {name.decode("utf-8", "replace"): version.decode("utf-8", "replace") for name, version in fields.items()}

    async def keep_engine_version(self, engine: str, version: str) -> None:
        """Remember what log lines said."""
        with store_errors():
            await self._redis.hset(redis_keys.ENGINE_VERSIONS, engine, version)
