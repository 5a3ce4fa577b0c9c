"""config_manager on the kernel: real hosts over sockets, states in a real Redis."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
import redis
import svcs
from redis.asyncio import Redis

from collector.applications.sources.config_manager import ConfigManager
from collector.kernel.events import BatchesParsed, ConfigChanged, HostDown, HostUp
from collector.kernel.kernel import Kernel
from collector.kernel.status import Status
from collector.models import redis_keys
from collector.models.batch import LogBatch
from collector.models.count_table import CountTable
from collector.models.file_record import FileRecord
from collector.models.haul import ParsedPart
from collector.models.host import HostAnswer
from collector.models.log_span import LogSpan
from collector.models.options import Options
from tests.http_server import http_server, respond
from tests.kept_hosts import states, until
from tests.ports import own_port

CONFIGS = Path(__file__).parent.parent / "fixtures" / "hopeit" / "config"
SIMPLE = (CONFIGS / "runtime_apps_config.simple.json").read_bytes()
ORDERS = (CONFIGS / "runtime_apps_config.orders.json").read_bytes()


class Host:
    """A host whose body and liveness a test changes while it is polled."""

    def __init__(self, body: bytes = SIMPLE) -> None:
        self.body = body
        self.status = "200 OK"
        self.url = ""
        self.targets: list[str] = []
        self._this_round = body

    async def answer(self, target: str, writer: asyncio.StreamWriter) -> None:
        # Both questions of a round get one body: a change between them would be two changes.
        if "expand_events=false" in target:
            self._this_round = self.body
        await respond(self._this_round, status=self.status)(target, writer)


@asynccontextmanager
async def serving(*hosts: Host) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        for host in hosts:
            server = await stack.enter_async_context(http_server(host.answer))
            host.url, host.targets = server.url, server.targets
        yield


@asynccontextmanager
async def polling(url: str, folder: Path, *hosts: str, **options: Any) -> AsyncIterator[tuple[Kernel, list[object]]]:
    """A booted kernel with config_manager alone, and the events it tells."""
    client = Redis.from_url(url, socket_timeout=20)
    registry = svcs.Registry()
    registry.register_value(Redis, client)
    made = Options(hosts=hosts, data_dir=folder, **{"poll_interval_s": 0.05, **options})
    status = Status(collector_id="c:1", host_id="c", started_s=0)
    kernel = Kernel([ConfigManager()], options=made, status=status, registry=registry)
    events: list[object] = []

    async def hear(event: object) -> None:
        events.append(event)

    for kind in (HostUp, HostDown, ConfigChanged):
        kernel.bus.listen(kind, hear)
    await kernel.boot()
    try:
        yield kernel, events
    finally:
        await kernel.shutdown()
        await client.aclose()


def config_version(valkey: redis.Redis) -> int:
    value: Any = valkey.get(redis_keys.CONFIG_VERSION)
    return int(value or 0)


async def test_all_hosts_are_asked_and_kept_in_order(valkey: redis.Redis, valkey_url: str, tmp_path: Path) -> None:
    one, two, dead = Host(SIMPLE), Host(ORDERS), f"http://127.0.0.1:{own_port()}"
    async with serving(one, two), polling(valkey_url, tmp_path, one.url, dead, two.url) as (_, events):
        kept = await until(lambda: len(found := states(valkey)) == 3 and found)
    assert [kept[url].position for url in (one.url, dead, two.url)] == [0, 1, 2]
    assert [kept[url].status for url in (one.url, dead, two.url)] == ["ALIVE", "ERROR", "ALIVE"]
    assert kept[dead].reason == "connection refused"
    assert list((kept[two.url].standard or {})["apps"]) == list(json.loads(ORDERS)["apps"])
    assert kept[one.url].api_version == "0x30"
    assert {type(event).__name__ for event in events} == {"HostUp", "HostDown", "ConfigChanged"}
    assert config_version(valkey) == 3


async def test_nothing_secret_is_stored_or_told(valkey: redis.Redis, valkey_url: str, tmp_path: Path) -> None:
    host = Host(SIMPLE.replace(b"dev-local", b"c4n4ry"))
    async with serving(host):
        with_password = host.url.replace("//", "//bob:c4n4ry-2@")
        async with polling(valkey_url, tmp_path, with_password) as (_, events):
            await until(lambda: states(valkey))
        assert "c4n4ry" not in "".join(host.targets)
    client: Any = valkey
    stored = {key: client.hgetall(key) if client.type(key) == b"hash" else client.get(key) for key in client.keys("*")}
    assert host.url in str(stored)
    assert "c4n4ry" not in str(stored)
    assert "c4n4ry" not in str(events)


async def test_a_change_is_told_once(valkey: redis.Redis, valkey_url: str, tmp_path: Path) -> None:
    host = Host(SIMPLE)
    async with serving(host), polling(valkey_url, tmp_path, host.url) as (_, events):
        before = await until(lambda: states(valkey).get(host.url))
        await until(lambda: len(host.targets) > 8)
        assert config_version(valkey) == 1
        host.body = ORDERS
        await until(lambda: states(valkey)[host.url].content_hash != before.content_hash)
        await until(lambda: len(host.targets) > 16)
    assert config_version(valkey) == 2
    assert [type(event) for event in events] == [HostUp, ConfigChanged, ConfigChanged]


async def test_a_host_that_falls_silent_is_down_at_once_and_up_soon(
    valkey: redis.Redis, valkey_url: str, tmp_path: Path
) -> None:
    host = Host(SIMPLE)
    async with serving(host), polling(valkey_url, tmp_path, host.url) as (_, events):
        alive = await until(lambda: states(valkey).get(host.url))
        host.status = "500 Oops"
        down = await until(lambda: (state := states(valkey)[host.url]).status == "ERROR" and state)
        host.status = "200 OK"
        back = await until(lambda: (state := states(valkey)[host.url]).status == "ALIVE" and state)
    assert down.reason == "answered 500"
    assert (down.standard, down.content_hash) == (alive.standard, alive.content_hash)
    assert alive.since_s <= down.since_s <= back.since_s
    assert [type(event) for event in events] == [HostUp, ConfigChanged, HostDown, HostUp]
    assert config_version(valkey) == 3


async def test_one_that_hangs_keeps_nobody_waiting(valkey: redis.Redis, valkey_url: str, tmp_path: Path) -> None:
    async def silent(_target: str, _writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    host = Host(SIMPLE)
    async with serving(host), http_server(silent) as hanging, polling(valkey_url, tmp_path, hanging.url, host.url):
        await until(lambda: len(host.targets) > 8)
        assert hanging.url not in states(valkey)
        assert len(hanging.targets) == 1


async def test_hosts_that_are_no_longer_configured_are_forgotten(
    valkey: redis.Redis, valkey_url: str, tmp_path: Path
) -> None:
    host = Host(SIMPLE)
    stranger = HostAnswer(url="http://x", position=0, status="ALIVE", since_s=1, polled_s=1, source="another")
    valkey.hset(redis_keys.HOSTS, "http://x", msgspec.json.encode(stranger).decode())
    async with serving(host):
        async with polling(valkey_url, tmp_path, host.url):
            await until(lambda: host.url in states(valkey))
        version = config_version(valkey)
        async with polling(valkey_url, tmp_path):
            await until(lambda: host.url not in states(valkey))
            await until(lambda: config_version(valkey) == version + 1)
    assert list(states(valkey)) == ["http://x"]


async def test_the_past_is_remembered_over_a_restart(valkey: redis.Redis, valkey_url: str, tmp_path: Path) -> None:
    host = Host(SIMPLE)
    async with serving(host):
        async with polling(valkey_url, tmp_path, host.url):
            before = await until(lambda: states(valkey).get(host.url))
        version = config_version(valkey)
        async with polling(valkey_url, tmp_path, host.url):
            after = await until(lambda: (state := states(valkey)[host.url]).polled_s > before.polled_s and state)
    assert (after.since_s, after.content_hash) == (before.since_s, before.content_hash)
    assert config_version(valkey) == version


async def test_emptied_redis_is_filled_again(valkey: redis.Redis, valkey_url: str, tmp_path: Path) -> None:
    host = Host(SIMPLE)
    async with serving(host), polling(valkey_url, tmp_path, host.url):
        before = await until(lambda: states(valkey).get(host.url))
        # A state is kept, then told: what is told after the flush would count beside the next one.
        await until(lambda: config_version(valkey) == 1)
        valkey.flushall()
        after = await until(lambda: states(valkey).get(host.url))
        await until(lambda: config_version(valkey) == 1)
    assert after.content_hash == before.content_hash


async def test_a_version_seen_in_log_lines_is_asked_for_and_remembered(
    valkey: redis.Redis, valkey_url: str, tmp_path: Path
) -> None:
    async def only_7x5(target: str, writer: asyncio.StreamWriter) -> None:
        await respond(SIMPLE, status="200 OK" if "/7x5/" in target else "404 Not Found")(target, writer)

    batch = LogBatch(0, [], [], CountTable.of([]), {})
    span = LogSpan(record=FileRecord(file_id="f"), shard=0, end=1, tail_hash="")
    async with http_server(only_7x5) as server:
        async with polling(valkey_url, tmp_path, server.url) as (kernel, _):
            failed = await until(lambda: states(valkey).get(server.url))
            await kernel.bus.publish(BatchesParsed((ParsedPart(span, batch, {"hopeit.engine": "7.5.1"}),)))
            answered = await until(lambda: (state := states(valkey)[server.url]).status == "ALIVE" and state)
        asked = len(server.targets)
        async with polling(valkey_url, tmp_path, server.url):
            await until(lambda: len(server.targets) >= asked + 2)
    assert failed.reason.startswith("404 from every known version (0x30, 0x29")
    assert answered.api_version == "7x5"
    assert "/7x5/" in server.targets[asked]
    assert valkey.hgetall(redis_keys.ENGINE_VERSIONS) == {b"hopeit.engine": b"7.5.1"}


async def test_polling_goes_on_while_redis_is_away(
    valkey: redis.Redis, valkey_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = Host(SIMPLE)
    async with serving(host), polling(valkey_url, tmp_path, host.url) as (kernel, _):
        await until(lambda: states(valkey).get(host.url))
        valkey.delete(redis_keys.HOSTS)
        valkey.set(redis_keys.HOSTS, "not a hash")
        await until(lambda: any("hosts cannot be kept" in text for text in kernel.status.problems))
        valkey.delete(redis_keys.HOSTS)
        await until(lambda: host.url in states(valkey))
        await until(lambda: not kernel.status.problems)
