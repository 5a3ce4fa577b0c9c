"""The live stream of the API: what comes, and when it ends; at last from a real daphne and a real uvicorn."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import pytest
import redis
from asgiref.sync import sync_to_async
from django.test import AsyncClient

from tests.drawn_world import PLACE, PLACE_KEY, beat_in_redis, draw_in_redis, publish, ran
from tests.ports import own_port
from tests.web.api_client import ApiClient, problem_of
from tests.world import World
from visualizer.interfaces import open_sockets
from visualizer.interfaces.api import access, events
from visualizer.interfaces.hub import Hub
from visualizer.repo.api_tokens import revoke_token

TWO_TOKENS = """
from datetime import UTC, datetime, timedelta
from visualizer.repo.api_tokens import make_token
for name in ("a", "b"):
    print(make_token(name, scopes=["read:graph"], now=datetime.now(UTC), valid_for=timedelta(days=1)))
"""
pytestmark = pytest.mark.django_db(transaction=True)


class Stream:
    """A reader of the stream in this process."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self._parts: Any = aiter(response)

    async def until(self, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first message of which this is true."""
        async with asyncio.timeout(60):
            async for message in self.messages():
                if is_it(message):
                    return message
        raise AssertionError("the stream ended")

    async def to_its_end(self) -> list[dict[str, Any]]:
        """All that comes."""
        async with asyncio.timeout(60):
            return [message async for message in self.messages()]

    async def close(self) -> None:
        """The reader goes away."""
        await self._parts.aclose()

    async def messages(self) -> AsyncIterator[dict[str, Any]]:
        """What comes, until the stream ends."""
        async for part in self._parts:
            if (message := message_of(part.decode())) is not None:
                yield message


def message_of(text: str) -> dict[str, Any] | None:
    data = [line.removeprefix("data: ") for line in text.splitlines() if line.startswith("data: ")]
    return json.loads(data[0]) if data else None


@pytest.fixture
async def script(live: redis.Redis, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> ApiClient:
    monkeypatch.setattr(access, "_budgets", {})
    return await sync_to_async(ApiClient)()


async def open_stream(script: ApiClient, **query: str) -> Stream:
    headers = {"Authorization": f"Bearer {script.token}"}
    response = await AsyncClient().get("/api/v1/events", query_params=query, headers=headers)
    assert response.status_code == 200, response.content
    return Stream(response)


async def test_it_begins_with_everything_and_tells_what_changes(script: ApiClient, valkey: redis.Redis) -> None:
    stream = await open_stream(script)
    assert stream.response["Content-Type"] == "text/event-stream"
    assert stream.response["Cache-Control"] == "no-store, no-transform"
    first = await stream.until(lambda message: message["type"] == "delta")
    assert first["reset"]
    number = next(node["n"] for node in first["add"]["nodes"] if node["id"] == PLACE)
    await stream.until(lambda message: message["type"] == "beat")
    publish(valkey, ran(PLACE_KEY, done=3, last_s=time.time()))
    changed = await stream.until(lambda message: str(number) in message.get("update", {}).get("nodes", {}))
    assert changed["update"]["nodes"][str(number)]["done"] == 3
    assert changed["seq"] > first["seq"]


async def test_it_ends_with_its_token(script: ApiClient, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_sockets, "SESSION_CHECK_S", 0.1)
    stream = await open_stream(script, view="expanded")
    await stream.until(lambda message: message["type"] == "delta")
    assert hub.viewers == 1
    assert await sync_to_async(revoke_token)("script")
    await stream.to_its_end()
    assert hub.viewers == 0


async def test_it_ends_after_some_megabytes_as_nobody_says_that_they_were_read(
    script: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "MAX_CHARS", 1)
    stream = await open_stream(script)
    assert [message["type"] for message in await stream.to_its_end()] == ["delta"]


@pytest.mark.parametrize("limit", ["MOST_STREAMS", "MOST_OF_READER"])
async def test_there_is_room_for_some(script: ApiClient, hub: Hub, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(events, limit, 1)
    stream = await open_stream(script)
    await stream.until(lambda message: message["type"] == "delta")
    refused = await sync_to_async(script.get)("events")
    assert "open streams" in problem_of(refused, 429)
    await stream.close()
    assert hub.viewers == 0
    await (await open_stream(script)).close()


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_a_real_server_hands_out_what_changes_and_ends_in_time(make_world: Callable[..., World], server: str) -> None:
    world = make_world(PYTHONWARNINGS="ignore")
    valkey, port = world.start_valkey(), own_port()
    draw_in_redis(valkey)
    beat_in_redis(valkey, now_s=time.time())
    tokens = world.manage("shell", "--verbosity", "0", "-c", TWO_TOKENS).stdout.split()
    world.start_web(port, server=server)
    with closing(valkey), opened(port, tokens[0]) as first, opened(port, tokens[1]) as second:
        assert next(messages(first))["reset"]
        assert next(messages(second))["reset"]
        publish(valkey, ran(PLACE_KEY, done=3, last_s=time.time()))
        assert any(message.get("update", {}).get("nodes") for message in messages(first))
        world.manage("api_token", "revoke", "a")
        assert [message for message in messages(first) if message["type"] not in ("delta", "beat")] == []
        world.kill("web", signal.SIGTERM)


@contextmanager
def opened(port: int, token: str) -> Iterator[HTTPResponse]:
    """The stream as a script reads it."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", "/api/v1/events", headers={"Authorization": f"Bearer {token}"})
        with connection.getresponse() as response:
            assert (response.status, response.headers["Content-Type"]) == (200, "text/event-stream")
            assert "Content-Security-Policy" in response.headers
            yield response


def messages(response: HTTPResponse) -> Iterator[dict[str, Any]]:
    """Those that come, until the stream ends."""
    while line := response.readline():
        if (message := message_of(line.decode())) is not None:
            yield message
