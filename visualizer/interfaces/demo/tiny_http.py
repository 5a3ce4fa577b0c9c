"""Just enough HTTP/1.1 for the demo's apps to ask each other and to be asked; one request a connection."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

TIMEOUT_S = 5.0
MAX_BODY_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked."""

    #: GET or POST.
    method: str
    #: Without the query.
    path: str
    #: The query's fields.
    query: Mapping[str, str]
    #: Names in lower case.
    headers: Mapping[str, str]
    #: As sent.
    body: bytes


Respond = Callable[[Request], Awaitable[tuple[int, Any]]]


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, respond: Respond) -> None:
    """Answer one request with (status, JSON), whatever comes."""
    try:
        async with asyncio.timeout(TIMEOUT_S):
            status, answer = await respond(await _read_request(reader))
            body = json.dumps(answer).encode()
            head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: application/json\r\n"
            writer.write(f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
            await writer.drain()
            writer.close()
            await writer.wait_closed()
    except (OSError, ValueError, EOFError, TimeoutError, asyncio.LimitOverrunError):
        pass  # nobody is there any more, or it was no request
    finally:
        writer.transport.abort()


async def ask(
    url: str, *, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes = b""
) -> tuple[int, Any]:
    """
    The status and JSON of an answer.

    Raises:
        OSError, ValueError, EOFError: nobody answers, or no JSON.
        TimeoutError: nothing came within TIMEOUT_S.
    """
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = [f"{method} {target} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    async with asyncio.timeout(TIMEOUT_S):
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        try:
            writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
            head = await reader.readuntil(b"\r\n\r\n")
            return int(head.split(b" ", 2)[1]), json.loads(await reader.read())
        finally:
            writer.transport.abort()


async def _read_request(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ", 2)
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    size = int(headers.get("content-length", "0"))
    if not 0 <= size <= MAX_BODY_BYTES:
        raise ValueError("a body too large")
    parts = urlsplit(target)
    body = await reader.readexactly(size)
    return Request(method, parts.path, dict(parse_qsl(parts.query)), headers, body)
