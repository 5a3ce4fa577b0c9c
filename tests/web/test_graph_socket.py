from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
import redis
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.test import Client

from tests.drawn_world import PLACE, PLACE_KEY, publish, ran
from tests.web.browser_socket import BrowserSocket
from visualizer.config import read_options
from visualizer.interfaces import open_sockets, socket_ends
from visualizer.interfaces.graph_socket import MAX_MESSAGE_BYTES, POLICY
from visualizer.interfaces.open_sockets import SIGNED_OUT
from visualizer.interfaces.viewer import WINDOW

OpenSocket = Callable[..., Awaitable[BrowserSocket]]


@pytest.mark.parametrize("view", ["standard", "expanded"])
async def test_the_first_message_is_a_snapshot(live: redis.Redis, open_socket: OpenSocket, view: str) -> None:
    socket = await open_socket(view)
    await socket.until(lambda s: s.picture.nodes)
    assert socket.seq >= 0
    assert (">orders" in socket.picture.nodes) is (view == "standard")
    assert (">orders.AUTO" in socket.picture.nodes) is (view == "expanded")


async def test_a_stranger_is_refused_before_the_handshake_ends(live: redis.Redis, open_socket: OpenSocket) -> None:
    socket = await open_socket(client=Client())
    assert not socket.is_open


@pytest.mark.parametrize(
    "origin", [None, "null", "http://testserver:8001", "https://testserver", "http://evil.example"]
)
async def test_pages_of_others_are_refused(live: redis.Redis, open_socket: OpenSocket, origin: str | None) -> None:
    assert not (await open_socket(origin=origin)).is_open


@pytest.mark.parametrize(("view", "path"), [("nothing", "/ws/graph"), ("", "/ws/graph"), ("standard", "/ws/other")])
async def test_what_does_not_exist_is_refused(live: redis.Redis, open_socket: OpenSocket, view: str, path: str) -> None:
    assert not (await open_socket(view, path=path)).is_open


@pytest.mark.parametrize(
    "message",
    [
        "no json",
        "[]",
        "{}",
        json.dumps({"type": "ack"}),
        json.dumps({"type": "ack", "seq": "1"}),
        json.dumps({"type": "ack", "seq": 1, "more": 1}),
        json.dumps({"type": "subscribe"}),
        "[" * 10_000,
        json.dumps({"type": "ack", "seq": 1}) + " " * MAX_MESSAGE_BYTES,
    ],
)
async def test_what_is_not_understood_ends_the_socket(live: redis.Redis, open_socket: OpenSocket, message: str) -> None:
    socket = await open_socket()
    await socket.send(message)
    assert await socket.closed_with() == POLICY


@pytest.mark.parametrize("message", [{"type": "ack", "seq": 0}, {"type": "resync"}])
async def test_a_flood_ends_the_socket(live: redis.Redis, open_socket: OpenSocket, message: dict[str, object]) -> None:
    socket = await open_socket()
    for _ in range(200):
        await socket.send(message)
    assert await socket.closed_with() == POLICY


async def test_a_resync_brings_the_whole_picture_again(live: redis.Redis, open_socket: OpenSocket) -> None:
    socket = await open_socket()
    await socket.until(lambda s: s.picture.nodes)
    await socket.send({"type": "resync"})
    assert "reset" in str(await _next_delta(socket))


async def test_a_stalled_browser_gets_a_snapshot_when_it_comes_back(live: redis.Redis, open_socket: OpenSocket) -> None:
    socket = await open_socket()
    await socket.until(lambda s: s.picture.nodes and s.beat)
    updates = publish(live)
    for count in range(1, 30):
        publish(live, ran(PLACE_KEY, done=count, last_s=count), updates=updates)
        # Each has to be a delta of its own: the hub takes what comes together as one.
        await socket.until(lambda s, n=count: s.seq >= n or n > WINDOW, acknowledge=False)
    stuck_at = socket.seq
    await socket.send({"type": "ack", "seq": stuck_at})
    await socket.until(lambda s: s.picture.nodes[PLACE].stats.done == 29)
    assert socket.seq > stuck_at + 1


async def test_signing_out_closes_the_socket(
    live: redis.Redis, open_socket: OpenSocket, signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_sockets, "SESSION_CHECK_S", 0.05)
    socket = await open_socket()
    await sync_to_async(signed_in.post)("/sign-out")
    assert await socket.closed_with() == SIGNED_OUT


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "changed"}])
async def test_a_locked_account_and_another_password_close_the_socket(
    live: redis.Redis, open_socket: OpenSocket, monkeypatch: pytest.MonkeyPatch, change: dict[str, object]
) -> None:
    monkeypatch.setattr(open_sockets, "SESSION_CHECK_S", 0.05)
    socket = await open_socket()
    await User.objects.aupdate(**change)
    assert await socket.closed_with() == SIGNED_OUT


async def test_a_user_opens_no_more_sockets_than_the_limit(
    live: redis.Redis, open_socket: OpenSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = replace(read_options(), most_sockets_of_user=2)
    monkeypatch.setattr(open_sockets, "read_options", lambda: options)
    first, second, third = [await open_socket() for _ in range(3)]
    assert (first.is_open, second.is_open, third.is_open) == (True, True, False)
    await first.close()
    assert (await open_socket()).is_open


async def test_who_is_refused_or_sent_away_is_counted(
    live: redis.Redis, open_socket: OpenSocket, signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_ends, "TELL_AFTER_S", 0.0)
    await open_socket(origin="http://evil.example")
    await open_socket(client=Client())
    socket = await open_socket()
    await socket.send("no json")
    await socket.closed_with()
    told = ('refused_total{reason="origin"}', 'refused_total{reason="stranger"}', 'closed_total{reason="policy"}')
    async with asyncio.timeout(60):
        while True:
            text = (await sync_to_async(signed_in.get)("/metrics")).content.decode()
            if all(f"eventscope_sockets_{each} 1.0" in text for each in told):
                break


async def _next_delta(socket: BrowserSocket) -> object:
    while True:
        message = await socket.receive()
        if type(message).__name__ == "Delta":
            return message
