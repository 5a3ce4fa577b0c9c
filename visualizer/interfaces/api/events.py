"""
/events: what the pages' socket says, as server-sent events. A reader cannot acknowledge, so what the server has taken
off us counts as read: uvicorn takes no more than its reader does; daphne takes everything, so a stream ends after some
megabytes, and its reader comes again.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Coroutine
from http import HTTPStatus
from typing import Any

from django.db import connection
from django.http import HttpRequest, StreamingHttpResponse

from visualizer.interfaces import graph_socket
from visualizer.interfaces.api.access import Reader
from visualizer.interfaces.api.endpoints import get
from visualizer.interfaces.api.parameters import View
from visualizer.interfaces.api.problem import ApiProblem
from visualizer.models.api_token import READ_GRAPH

#: Of this process. Each keeps a thread and its place among the sockets.
MOST_STREAMS = 100
#: The same of one token or user: a script that forgets to close them leaves room for others.
MOST_OF_READER = 20
#: After so much a stream ends; a snapshot of 10,000 nodes has 5 MiB.
MAX_CHARS = 16 * 1024 * 1024
#: So soon a browser opens it again.
RETRY_MS = 1000
_HEADERS = {
    "Cache-Control": "no-store, no-transform",
    # nginx would keep what is to be seen at once.
    "X-Accel-Buffering": "no",
}
_open = Counter[int]()


@get("/events", answer=None, scope=READ_GRAPH)
def events(request: HttpRequest, view: View = "standard") -> StreamingHttpResponse:
    """
    The live stream, as server-sent events.

    Each event's data is one JSON text as visualizer/models/delta.py tells: a `delta`, the first of them with `reset`
    and everything, or twice a second a `beat`. A reader that was away, or too slow, gets everything anew. It ends when
    the token or the session does, and now and then by itself: open it again.
    """
    reader: Reader = request.auth  # type: ignore[attr-defined]
    if not _has_room(_place_of(reader)):
        detail = f"Expected at most {MOST_STREAMS} open streams, {MOST_OF_READER} of one reader; there are as many."
        raise ApiProblem(HTTPStatus.TOO_MANY_REQUESTS, detail, headers={"Retry-After": "10"})
    # This thread waits for the stream's end, and would keep its connection until then.
    if not connection.in_atomic_block:
        connection.close()
    return EventStream(_events(view, reader), content_type="text/event-stream", headers=_HEADERS)


class EventStream(StreamingHttpResponse):
    """Hands out its generator itself: when a reader goes, that is closed at once, and not by a finalizer some time."""

    def __init__(self, parts: AsyncGenerator[bytes, None], **options: Any) -> None:
        super().__init__(parts, **options)
        self._parts = parts

    def __aiter__(self) -> AsyncGenerator[bytes, None]:
        return self._parts


async def _events(view: str, reader: Reader) -> AsyncGenerator[bytes, None]:
    hub, sockets, place = graph_socket.hub, graph_socket.sockets, _place_of(reader)
    viewer = await hub.join(view)
    _open[place] += 1
    try:
        with (
            sockets.place(place),
            sockets.guarded(viewer, session_key=reader.session_key, token_id=reader.token_id) as socket,
        ):
            yield b"retry: %d\n\n" % RETRY_MS
            left = MAX_CHARS
            while left > 0 and (message := await _before(socket.ended, viewer.next_message())):
                seq, text = message
                yield (f"id: {hub.id}-{seq}\ndata: {text}\n\n" if seq >= 0 else f"data: {text}\n\n").encode()
                viewer.acknowledge(seq)
                left -= len(text)
    finally:
        _open[place] -= 1
        if not _open[place]:
            del _open[place]
        hub.leave(view, viewer)


async def _before(end: asyncio.Future[int], message: Coroutine[Any, Any, tuple[int, str]]) -> tuple[int, str] | None:
    """The message, if it comes before the end."""
    waiting = asyncio.ensure_future(message)
    try:
        await asyncio.wait((waiting, end), return_when=asyncio.FIRST_COMPLETED)
        return None if end.done() else waiting.result()
    finally:
        waiting.cancel()


def _has_room(place: int) -> bool:
    is_full = _open.total() >= MOST_STREAMS or _open[place] >= MOST_OF_READER
    return not is_full and graph_socket.sockets.has_room(place)


def _place_of(reader: Reader) -> int:
    """Tokens have places beside those of users."""
    return reader.user_id or -reader.token_id
