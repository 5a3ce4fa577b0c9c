"""
Application: what the collector is made of. A source, a format or a sink is one; so is anything a third party adds
through the entry-point group `eventscope.applications`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ClassVar, Protocol

import svcs

from collector.kernel.bus import Bus
from collector.models.options import Options


class StartLoop(Protocol):
    """Starts a supervised loop: restarted with back-off when it raises, ended when it returns or the app shuts down."""

    def __call__(self, loop: Callable[[], Awaitable[None]], *, name: str = "") -> None: ...


@dataclass(frozen=True, slots=True)
class Bind:
    """The first step: describe services and listen; nothing is live yet."""

    #: Where services are described, by type.
    registry: svcs.Registry
    #: The settings.
    options: Options
    #: Where events are heard and told.
    bus: Bus


@dataclass(frozen=True, slots=True)
class Bound:
    """The second step: every application is bound, so services resolve: open, connect."""

    #: Resolves services by type: `await event.services.aget(Redis)`.
    services: svcs.Container


@dataclass(frozen=True, slots=True)
class Ready:
    """The third step: every application is open: go."""

    #: Starts a supervised loop.
    start: StartLoop


@dataclass(frozen=True, slots=True)
class Shutdown:
    """The last step, in reverse order: flush and close. The application's loops are ended after it."""

    #: How long it may take, seconds; then it is cancelled.
    timeout_s: float


class Application:
    """Subclass it and override what you need. One instance a process, made without arguments."""

    #: The name it is switched on by: "log_files".
    name: ClassVar[str]
    #: Names of applications that are bound before this one and shut down after it.
    needs: ClassVar[tuple[str, ...]] = ()

    async def on_bind(self, event: Bind) -> None:
        """Describe services, listen on the bus."""

    async def on_bound(self, event: Bound) -> None:
        """Take services, open what is needed."""

    async def on_ready(self, event: Ready) -> None:
        """Start loops."""

    async def on_shutdown(self, event: Shutdown) -> None:
        """Finish what is begun, close what was opened. Also called when a boot fails half-way after on_bind."""
