"""The flow of a collector: boot the applications, run until told to stop or until everything is shipped, shut down."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import svcs
from redis.asyncio import Redis

from collector.io.host_id import find_host_id
from collector.kernel.discovery import load_applications
from collector.kernel.kernel import Kernel
from collector.kernel.status import Status
from collector.lib.clock import now_s
from collector.models.errors import StoreUnavailable
from collector.models.options import Options
from collector.resources import open_redis

log = logging.getLogger(__name__)
#: `--once` gives up when nothing was shipped for this long.
ONCE_PATIENCE_S = 60.0
_ONCE_LOOKS_EVERY_S = 0.05


async def collect(options: Options, *, once: bool) -> None:
    """
    Run a collector.

    Args:
        once: end when all that is there is shipped, else on SIGTERM or SIGINT.

    Raises:
        ApplicationError: an application cannot be found or bound.
        StoreUnavailable: there is no Redis configured; or, with `once`, it did not take anything for a while.
    """
    host_id = find_host_id(options.host_id, data_dir=options.data_dir)
    status = Status(collector_id=f"{host_id}:{os.getpid()}", host_id=host_id, started_s=now_s())
    url = options.redis_url.get_secret_value() if options.redis_url else None
    async with open_redis(url) as redis:
        registry = svcs.Registry()
        registry.register_value(Redis, redis)
        kernel = Kernel(load_applications(options.applications), options=options, status=status, registry=registry)
        with _stop_signals() as stop:
            await kernel.boot()
            log.info("collector %s runs with %s", status.collector_id, ", ".join(options.applications))
            try:
                await (_drained(status, stop) if once else stop.wait())
            finally:
                await kernel.shutdown()


@contextmanager
def _stop_signals() -> Iterator[asyncio.Event]:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


async def _drained(status: Status, stop: asyncio.Event) -> None:
    """Return when every source has caught up with what was there by now."""
    booted_s = now_s()
    shipped, moved_at = -1, time.monotonic()
    while not stop.is_set() and status.caught_up_s() <= booted_s:
        if status.lines_total != shipped:
            shipped, moved_at = status.lines_total, time.monotonic()
        if time.monotonic() - moved_at > ONCE_PATIENCE_S:
            why = "; ".join(status.problems) or "no reason is known"
            raise StoreUnavailable(f"nothing was shipped for {ONCE_PATIENCE_S:.0f} s: {why}")
        await asyncio.sleep(_ONCE_LOOKS_EVERY_S)
