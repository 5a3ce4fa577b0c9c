"""A socket as a browser opens it, with a browser's memory: it keeps the picture that the messages make."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import msgspec
from channels.testing import WebsocketCommunicator
from django.test import Client

from visualizer.asgi import application
from visualizer.core.graph_state import Picture, apply
from visualizer.models.delta import Beat, Delta

_decode = msgspec.json.Decoder(Delta | Beat).decode


class BrowserSocket:
    """One socket; `picture` is what the browser would draw."""

    def __init__(
        self, view: str, *, client: Client, origin: str | None = "http://testserver", path: str = "/ws/graph"
    ) -> None:
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        headers = [(b"host", b"testserver"), (b"cookie", cookies.encode())]
        headers += [(b"origin", origin.encode())] if origin is not None else []
        self._line: Any = WebsocketCommunicator(application, f"{path}?view={view}", headers=headers)
        self.is_open = False
        self.picture = Picture()
        #: Of the last delta.
        self.seq = -1
        #: The last one.
        self.beat: Beat | None = None

    async def open(self) -> None:
        """The handshake; `is_open` says how it ended."""
        self.is_open, _ = await self._line.connect(timeout=60)

    async def close(self) -> None:
        """The browser goes away."""
        await self._line.disconnect()

    async def send(self, message: dict[str, Any] | str) -> None:
        """Say something."""
        await self._line.send_to(text_data=message if isinstance(message, str) else json.dumps(message))

    async def receive(self, *, acknowledge: bool = True, timeout_s: float = 60) -> Delta | Beat:
        """The next message, taken into the picture."""
        message: Delta | Beat = _decode(await self._line.receive_from(timeout=timeout_s))
        if isinstance(message, Beat):
            self.beat = message
            return message
        assert message.reset or message.seq == self.seq + 1, f"{message.seq} does not follow {self.seq}"
        self.seq = message.seq
        self.picture = apply(self.picture, message)
        if acknowledge:
            await self.send({"type": "ack", "seq": message.seq})
        return message

    async def until(self, condition: Any, *, acknowledge: bool = True, timeout_s: float = 60) -> None:
        """Take messages until the condition is true of this socket."""
        async with asyncio.timeout(timeout_s):
            while not condition(self):
                await self.receive(acknowledge=acknowledge, timeout_s=timeout_s)

    async def closed_with(self, *, timeout_s: float = 60) -> int:
        """The code that the server closes the socket with; everything before it is let go."""
        async with asyncio.timeout(timeout_s):
            while (message := await self._line.receive_output(timeout=timeout_s))["type"] != "websocket.close":
                pass
        return int(message["code"])
