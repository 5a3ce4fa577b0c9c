"""
/ws/graph?view=standard|expanded: a Delta or Beat (visualizer/models/delta.py) a message to the browser; from it
{"type": "ack", "seq": n} and {"type": "resync"}, nothing else.

A plain ASGI loop rather than a consumer class: Channels' dispatch would close database connections, in a thread, at
each acknowledgement.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

import msgspec
from channels.auth import get_user
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError

from visualizer.interfaces.hub import Hub
from visualizer.interfaces.origin import may_connect
from visualizer.interfaces.token_bucket import TokenBucket
from visualizer.interfaces.viewer import Viewer
from visualizer.models.node_id import VIEWS
from visualizer.resources import open_async_redis

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

#: An acknowledgement has 30 bytes. daphne is told to refuse more than this, too.
MAX_MESSAGE_BYTES = 16 * 1024
#: Ten deltas a second are acknowledged one by one; a resync costs a snapshot.
MESSAGES_PER_S, MESSAGES_AT_ONCE, RESYNC_COST = 25, 100, 20
#: People share the one account that `make up` makes, and leave tabs open.
MAX_SOCKETS_OF_USER, MAX_SOCKETS = 100, 500
#: How soon the end of a session (sign-out, another password, a locked account) closes its sockets.
SESSION_CHECK_S = 4.0
#: Close codes: 1008 is the standard's "policy violation", the others are ours.
POLICY, SIGNED_OUT, NO_ACK = 1008, 4401, 4408

#: The one hub of this process.
hub = Hub(open_redis=open_async_redis)
_sockets: Counter[int] = Counter()


class Ack(msgspec.Struct, tag="ack", tag_field="type", forbid_unknown_fields=True):
    """Everything up to `seq` is drawn."""

    seq: int


class Resync(msgspec.Struct, tag="resync", tag_field="type", forbid_unknown_fields=True):
    """The browser wants a snapshot."""


_decode = msgspec.json.Decoder(Ack | Resync).decode


async def graph_socket(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """One socket, from its handshake to its end."""
    await receive()  # websocket.connect
    view = parse_qs(scope["query_string"].decode("ascii", "replace")).get("view", [""])[0]
    user_id = scope["user"].pk
    is_full = _sockets[user_id] >= MAX_SOCKETS_OF_USER or _sockets.total() >= MAX_SOCKETS
    if view not in VIEWS or is_full or not _may_open(scope):
        await send({"type": "websocket.close"})  # before it is accepted: the handshake is answered with 403
        return
    await send({"type": "websocket.accept"})
    _sockets[user_id] += 1
    try:
        code = await _look(view, receive, send, session_key=scope["session"].session_key)
    finally:
        _sockets[user_id] -= 1
    if code:
        await send({"type": "websocket.close", "code": code})


async def no_socket(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Every other path: refused like a stranger."""
    await receive()
    await send({"type": "websocket.close"})


async def _look(view: str, receive: Receive, send: Send, *, session_key: str) -> int:
    viewer = await hub.join(view)
    try:
        return await _serve(viewer, receive, send, session_key=session_key)
    finally:
        hub.leave(view, viewer)


async def _serve(viewer: Viewer, receive: Receive, send: Send, *, session_key: str) -> int:
    """Run until one side ends it; returns the code to close with, 0 when the browser has gone."""
    loops = [_read(viewer, receive), _write(viewer, send), _guard(viewer, session_key)]
    tasks = [asyncio.ensure_future(loop) for loop in loops]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return next(iter(done)).result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _read(viewer: Viewer, receive: Receive) -> int:
    budget = TokenBucket(burst=MESSAGES_AT_ONCE, per_s=MESSAGES_PER_S, clock=time.monotonic)
    while (message := await receive())["type"] == "websocket.receive":
        text = message.get("text")
        if not text or len(text) > MAX_MESSAGE_BYTES or not budget.take():
            return POLICY
        try:
            command = _decode(text)
        except msgspec.DecodeError:
            return POLICY
        if isinstance(command, Ack):
            viewer.acknowledge(command.seq)
        elif budget.take(RESYNC_COST):
            viewer.resync()
        else:
            return POLICY
    return 0


async def _write(viewer: Viewer, send: Send) -> int:
    while True:
        await send({"type": "websocket.send", "text": await viewer.next_text()})


async def _guard(viewer: Viewer, session_key: str) -> int:
    """Ends when the browser is dead or its session is over."""
    while True:
        await asyncio.sleep(SESSION_CHECK_S)
        if viewer.is_dead:
            return NO_ACK
        if not await _is_signed_in(session_key):
            return SIGNED_OUT


def _may_open(scope: dict[str, Any]) -> bool:
    return bool(scope["user"].is_authenticated) and may_connect(
        scope["headers"],
        is_tls=scope.get("scheme") == "wss",
        allowed_hosts=settings.ALLOWED_HOSTS,
        trusted_origins=settings.CSRF_TRUSTED_ORIGINS,
    )


async def _is_signed_in(session_key: str) -> bool:
    """Asked of the database anew; while that does not answer, nobody is sent away."""
    try:
        user = await get_user({"session": SessionStore(session_key)})
    except DatabaseError:
        return True
    return bool(user.is_authenticated)
