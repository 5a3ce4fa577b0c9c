"""
One round of questions to one broker, Redis or Valkey. Only INFO, SCAN and XINFO: nothing is written, nothing is read
out of a stream. Whatever the broker does, the round ends in time.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    InvalidResponse,
    NoPermissionError,
    RedisError,
    ResponseError,
)

from collector.core.stream_sweep import StreamSweep
from collector.io.connection_reason import connection_reason
from collector.lib.name_lookup import look_up
from collector.models.broker import BrokerPoll, Fields, StreamReply

#: For the whole round: name, connection, every answer.
DEADLINE_S = 4.0
#: What a user needs who can do nothing else.
ACL = "+xinfo +xlen +llen +type +scan +info"
#: Keys looked at by one SCAN, and SCANs of a round: a round takes some milliseconds of the broker, whatever it holds.
_SCAN_KEYS = 1000
_MOST_SCANS = 20
#: Streams asked for at a time.
_AT_ONCE = 100
#: Groups of a stream that are looked at.
_MOST_GROUPS = 100
_DENIED_COMMAND = re.compile(r"run the '([a-z|_-]+)' command")


async def poll_broker(url: str, sweep: StreamSweep, *, deadline_s: float = DEADLINE_S) -> BrokerPoll:
    """
    Ask how each stream is.

    Args:
        url: with user and password.
        sweep: which streams are known; goes on by this round.

    Returns:
        The answers, or the reason in words. Never raises for anything a broker does.
    """
    try:
        async with asyncio.timeout(deadline_s), _connected(url) as client:
            return await _ask(client, sweep)
    except TimeoutError:
        return BrokerPoll(reason=f"no answer within {deadline_s:g} s")
    except (RedisError, OSError, ValueError, TypeError) as exc:
        return BrokerPoll(reason=_reason(exc))


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[Redis]:
    """A new connection each time, for one that was kept says nothing of who answers now; it says nothing of us."""
    parts = urlsplit(url)
    if parts.hostname:
        # Before the client does, which could not be stopped in it.
        await look_up(parts.hostname, parts.port or 6379)
    client = Redis.from_url(
        url,
        protocol=2,
        driver_info=None,
        socket_timeout=DEADLINE_S,
        socket_connect_timeout=DEADLINE_S,
        # Ten tries with a wrong password would lock the user out.
        retry=Retry(NoBackoff(), 0),
    )
    try:
        yield client
    finally:
        await client.aclose()


async def _ask(client: Redis, sweep: StreamSweep) -> BrokerPoll:
    start = time.perf_counter()
    info: Any = await client.info("server")
    for _ in range(_MOST_SCANS):
        cursor, names = await _any(client).execute_command("SCAN", sweep.cursor, "COUNT", _SCAN_KEYS, "TYPE", "stream")
        sweep.take(int(cursor), names)
        if sweep.cursor == 0:
            break
    names, replies, refused = sweep.names, list[StreamReply](), 0
    for at in range(0, len(names), _AT_ONCE):
        told = await _ask_streams(client, names[at : at + _AT_ONCE])
        replies += [reply for reply in told if isinstance(reply, StreamReply)]
        refused += sum(isinstance(reply, NoPermissionError) for reply in told)
    return BrokerPoll(
        latency_ms=(time.perf_counter() - start) * 1000,
        version=_version(info),
        at_s=_clock_s(info),
        streams=tuple(replies),
        refused=refused,
        left_out=sweep.left_out,
    )


async def _ask_streams(client: Redis, names: Sequence[bytes]) -> list[StreamReply | ResponseError]:
    """What each told, or why it did not: it is gone, belongs to another node, or is not for us."""
    asked = await _run(client, [("XINFO", what, name) for name in names for what in ("STREAM", "GROUPS")])
    pairs = list(zip(asked[::2], asked[1::2], strict=True))
    groups = [[] if isinstance(told, ResponseError) else _all_fields(told)[:_MOST_GROUPS] for _, told in pairs]
    busy = [(place, group["name"]) for place, found in enumerate(groups) for group in found if group.get("pending")]
    held = await _run(client, [("XINFO", "CONSUMERS", names[place], group) for place, group in busy])
    consumers: dict[int, dict[str, Sequence[Fields]]] = {}
    for (place, group), told in zip(busy, held, strict=True):
        if not isinstance(told, ResponseError):
            consumers.setdefault(place, {})[_text(group)] = _all_fields(told)
    return [
        stream
        if isinstance(stream, ResponseError)
        else StreamReply(_text(names[place]), _fields(stream), groups[place], consumers.get(place, {}))
        for place, (stream, _) in enumerate(pairs)
    ]


async def _run(client: Redis, commands: Sequence[tuple[str | bytes, ...]]) -> list[Any]:
    """
    The answers; what concerns one key alone is among them as an error.

    Raises:
        NoPermissionError: a command is denied as a whole.
    """
    if not commands:
        return []
    async with client.pipeline(transaction=False) as pipe:
        for command in commands:
            pipe.execute_command(*command)
        answers = await pipe.execute(raise_on_error=False)
    for answer in answers:
        denies_all = isinstance(answer, NoPermissionError) and _DENIED_COMMAND.search(str(answer))
        if denies_all or (isinstance(answer, Exception) and not isinstance(answer, ResponseError)):
            raise answer
    return list(answers)


def _reason(exc: BaseException) -> str:
    """Why, in words that hold nothing secret."""
    text = str(exc)
    if isinstance(exc, NoPermissionError):
        found = _DENIED_COMMAND.search(text)
        command = found[1].replace("|", " ").upper() if found else "this"
        more = "; the URL names a database, so it needs +select, too" if command == "SELECT" else ""
        return f"no permission for {command}: the user needs {ACL}{more}"
    if isinstance(exc, AuthenticationError):
        asks = "required" in text.lower() or "NOAUTH" in text
        return "it asks for a user and a password, and the URL has none" if asks else "wrong user or password"
    if isinstance(exc, InvalidResponse):
        return "what answers there is no Redis"
    if isinstance(exc, BusyLoadingError):
        return "it is loading its data"
    if known := connection_reason(exc):
        return known
    if isinstance(exc, ResponseError):
        is_old = "syntax error" in text
        # "unknown command 'AUTH', with args beginning with: 'user' 'password'"
        said = " ".join(text.partition(", with args")[0].split())[:120]
        return "Redis 6 or newer is needed" if is_old else f"it answered: {said}"
    if isinstance(exc, RedisError | OSError):
        return "cannot connect, or the connection broke off"
    return "not a URL that can be asked"


def _version(info: Mapping[str, Any]) -> str:
    name = "valkey" if "valkey_version" in info else "redis"
    return f"{name.capitalize()} {info.get(f'{name}_version', '')}".strip()[:40]


def _clock_s(info: Mapping[str, Any]) -> float:
    told = info.get("server_time_usec")
    return told / 1e6 if isinstance(told, int) else time.time()


def _all_fields(replies: Any) -> list[Fields]:
    return [_fields(reply) for reply in replies]


def _fields(flat: Any) -> Fields:
    """Of name, value, name, value …"""
    return {_text(name): value for name, value in zip(flat[::2], flat[1::2], strict=False)}


def _text(value: bytes) -> str:
    return value.decode("utf-8", "backslashreplace")


def _any(client: Redis) -> Any:
    return client
