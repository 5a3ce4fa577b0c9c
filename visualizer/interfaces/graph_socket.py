"""
/ws/graph?view=standard|expanded: a Delta or Beat (visualizer/models/delta.py) a message to the browser; from it
{"type": "ack", "seq": n} and {"type": "resync"}, nothing else.

A plain ASGI loop rather than a consumer class: Channels' dispatch would close database connections, in a thread, at
each acknowledgement, and its sessions ask the database for each socket alone.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

import msgspec
from django.conf import settings
from django.db import DatabaseError
from django.http import parse_cookie

from visualizer.interfaces.hub import Hub
from visualizer.interfaces.open_sockets import OpenSocket, OpenSockets
from visualizer.interfaces.origin import may_connect
from visualizer.interfaces.session_check import SessionCheck
from visualizer.interfaces.socket_ends import ends
from visualizer.interfaces.token_bucket import TokenBucket
from visualizer.interfaces.viewer import Viewer
from visualizer.models.node_id import VIEWS
from visualizer.resources import open_async_redis

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

PATH = "/ws/graph"
#: An acknowledgement has 30 bytes. daphne is told to refuse more than this, too.
MAX_MESSAGE_BYTES = 16 * 1024
#: Ten deltas a second are acknowledged one by one; a resync costs a snapshot.
MESSAGES_PER_S, MESSAGES_AT_ONCE, RESYNC_COST = 25, 100, 20
#: Close code: it said what nobody should. The standard's 1008 is none that an application may send by Autobahn.
POLICY = 4400
#: A browser that does not read is told good-bye in vain.
CLOSE_WITHIN_S = 1.0

#: The one hub of this process, and those who look.
hub = Hub(open_redis=open_async_redis)
sockets = OpenSockets()
sessions = SessionCheck()


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
    session_key = _session_key(scope)
    user_id = await _user_of(session_key)
    if reason := _refusal(scope, view, user_id):
        ends.refused(reason)
        await send({"type": "websocket.close"})  # before it is accepted: the handshake is answered with 403
        return
    with sockets.place(user_id):
        await send({"type": "websocket.accept"})
        code = await _look(view, receive, send, session_key=session_key)
        if code:
            ends.closed(code)
            with suppress(TimeoutError):
                await asyncio.wait_for(send({"type": "websocket.close", "code": code}), CLOSE_WITHIN_S)


async def _look(view: str, receive: Receive, send: Send, *, session_key: str) -> int:
    viewer = await hub.join(view)
    try:
        with sockets.guarded(viewer, session_key=session_key) as socket:
            return await _serve(socket, receive, send)
    finally:
        hub.leave(view, viewer)


async def _serve(socket: OpenSocket, receive: Receive, send: Send) -> int:
    """Run until one side ends it; returns the code to close with, 0 when the browser has gone."""
    loops = [_read(socket.viewer, receive), _write(socket.viewer, send)]
    tasks = [asyncio.ensure_future(loop) for loop in loops]
    try:
        done, _ = await asyncio.wait([*tasks, socket.ended], return_when=asyncio.FIRST_COMPLETED)
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


def _session_key(scope: dict[str, Any]) -> str:
    cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
    return parse_cookie(cookies.decode("latin-1")).get(settings.SESSION_COOKIE_NAME, "")


async def _user_of(session_key: str) -> int:
    """0 for nobody, and while the database does not answer."""
    try:
        return (session_key and await sessions.user_of(session_key)) or 0
    except DatabaseError:
        return 0


def _refusal(scope: dict[str, Any], view: str, user_id: int) -> str:
    """Why it is not let in, one of REFUSALS; "" when it is."""
    if not user_id:
        return "stranger"
    if not _is_our_page(scope):
        return "origin"
    if scope["path"] != PATH or view not in VIEWS:
        return "view"
    return "" if sockets.has_room(user_id) else "full"


def _is_our_page(scope: dict[str, Any]) -> bool:
    return may_connect(
        scope["headers"],
        is_tls=scope.get("scheme") == "wss",
        allowed_hosts=settings.ALLOWED_HOSTS,
        trusted_origins=settings.CSRF_TRUSTED_ORIGINS,
    )
