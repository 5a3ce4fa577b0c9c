"""Refuses bodies that no form of ours has, before Django writes them to disk, whatever length they claim."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

#: The largest form has a user name and two passwords.
MAX_BODY_BYTES = 64 * 1024


class TooLarge(Exception):
    """The body grew over the limit."""


def body_limit(app: App) -> App:
    """The ASGI application, with 413 for a larger body."""

    async def limited(scope: Scope, receive: Receive, send: Send) -> None:
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > MAX_BODY_BYTES:
                raise TooLarge
            return message

        try:
            await app(scope, counted, send)
        except TooLarge:
            await _refuse(send)

    return limited


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"text/plain"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": b"The body is too large.\n"})
