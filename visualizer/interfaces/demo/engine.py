"""Runs one demo app as hopeit.engine would: answers requests, consumes streams, keeps services going, logs it all."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Any

from redis.exceptions import RedisError

from visualizer.interfaces.demo.demo_app import ENGINE_VERSION, DemoApp, DemoEvent, Payload
from visualizer.interfaces.demo.execution import Execution
from visualizer.interfaces.demo.hopeit_log import HopeitLog, Pairs, stats_extras
from visualizer.interfaces.demo.runtime_config import PATH, runtime_apps
from visualizer.interfaces.demo.streams import Streams
from visualizer.interfaces.demo.tiny_http import Request
from visualizer.interfaces.demo.track import new_track, track_from_headers
from visualizer.models.node_id import base_event


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
