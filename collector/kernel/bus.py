"""The Bus: listeners of event classes, asked one after the other; awaiting them is the back-pressure."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from collector.kernel.events import ListenerFailed

log = logging.getLogger(__name__)
E = TypeVar("E")


class StopPropagation(Exception):
    """Raised by a listener: nobody after it hears the event."""


class Bus:
    """Hands an event to everybody who listens to its class."""

    def __init__(self) -> None:
        self._listeners: defaultdict[type, list[tuple[int, Callable[[Any], Awaitable[None]]]]] = defaultdict(list)

    def listen(
        self, event_class: type[E], listener: Callable[[E], Awaitable[None]], *, priority: int = 0
    ) -> Callable[[], None]:
        """
        Have the listener awaited for each event of exactly this class.

        Args:
            priority: higher ones hear it first; equal ones in the order they came.

        Returns:
            A function that ends it.
        """
        entry = (priority, listener)
        listeners = self._listeners[event_class]
        # A new list each time: one that is being walked through stays as it is.
        self._listeners[event_class] = sorted([*listeners, entry], key=lambda known: -known[0])

        def stop_listening() -> None:
            self._listeners[event_class] = [known for known in self._listeners[event_class] if known is not entry]

        return stop_listening

    async def publish(self, event: object) -> None:
        """
        Let everybody hear the event, one after the other.

        A listener that raises does not hide the event from the next; it is logged and told as ListenerFailed.
        """
        for _, listener in self._listeners[type(event)]:
            try:
                await listener(event)
            except StopPropagation:
                return
            except Exception as exc:
                await self._failed(event, listener, exc)

    async def _failed(self, event: object, listener: Callable[[Any], Awaitable[None]], exc: Exception) -> None:
        name = getattr(listener, "__qualname__", type(listener).__name__)
        log.error("listener %s failed on %s", name, type(event).__name__, exc_info=exc)
        # A listener of failures that fails itself would never end.
        if not isinstance(event, ListenerFailed):
            error = f"{type(exc).__name__}: {exc}"[:200]
            await self.publish(ListenerFailed(event=type(event).__name__, listener=name, error=error))
