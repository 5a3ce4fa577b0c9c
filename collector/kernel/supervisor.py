"""Supervised loops: one that fails is logged, told and started again after a pause; it takes no other one with it."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable

from collector.kernel.bus import Bus
from collector.kernel.events import LoopFailed
from collector.kernel.status import Status

log = logging.getLogger(__name__)
FIRST_PAUSE_S = 0.1
#: An hour-long outage is looked at twice a minute, which nobody feels.
LONGEST_PAUSE_S = 30.0
#: A loop that does not end within this time after it was cancelled is left alone.
END_TIMEOUT_S = 0.5
CANCEL_AGAIN_S = 0.1
#: A loop that ran this long was well: its next failure counts as the first.
WELL_AFTER_S = 60.0


class Supervisor:
    """The loops of all applications."""

    def __init__(self, *, bus: Bus, status: Status) -> None:
        self._bus = bus
        self._status = status
        self._tasks: dict[str, list[asyncio.Task[None]]] = {}

    def start(self, application: str, loop: Callable[[], Awaitable[None]], *, name: str = "") -> None:
        """Run the loop until it returns or is ended."""
        name = name or getattr(loop, "__name__", "loop")
        task = asyncio.create_task(self._run(application, loop, name), name=f"{application}.{name}")
        self._tasks.setdefault(application, []).append(task)

    async def end(self, application: str) -> None:
        """Cancel the application's loops and wait for them."""
        left = set(self._tasks.pop(application, []))
        deadline = time.monotonic() + END_TIMEOUT_S
        while left and time.monotonic() < deadline:
            # More than once: asyncio.wait_for of Python 3.11, by which redis-py writes, loses a cancellation that comes
            # in the moment it is done.
            for task in left:
                task.cancel()
            _, left = await asyncio.wait(left, timeout=CANCEL_AGAIN_S)
        for task in left:
            log.warning("%s does not end", task.get_name())

    async def _run(self, application: str, loop: Callable[[], Awaitable[None]], name: str) -> None:
        pause_s, key = FIRST_PAUSE_S, f"loop:{application}.{name}"
        while True:
            began = time.monotonic()
            well = asyncio.get_running_loop().call_later(WELL_AFTER_S, self._status.clear_problem, key)
            try:
                await loop()
            except Exception as exc:
                task = asyncio.current_task()
                if task is not None and task.cancelling():
                    # It failed on its way out: that is no reason to begin again.
                    log.warning("%s.%s failed while it was ended", application, name, exc_info=exc)
                    return
                if time.monotonic() - began > WELL_AFTER_S:
                    pause_s = FIRST_PAUSE_S
                error = f"{type(exc).__name__}: {exc}"[:200]
                log.error("%s.%s failed, again in %.1f s", application, name, pause_s, exc_info=exc)
                self._status.set_problem(key, f"{application}.{name} failed: {error}")
                await self._bus.publish(LoopFailed(application=application, loop=name, error=error, pause_s=pause_s))
            else:
                self._status.clear_problem(key)
                return
            finally:
                well.cancel()
            await asyncio.sleep(pause_s * random.uniform(0.5, 1))  # noqa: S311 – spreads restarts, guards nothing
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
