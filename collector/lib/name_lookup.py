"""Looking up a host's name so that a name server that does not answer holds up nobody."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from threading import Thread


async def look_up(host: str, port: int) -> None:
    """
    Wait until the name resolves; the caller's deadline ends the waiting.

    In a daemon thread: asyncio's own lookups share a few threads that nobody can stop, so that some stuck ones hold up
    all the others, and the end of the process.

    Raises:
        socket.gaierror, UnicodeError: there is no such name.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def settle(error: Exception | None) -> None:
        if not done.done():
            done.set_result(None) if error is None else done.set_exception(error)

    def ask() -> None:
        error: Exception | None = None
        try:
            socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as exc:
            error = exc
        # The loop may have ended meanwhile; then nobody waits.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, error)

    Thread(target=ask, name="name-lookup", daemon=True).start()
    await done
