"""A small HTTP server on a free port of 127.0.0.1 that answers as a test wants, well or badly."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Answer = Callable[[str, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class HttpServer:
    """What runs, and what it was asked."""

    #: "http://127.0.0.1:40123".
    url: str
    #: Request targets in order: "/api/…?url=…".
    targets: list[str] = field(default_factory=list)
    #: Header blocks in the same order, lower case.
    headers: list[str] = field(default_factory=list)


@asynccontextmanager
async def http_server(answer: Answer, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[HttpServer]:
    """Serve until the block ends; `answer` writes the whole response, the connection is closed after it."""
    running: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            made.targets.append(head.split(" ")[1])
            made.headers.append(head.partition("\r\n")[2].lower())
            await answer(made.targets[-1], writer)
            await writer.drain()
            writer.close()
            await writer.wait_closed()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the other end had enough
        except asyncio.CancelledError:
            pass  # the test is over; asyncio logs a server task that ends cancelled
        finally:
            writer.transport.abort()
            running.discard(task)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    made = HttpServer(url=f"http{'s' if tls else ''}://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    try:
        yield made
    finally:
        server.close()
        for task in list(running):
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        # One turn of the loop, in which aborted connections are closed.
        await asyncio.sleep(0)


def respond(body: bytes, *, status: str = "200 OK", headers: str = "", length: int | None = None) -> Answer:
    """An answer with this body; `length` lies about its Content-Length."""

    async def answer(_target: str, writer: asyncio.StreamWriter) -> None:
        size = len(body) if length is None else length
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\n{headers}\r\n".encode() + body)

    return answer
