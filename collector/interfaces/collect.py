"""The flow of a collector: boot the applications, run until told to stop or until everything is shipped, shut down."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import svcs
from redis.asyncio import Redis

from collector.interfaces.once import Once
from collector.io.host_id import find_host_id
from collector.kernel.discovery import load_applications
from collector.kernel.kernel import Kernel
from collector.kernel.status import Status
from collector.lib.clock import now_s
from collector.lib.garbage import look_for_circles_rarely
from collector.models.options import Options
from collector.resources import open_redis

log = logging.getLogger(__name__)

#: Circles of asyncio's are freed when there are so many objects: a few MiB.
CIRCLES_OBJECTS = 20_000


async def collect(options: Options, *, once: bool, quiet: bool = False) -> bool:
    """
    Run a collector.

    Args:
        once: end when all that is there is shipped, with a summary; else on SIGTERM or SIGINT.
        quiet: show no progress.

    Returns:
        False when `once` had to leave something out; the summary says what.

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
        run = Once(status, quiet=quiet) if once else None
        if run:
            run.listen(kernel.bus)
        with _stop_signals() as stop:
            await kernel.boot()
            look_for_circles_rarely(objects=CIRCLES_OBJECTS)
            log.info("collector %s runs with %s", status.collector_id, ", ".join(options.applications))
            try:
                await (run.drain(stop) if run else stop.wait())
            finally:
                await kernel.shutdown()
            return await run.finish(redis, stop) if run else True


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
