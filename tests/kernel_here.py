"""A collector's kernel in the test's own loop, on a real Valkey; and waiting in that loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import redis
import svcs
from redis.asyncio import Redis

from collector.kernel.application import Application
from collector.kernel.kernel import Kernel
from collector.kernel.status import Status
from collector.models import redis_keys
from collector.models.file_status import FileStatus, decode_status
from collector.models.host import HostAnswer
from collector.models.options import Options

COLLECTOR = "c:1"


async def until(condition: Callable[[], Any], *, timeout_s: float = 60) -> Any:
    """The first true value of the condition."""
    async with asyncio.timeout(timeout_s):
        while not (value := condition()):
            await asyncio.sleep(0.02)
    return value


@asynccontextmanager
async def kernel_here(
    url: str, applications: Sequence[Application], options: Options, *, prepare: Callable[[Kernel], None] | None = None
) -> AsyncIterator[Status]:
    """A booted kernel with these applications until the block ends; `prepare` sees it before it boots."""
    client, registry = Redis.from_url(url, socket_timeout=20), svcs.Registry()
    registry.register_value(Redis, client)
    status = Status(collector_id=COLLECTOR, host_id="c", started_s=0)
    kernel = Kernel(applications, options=options, status=status, registry=registry)
    if prepare:
        prepare(kernel)
    await kernel.boot()
    try:
        yield status
    finally:
        await kernel.shutdown()
        await client.aclose()


def told_hosts(valkey: redis.Redis) -> dict[str, HostAnswer]:
    """What is kept of every host."""
    fields: Any = valkey.hgetall(redis_keys.HOSTS)
    return {name.decode(): msgspec.json.decode(text, type=HostAnswer) for name, text in fields.items()}


def told_rows(valkey: redis.Redis) -> list[FileStatus]:
    """What it says of its sources that are no files."""
    texts: Any = valkey.hvals(redis_keys.tally_statuses(COLLECTOR))
    return [decode_status(text) for text in texts]
