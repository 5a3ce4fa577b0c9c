"""The states of brokers, kept in Redis (BROKERS, CONFIG_VERSION)."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import cast

import msgspec
from redis.asyncio import Redis

from collector.models import redis_keys
from collector.models.broker import BrokerAnswer
from collector.repo.script import store_errors

_decode = msgspec.json.Decoder(BrokerAnswer).decode
_encode = msgspec.json.Encoder().encode


class Brokers:
    """Every method raises StoreUnavailable when Redis does not answer or refuses."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def read(self) -> dict[str, BrokerAnswer]:
        """URL → state. What cannot be read is left out: it is polled again."""
        with store_errors():
            fields = cast(dict[bytes, bytes], await self._redis.hgetall(redis_keys.BROKERS))
        answers = dict[str, BrokerAnswer]()
        for url, text in fields.items():
            with suppress(msgspec.DecodeError):
                answers[url.decode("utf-8", "replace")] = _decode(text)
        return answers

    async def keep(self, answer: BrokerAnswer, *, changed: bool) -> None:
        """Keep a state; watchers are told when its streams are others, and when Redis did not have it (any more)."""
        with store_errors():
            is_new = await self._redis.hset(redis_keys.BROKERS, answer.url, _encode(answer).decode())
            if changed or is_new:
                await self._redis.incr(redis_keys.CONFIG_VERSION)

    async def forget_all_but(self, urls: Collection[str]) -> list[str]:
        """Remove brokers that are no longer configured; returns them."""
        with store_errors():
            known = cast(list[bytes], await self._redis.hkeys(redis_keys.BROKERS))
            gone = [url for url in (key.decode("utf-8", "replace") for key in known) if url not in urls]
            if gone and await self._redis.hdel(redis_keys.BROKERS, *gone):
                await self._redis.incr(redis_keys.CONFIG_VERSION)
        return gone
