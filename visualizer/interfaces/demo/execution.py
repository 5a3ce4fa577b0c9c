"""One run of one event: START, what its handler does, and how it ended, as lines of a log."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from visualizer.interfaces.demo.demo_app import (
    PLUGIN_NAME,
    PLUGIN_VERSION,
    BadRequest,
    DemoEvent,
    NotAllowed,
    Payload,
    event_path,
)
from visualizer.interfaces.demo.hopeit_log import Pairs
from visualizer.interfaces.demo.streams import Message
from visualizer.interfaces.demo.tiny_http import ask
from visualizer.interfaces.demo.track import Track
from visualizer.models.node_id import app_key, base_event

if TYPE_CHECKING:
    from visualizer.interfaces.demo.engine import Engine


class Execution:
    """One run of one event; what its handler gets as `run`."""

    def __init__(
        self, engine: Engine, event: DemoEvent, track: Track, *, before: Pairs | None = None, tail: Pairs | None = None
    ) -> None:
        """
        Args:
            before: extras that come before the track ids.
            tail: those that come after them.
        """
        plugin: Pairs = [("event.plugin", app_key(PLUGIN_NAME, PLUGIN_VERSION))] if event.plugin else []
        self._engine, self._event, self._track = engine, event, track
        self._before = before or []
        self._tail: Pairs = [*(tail or []), ("event.app", engine.app.key), *plugin]
        self._message: Message | None = None

    @classmethod
    def of_message(cls, engine: Engine, event: DemoEvent, message: Message) -> Execution:
        """The run of a stream message."""
        group = engine.app.group(event)
        names: Pairs = [("stream.name", message.stream), ("stream.consumer_group", group)]
        before: Pairs = [("stream.app_key", engine.app.key), ("stream.event_name", event.name), *names]
        tail: Pairs = [names[0], ("stream.msg_id", message.message_id), names[1]]
        if event.timed:
            tail += [("stream.event_id", message.event_id), ("stream.event_ts", "")]
            tail += [("stream.submit_ts", message.submit_ts), ("stream.read_ts", message.read_ts)]
        run = cls(engine, event, message.track, before=[*before, ("stream.queue", message.queue)], tail=tail)
        run._message = message
        return run

    async def execute(self, payload: Payload, *, done: Pairs | None = None, timed: bool = True) -> tuple[int, Payload]:
        """
        Log START, run the handler, log how it ended.

        Args:
            done: extras of the DONE line that come before the metrics.
            timed: the DONE line has metrics.
        """
        start = time.perf_counter()
        extras = [*self._before, *self._track.extras(), *self._tail]
        self._engine.line("INFO", self._event, "START", extras)
        try:
            answer = await self._event.handler(self, payload)
        except BadRequest as exc:
            self._engine.line("ERROR", self._event, str(exc), extras, exc)
            self._engine.line("WARNING", self._event, "IGNORED", extras)
            return 401 if isinstance(exc, NotAllowed) else 400, {"msg": str(exc)}
        except Exception as exc:
            # Whatever an app does wrong is the app's, as in the engine we play.
            self._engine.line("ERROR", self._event, str(exc), extras, exc)
            self._engine.line("ERROR", self._event, "FAILED", extras)
            return 500, {"msg": "internal error"}
        metrics = self._metrics((time.perf_counter() - start) * 1000) if timed else []
        extras = [*self._before, *(done or []), *metrics, *self._track.extras(), *self._tail]
        self._engine.line("INFO", self._event, "DONE", extras)
        return 200, answer

    async def call(self, app: str, event: str, query: str = "") -> Payload:
        """See demo_app.Run."""
        path = event_path(app, self._engine.app.connections[app], event)
        headers = self._track.headers(app_key=self._engine.app.key, event=base_event(self._event.name))
        status, answer = await ask(f"{self._engine.urls[app]}{path}?{query}", headers=headers)
        if status != 200:
            raise ConnectionError(f"{app}.{event} answered {status}")
        return dict(answer)

    async def write(self, payload: Payload, *, event_id: str = "") -> None:
        """See demo_app.Run."""
        assert self._event.writes is not None
        queue = self._message.queue if self._message else ""
        await self._engine.streams.write(self._event.writes, payload, queue=queue, track=self._track, event_id=event_id)

    def log(self, message: str, **extra: object) -> None:
        """See demo_app.Run."""
        extras: Pairs = [(f"extra.{name}", value) for name, value in extra.items()]
        self._engine.line("INFO", self._event, message, [*extras, *self._track.extras(), *self._tail])

    async def pause(self, seconds: float) -> None:
        """See demo_app.Run."""
        await self._engine.pause(seconds)

    def _metrics(self, duration_ms: float) -> Pairs:
        out: Pairs = [("metrics.duration", duration_ms)]
        message = self._message
        if message is None:
            return out
        if self._event.timed:
            out.append(("metrics.stream_age", (message.read_ts - message.submit_ts).total_seconds() * 1000))
        elapsed = datetime.now(UTC) - self._track.request_ts
        return [*out, ("metrics.request_elapsed", elapsed.total_seconds() * 1000)]
