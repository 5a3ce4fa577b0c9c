"""What an app of the demo is: its events, what they read and write, and the functions that run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from visualizer.models.node_id import AUTO, STAGE_MARK, app_key

ENGINE_VERSION = "0.30.1"
PLUGIN_NAME, PLUGIN_VERSION = "basic-auth", "0.30"

Payload = dict[str, Any]


class BadRequest(Exception):
    """Whoever asked did it wrong: answered 400, logged as IGNORED."""


class NotAllowed(BadRequest):
    """Whoever asked did not say who they are: answered 401, logged as IGNORED."""


class Run(Protocol):
    """What a handler may use while it runs."""

    async def call(self, app: str, event: str, query: str = "") -> Payload:
        """Ask another app, over HTTP."""
        ...

    async def write(self, payload: Payload, *, event_id: str = "") -> None:
        """Write to the event's stream."""
        ...

    def log(self, message: str, **extra: object) -> None:
        """A line of the app's own."""
        ...

    async def pause(self, seconds: float) -> None:
        """Work that takes a while; cut short when the process stops."""
        ...


Handler = Callable[[Run, Payload], Awaitable[Payload]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A stream as an event reads or writes it."""

    #: "orders.placed".
    name: str
    #: AUTO is the stream itself, any other is the Redis stream "<name>.<queue>".
    queues: tuple[str, ...] = (AUTO,)
    #: For writing: DROP or PROPAGATE.
    strategy: str = "DROP"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoEvent:
    """One event; a SHUFFLE's later steps are events of their own, "newsletter$deliver"."""

    #: With its stage.
    name: str
    #: GET | POST | STREAM | SERVICE.
    type: str
    #: What it does: of a request, of a message, or of an item of `items`.
    handler: Handler
    #: What a STREAM event reads.
    reads: Stream | None = None
    #: What it writes.
    writes: Stream | None = None
    #: App names and events it asks.
    calls: tuple[tuple[str, str], ...] = ()
    #: For a SERVICE: when there is something to do.
    items: Callable[[], AsyncIterator[Payload]] | None = None
    #: It is the plugin's, plugged into the app.
    plugin: bool = False
    #: hopeit's auth types.
    auth: tuple[str, ...] = ()
    #: Log when a message was written and read, which gives metrics.stream_age.
    timed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoApp:
    """One app."""

    #: As configured.
    name: str
    version: str
    #: All events that run.
    events: tuple[DemoEvent, ...]
    #: Other apps it is connected to: name → version.
    connections: Mapping[str, str] = field(default_factory=dict)
    #: What sets its requests off; None when only others do. Gets base URLs by app name.
    visitors: Callable[[Mapping[str, str]], Awaitable[None]] | None = None

    @property
    def key(self) -> str:
        """ "shop.1x0"."""
        return app_key(self.name, self.version)

    def group(self, event: DemoEvent) -> str:
        """The consumer group a STREAM event reads with."""
        base, _, stage = event.name.partition(STAGE_MARK)
        return ".".join(part for part in (self.key, base, stage) if part)

    def path(self, event: DemoEvent) -> str:
        """Where an HTTP event is asked: /api/shop/1x0/place-order."""
        plugin = f"{PLUGIN_NAME}/{_in_path(PLUGIN_VERSION)}/" if event.plugin else ""
        return event_path(self.name, self.version, plugin + event.name)


def event_path(app: str, version: str, event: str) -> str:
    """The path of an app's HTTP event."""
    return f"/api/{app}/{_in_path(version)}/{event.replace('_', '-')}"


def _in_path(version: str) -> str:
    return version.replace(".", "x")
