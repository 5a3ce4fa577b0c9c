"""Kernel: boots applications in the order of their needs, and shuts them down in reverse."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from functools import partial
from graphlib import CycleError, TopologicalSorter

import svcs

from collector.kernel.application import Application, Bind, Bound, Ready, Shutdown
from collector.kernel.bus import Bus
from collector.kernel.format import Format
from collector.kernel.formats import Formats
from collector.kernel.status import Status
from collector.kernel.supervisor import Supervisor
from collector.models.errors import ApplicationError
from collector.models.options import Options

log = logging.getLogger(__name__)
#: For one application. A process has 3 s to stop; in-flight commits end within 1 s or are answered with SEEK later.
SHUTDOWN_TIMEOUT_S = 1.0
#: For all of them together.
TOTAL_SHUTDOWN_TIMEOUT_S = 2.5


def in_order(applications: Sequence[Application]) -> list[Application]:
    """
    Every application after those it needs; otherwise in the order given.

    Raises:
        ApplicationError: a need that is not switched on, or a circle; the message names both ends.
    """
    by_name = {application.name: application for application in applications}
    if len(by_name) < len(applications):
        names = [application.name for application in applications]
        raise ApplicationError(f"switched on twice: {', '.join(sorted({n for n in names if names.count(n) > 1}))}")
    for application in applications:
        for need in application.needs:
            if need not in by_name:
                raise ApplicationError(f"{application.name} needs {need}, which is not switched on")
    try:
        order = TopologicalSorter({a.name: a.needs for a in applications}).static_order()
        return [by_name[name] for name in order]
    except CycleError as exc:
        raise ApplicationError(f"applications need each other in a circle: {' → '.join(exc.args[1])}") from None


class Kernel:
    """One run of the applications: `boot`, then `shutdown`, each once."""

    def __init__(
        self,
        applications: Sequence[Application],
        *,
        options: Options,
        status: Status,
        registry: svcs.Registry | None = None,
    ) -> None:
        """
        Args:
            registry: with the services that are there before any application; closed by `shutdown`.

        Raises:
            ApplicationError: see in_order.
        """
        self.bus = Bus()
        self.status = status
        self.registry = registry or svcs.Registry()
        self._options = options
        self._applications = in_order(applications)
        self._supervisor = Supervisor(bus=self.bus, status=status)
        self._services = svcs.Container(self.registry)
        self._up: list[Application] = []

    async def boot(self) -> None:
        """
        bind, bound, ready – each step for all applications before the next.

        Raises:
            Exception: whatever an application raised; by then all that was up is shut down.
        """
        try:
            await self._boot()
        except BaseException:
            await self.shutdown()
            raise

    async def shutdown(self) -> None:
        """Shut down what is up, in reverse; nobody's error or delay keeps it from the next. Never raises."""
        deadline = time.monotonic() + TOTAL_SHUTDOWN_TIMEOUT_S
        while self._up:
            application = self._up.pop()
            timeout_s = max(0.05, min(SHUTDOWN_TIMEOUT_S, deadline - time.monotonic()))
            try:
                await asyncio.wait_for(application.on_shutdown(Shutdown(timeout_s)), timeout_s)
            except TimeoutError:
                log.warning("%s was not shut down within %.1f s", application.name, timeout_s)
            except Exception:
                log.exception("%s failed to shut down", application.name)
            await self._supervisor.end(application.name)
        await self._services.aclose()
        await self.registry.aclose()

    async def _boot(self) -> None:
        self.registry.register_value(Status, self.status)
        bind = Bind(registry=self.registry, options=self._options, bus=self.bus)
        switched_on = [each for each in self._applications if isinstance(each, Format)]
        formats = Formats(switched_on, overrides=self._options.formats)
        formats.bind(bind)
        self.registry.register_value(Formats, formats)
        for application in self._applications:
            # Before the call: one that fails half-way has something to close as well.
            self._up.append(application)
            await application.on_bind(bind)
        for application in self._applications:
            await application.on_bound(Bound(self._services))
        for application in self._applications:
            await application.on_ready(Ready(partial(self._supervisor.start, application.name)))
