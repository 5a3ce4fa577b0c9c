"""A signed-in client, a socket like a browser's, and a hub of the test's own on a real Valkey."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime

import pytest
import redis
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from tests.declared_host import declare
from tests.drawn_world import beat_in_redis, draw_in_redis
from tests.kept_moments import forget_moments
from tests.runtime_apps import answer, app, call, connection, event, read, server, write
from tests.web.browser_socket import BrowserSocket
from visualizer import resources
from visualizer.core import calm_numbers
from visualizer.interfaces import graph_socket
from visualizer.interfaces.build_topology import refresh_topology
from visualizer.interfaces.hub import Hub
from visualizer.interfaces.open_sockets import OpenSockets
from visualizer.interfaces.session_check import SessionCheck
from visualizer.interfaces.socket_ends import SocketEnds


@pytest.fixture(autouse=True)
def _fast_passwords(settings: Settings) -> None:
    """The real hashing takes a third of a second, on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers that hardly move are told after seconds, for the eyes of people."""
    monkeypatch.setattr(calm_numbers, "DRAWN_PAUSE_S", 0.0)
    monkeypatch.setattr(calm_numbers, "SETTLE_S", 0.0)


@pytest.fixture
def use_redis(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Points this process's clients at a URL."""

    def use(url: str) -> None:
        monkeypatch.setattr(resources, "_redis_url", lambda: url)
        resources.shared_redis.cache_clear()
        forget_moments()

    yield use
    resources.shared_redis.cache_clear()


@pytest.fixture
def live(valkey: redis.Redis, valkey_url: str, use_redis: Callable[[str], None]) -> redis.Redis:
    """A Valkey in which everything is drawn and everybody has just reported."""
    use_redis(valkey_url)
    draw_in_redis(valkey)
    beat_in_redis(valkey, now_s=time.time())
    return valkey


@pytest.fixture
def shop(live: redis.Redis, db: None) -> redis.Redis:
    """web calls pay and writes orders, of which there may be 1,200; pack reads them. The shop runs on two hosts."""
    live.flushall()
    events = {"web": event("GET", connections=[call("bank", "pay")], write_stream=write("orders"))}
    servers = [server(1, url="http://a"), server(2, url="http://b")]
    shop = app("shop", events, connections={"bank": connection("bank")}, servers=servers)
    shop["shop.1x0"]["app_config"]["effective_settings"] = {"web": {"stream": {"target_max_len": 1200}}}
    others = app("bank", {"pay": event("GET")}), app("store", {"pack": event("STREAM", read_stream=read("orders"))})
    declare(live, "http://a", answer(shop, *others))
    refresh_topology(live, now=datetime.now(UTC))
    return live


@pytest.fixture
def no_redis(use_redis: Callable[[str], None]) -> None:
    """A port on which nobody listens."""
    use_redis("redis://127.0.0.1:1/0")


@pytest.fixture
def admin(db: None) -> User:
    """The administrator."""
    return User.objects.create_superuser("admin")


@pytest.fixture
def signed_in(admin: User) -> Client:
    """The administrator's browser."""
    client = Client()
    client.force_login(admin)
    return client


@pytest.fixture
async def hub(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hub]:
    """The process's hub, which ends with the test."""
    fresh = Hub(open_redis=resources.open_async_redis)
    monkeypatch.setattr(graph_socket, "hub", fresh)
    monkeypatch.setattr(graph_socket, "sockets", OpenSockets())
    monkeypatch.setattr(graph_socket, "ends", SocketEnds())
    monkeypatch.setattr(graph_socket, "sessions", SessionCheck())
    yield fresh
    await fresh.stop()


@pytest.fixture
async def open_socket(
    transactional_db: None, signed_in: Client, hub: Hub
) -> AsyncIterator[Callable[..., Awaitable[BrowserSocket]]]:
    """Opens sockets as the administrator; closes them after the test."""
    sockets: list[BrowserSocket] = []

    async def open_one(view: str = "standard", *, client: Client = signed_in, **options: str) -> BrowserSocket:
        sockets.append(BrowserSocket(view, client=client, **options))
        await sockets[-1].open()
        return sockets[-1]

    yield open_one
    for socket in sockets:
        await socket.close()
