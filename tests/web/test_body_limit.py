from __future__ import annotations

import asyncio
from typing import Any

import pytest

from visualizer.interfaces.body_limit import MAX_BODY_BYTES, body_limit


async def reads_all(scope: Any, receive: Any, send: Any) -> None:
    """An application that takes whatever comes."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def status_of(chunks: list[bytes]) -> int:
    """The answer to a body that comes in these pieces; how long it claims to be is nobody's business."""
    pieces: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    for chunk in chunks:
        pieces.put_nowait({"type": "http.request", "body": chunk, "more_body": True})
    pieces.put_nowait({"type": "http.request", "body": b"", "more_body": False})
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await body_limit(reads_all)({"type": "http"}, pieces.get, send)
    return int(sent[0]["status"])


@pytest.mark.parametrize(
    ("chunks", "status"),
    [
        ([], 200),
        ([b"x" * MAX_BODY_BYTES], 200),
        ([b"x" * (MAX_BODY_BYTES + 1)], 413),
        ([b"x" * 1024] * 65, 413),
    ],
)
async def test_a_body_is_refused_when_it_grows_too_large(chunks: list[bytes], status: int) -> None:
    assert await status_of(chunks) == status
