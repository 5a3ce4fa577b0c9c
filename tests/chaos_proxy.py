"""
A TCP proxy between our processes and Valkey that delays, chokes, cuts, stalls and resets, in a thread of its own. What
it does is switched while it runs: `proxy.weather = Weather(...)`.
"""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import time
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Thread
from urllib.parse import urlsplit, urlunsplit

_CHUNK_BYTES = 64 * 1024
#: How often a stalled connection looks whether it may go on.
_LOOK_S = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """What happens to every connection; the default is nothing."""

    #: Each chunk is held back for this long, seconds, give or take `jitter_s`.
    delay_s: float = 0.0
    jitter_s: float = 0.0
    #: Bytes a second and direction; 0: as fast as it goes.
    bytes_per_s: float = 0.0
    #: Of all chunks, this share resets its connection.
    reset_share: float = 0.0
    #: Bytes of one write; 0: as they come.
    slice_bytes: int = 0
    #: Nothing is forwarded and nothing is closed: the other end is gone without a FIN.
    is_silent: bool = False
    #: New connections are reset at once.
    refuses: bool = False


FAIR = Weather()


class ChaosProxy:
    """Listens on 127.0.0.1:`port`, forwards to a port of this machine. `close` it."""

    def __init__(self, target_port: int, *, seed: int = 0) -> None:
        self.weather = FAIR
        #: time.monotonic() of each connection that was made.
        self.connects: list[float] = []
        #: How many replies were dropped, see `drop_reply_to`.
        self.dropped = 0
        self._drop: tuple[bytes, int] = (b"", 0)
        self._target_port = target_port
        self._chance = random.Random(seed)
        self._listening = Event()
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = Thread(target=self._run, name="chaos proxy", daemon=True)
        self._thread.start()
        self._listening.wait()

    def url(self, url: str) -> str:
        """The URL of the target, by way of this proxy."""
        parts = urlsplit(url)
        return urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.port}", f":{self.port}")))

    def drop_reply_to(self, request: bytes, *, times: int) -> None:
        """Swallow the replies to the next requests that contain this, and reset their connections."""
        self._drop = (request, times)

    def connects_since(self, moment: float) -> int:
        """Connections made since then, by time.monotonic()."""
        return sum(at >= moment for at in self.connects)

    def close(self) -> None:
        """End every connection and the thread."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(timeout=10)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = int(server.sockets[0].getsockname()[1])
        self._listening.set()
        await self._stop.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connects.append(time.monotonic())
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            if not self.weather.refuses:
                await self._join(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass  # one of the two ends is gone, or we are told to stop
        finally:
            self._tasks.discard(task)
            _reset(writer)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._target_port)
        doomed = asyncio.Event()
        pumps = [
            asyncio.ensure_future(self._pump(reader, up_writer, doomed, is_request=True)),
            asyncio.ensure_future(self._pump(up_reader, writer, doomed, is_request=False)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            up_writer.close()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, doomed: asyncio.Event, *, is_request: bool
    ) -> None:
        while chunk := await reader.read(_CHUNK_BYTES):
            weather = self.weather
            if is_request:
                self._doom(chunk, doomed)
            elif doomed.is_set():
                self.dropped += 1
                return
            if self._chance.random() < weather.reset_share:
                return
            if delay_s := weather.delay_s + weather.jitter_s * self._chance.uniform(-1, 1):
                await asyncio.sleep(delay_s)
            if weather.bytes_per_s:
                await asyncio.sleep(len(chunk) / weather.bytes_per_s)
            while self.weather.is_silent:
                await asyncio.sleep(_LOOK_S)
            step = weather.slice_bytes or len(chunk)
            for begin in range(0, len(chunk), step):
                writer.write(chunk[begin : begin + step])
                await writer.drain()

    def _doom(self, chunk: bytes, doomed: asyncio.Event) -> None:
        request, times = self._drop
        if times and request in chunk:
            self._drop = (request, times - 1)
            doomed.set()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with an RST."""
    with suppress(OSError):
        found = writer.get_extra_info("socket")
        found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
