"""
IngestConnections: connections for the one command that is sent all day. What packing, pooling and timeouts of a client
for everything cost is more than what Redis does with a batch; here hiredis packs, and a timer a call is the timeout.

Opening a connection (password, database, TLS, unix socket) is the client's own: its pool's class and arguments.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from hiredis import pack_command
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import NoScriptError

from collector.repo.script import store_errors

#: A call that takes longer has failed: a frozen server must not freeze us.
CALL_TIMEOUT_S = 2.0


class IngestConnections:
    """As many connections as there are calls at once."""

    def __init__(self, redis: Redis) -> None:
        """
        Args:
            redis: to the same server.
        """
        pool: Any = redis.connection_pool
        self._class: type[AbstractConnection] = pool.connection_class
        # Its own timeout would start a task for each write.
        self._arguments: dict[str, Any] = {**pool.connection_kwargs, "socket_timeout": None, "health_check_interval": 0}
        self._resting: list[AbstractConnection] = []

    async def run(self, script: str, sha: str, *, keys: Sequence[str], args: Sequence[str | int | bytes]) -> Any:
        """
        Run a Lua script once; it may run twice when a connection is lost on the way.

        Raises:
            StoreUnavailable: no answer, or a refusal; the script may or may not have run.
        """
        with store_errors():
            try:
                return await self._call(_pack("EVALSHA", sha, len(keys), *keys, *args))
            except NoScriptError:
                return await self._call(_pack("EVAL", script, len(keys), *keys, *args))

    async def close(self) -> None:
        """Close them all."""
        while self._resting:
            await self._resting.pop().disconnect(nowait=True)

    async def _call(self, packed: bytes) -> Any:
        if self._resting:
            try:
                return await self._exchange(self._resting.pop(), packed)
            except RedisConnectionError:
                # It was closed while it rested; so the others were.
                await self.close()
        return await self._exchange(self._class(**self._arguments), packed)

    async def _exchange(self, connection: AbstractConnection, packed: bytes) -> Any:
        try:
            async with asyncio.timeout(CALL_TIMEOUT_S):
                # Connects first, where need be.
                await connection.send_packed_command(packed, check_health=False)
                answer = await connection.read_response(disable_decoding=True)
        except NoScriptError:
            self._resting.append(connection)
            raise
        except TimeoutError:
            await connection.disconnect(nowait=True)
            raise TimeoutError(f"no answer within {CALL_TIMEOUT_S:g} s") from None
        except BaseException:
            # What it says next would be the answer to this call.
            await connection.disconnect(nowait=True)
            raise
        self._resting.append(connection)
        return answer


def _pack(*words: str | int | bytes) -> bytes:
    # Its stub says a tuple of one.
    packed: bytes = pack_command(words)  # type: ignore[arg-type]
    return packed
