"""Runs one demo app as hopeit.engine would: answers requests, consumes streams, keeps services going, logs it all."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from redis.exceptions import RedisError

from visualizer.interfaces.demo.demo_app import (
    ENGINE_VERSION,
    PLUGIN_NAME,
    PLUGIN_VERSION,
    BadRequest,
    DemoApp,
    DemoEvent,
    NotAllowed,
    Payload,
    event_path,
)
from visualizer.interfaces.demo.hopeit_log import HopeitLog, stats_extras
from visualizer.interfaces.demo.runtime_config import PATH, runtime_apps
from visualizer.interfaces.demo.streams import Message, Streams
from visualizer.interfaces.demo.tiny_http import Request, ask
from visualizer.interfaces.demo.track import Track, new_track, track_from_headers
from visualizer.models.node_id import app_key, base_event

Pairs = list[tuple[str, object]]


class Engine:
    """One app in one process."""

    def __init__(
        self, app: DemoApp, *, log: HopeitLog, streams: Streams, urls: Mapping[str, str], host_name: str, pid: int
    ) -> None:
        """
        Args:
            urls: app name → base URL, of all apps.
        """
        self.app, self.streams, self.urls = app, streams, urls
        #: Set when the process is to end: what runs then hurries.
        self.stopping = asyncio.Event()
        self._log, self._host_name, self._pid = log, host_name, pid
        self._paths = {(event.type, app.path(event)): event for event in app.events if event.type in ("GET", "POST")}

    def say(self, message: str, level: str = "INFO", **extra: object) -> None:
        """A line of the engine's own."""
        extras = [(f"extra.{name}", value) for name, value in extra.items()]
        self._log.write(
            level,
            app=f"hopeit.engine {ENGINE_VERSION}",
            event="engine",
            message=f"[hopeit.server.engine] {message}",
            extras=extras,
        )

    def line(
        self, level: str, event: DemoEvent, message: str, extras: Pairs, error: BaseException | None = None
    ) -> None:
        """A line of an event."""
        name, version = self.app.name, self.app.version
        self._log.write(
            level, app=f"{name} {version}", event=base_event(event.name), message=message, extras=extras, error=error
        )

    async def respond(self, request: Request) -> tuple[int, Any]:
        """The config endpoint, and the app's own requests."""
        if request.path == PATH:
            url, expand = request.query.get("url", "in-process"), request.query.get("expand_events") == "true"
            return 200, runtime_apps(
                self.app, url=url, expand_events=expand, host_name=self._host_name, pid=str(self._pid)
            )
        event = self._paths.get((request.method, request.path))
        if event is None:
            return 404, {"msg": "no such event"}
        payload: Payload = dict(request.query) | (json.loads(request.body) if request.body else {})
        run = Execution(self, event, track_from_headers(request.headers))
        return await run.execute(payload, done=[("response.status", 200)])

    async def consume(self, event: DemoEvent) -> None:
        """Read the event's stream until the process stops."""
        assert event.reads is not None
        group, began, total, errors = self.app.group(event), time.monotonic(), 0, 0
        while not self.stopping.is_set():
            try:
                messages = await self.streams.read(event.reads, group=group, consumer=str(self._pid))
                start, failed = time.monotonic(), 0
                for message in messages:
                    status, _ = await Execution.of_message(self, event, message).execute(message.payload)
                    failed += status >= 400
                    await self.streams.acknowledge(message, group=group)
            except RedisError as exc:
                self.say(f"Cannot read stream {event.reads.name}: {type(exc).__name__}", "ERROR")
                await self.pause(1)
                continue
            if messages:
                total, errors, now = total + len(messages), errors + failed, time.monotonic()
                stats = stats_extras(
                    total=total,
                    errors=errors,
                    batch=len(messages),
                    batch_errors=failed,
                    elapsed_s=now - start,
                    up_s=now - began,
                )
                self.line("INFO", event, "STATS", [*stats, ("event.app", self.app.key)])

    async def keep_going(self, event: DemoEvent) -> None:
        """Run a SERVICE for each of its items until the process stops."""
        assert event.items is not None
        async for payload in event.items():
            if self.stopping.is_set():
                return
            service: Pairs = [("service.app_key", self.app.key), ("service.event_name", event.name)]
            await Execution(self, event, new_track(), before=service).execute(payload, timed=False)

    async def pause(self, seconds: float) -> None:
        """Wait, but not once the process stops."""
        try:
            await asyncio.wait_for(self.stopping.wait(), seconds)
        except TimeoutError:
            return


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
