"""What is found of each view, kept in Redis under one key, and a counter that tells everybody who watches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

import msgspec
import redis

Found = TypeVar("Found")


class ByView(Generic[Found]):
    """One such kind: id of a node or edge → what is found of it."""

    def __init__(self, kind: type[Found], *, key: str, version_key: str) -> None:
        """
        Args:
            kind: of what is found, a msgspec struct.
            key: a hash, a field a view.
            version_key: counts up with each change.
        """
        self._key, self._version_key = key, version_key
        self._encode = msgspec.json.Encoder().encode
        self._decoder: Any = msgspec.json.Decoder(dict[str, kind])  # type: ignore[valid-type]

    def read(self, client: redis.Redis, view: str) -> dict[str, Found]:
        """
        What is kept of a view.

        Raises:
            redis.RedisError: Redis does not answer.
        """
        any_client: Any = client
        return self.of(any_client.hget(self._key, view))

    def of(self, reply: bytes | str | None) -> dict[str, Found]:
        """The same of a reply; empty when there is none, or another version wrote it."""
        try:
            found: dict[str, Found] = self._decoder.decode(reply) if reply else {}
        except msgspec.DecodeError:
            return {}
        return found

    def keep(self, client: redis.Redis, by_view: Mapping[str, Mapping[str, Found]]) -> None:
        """
        Keep it, of all views or none, and tell everybody who watches.

        Raises:
            redis.RedisError: Redis does not answer.
        """
        with client.pipeline(transaction=True) as pipe:
            any_pipe: Any = pipe
            any_pipe.hset(self._key, mapping={view: self._encode(found) for view, found in by_view.items()})
            any_pipe.incr(self._version_key)
            any_pipe.execute()
