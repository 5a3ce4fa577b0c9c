"""harp_proxy on the kernel: a proxy's dashboard over a socket, batches and records in a real Valkey."""

from __future__ import annotations

import logging
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
import redis

from collector.applications.sinks.store import Store
from collector.applications.sources.harp_proxy.application import HarpProxySource
from collector.core.harp_transactions import MISSING
from collector.kernel.status import Status
from collector.models.options import Options
from tests.following_world import LittleRollup
from tests.harp_server import PASSWORD, HarpStorage, harp_server
from tests.kernel_here import kernel_here, told_hosts, told_rows, until


@pytest.fixture
def rollup(valkey: redis.Redis) -> LittleRollup:
    """One that has made Redis ready."""
    rollup = LittleRollup(valkey)
    rollup.begin()
    return rollup


def collecting(url: str, folder: Path, *harp: str) -> AbstractAsyncContextManager[Status]:
    """A collector that asks these proxies."""
    options = Options(harp=harp, data_dir=folder, poll_interval_s=0.05)
    return kernel_here(url, [Store(), HarpProxySource()], options)


def total(rollup: LittleRollup) -> int:
    """Messages counted by now, calls left out."""
    rollup.tick()
    return rollup.lines.total() - rollup.lines["forward"]


async def test_each_transaction_is_counted_once_over_polls_restarts_and_a_redis_that_was_emptied(
    rollup: LittleRollup, valkey: redis.Redis, valkey_url: str, tmp_path: Path
) -> None:
    storage = HarpStorage(per_page=4)
    long_one = storage.begin(0)
    for number in range(1, 12):
        storage.serve(number, status_class="5xx" if number % 3 else "2xx")
    async with harp_server(storage) as server:
        async with collecting(valkey_url, tmp_path, server.url):
            await until(lambda: total(rollup) == 23)
            for number in range(20, 29):
                storage.serve(number, endpoint="payments")
            storage.end(long_one)
            await until(lambda: total(rollup) == 42)
        storage.serve(30)
        valkey.flushall()
        rollup.begin()
        async with collecting(valkey_url, tmp_path, server.url):
            await until(lambda: total(rollup) == 44)
            asked = len(server.targets)
            await until(lambda: len(server.targets) > asked + 20)
    assert total(rollup) == 44
    assert rollup.lines == {"orders": 26, "payments": 18, "forward": 26}


async def test_a_storage_that_was_lost_begins_anew_and_what_is_gone_is_said(
    rollup: LittleRollup, valkey: redis.Redis, valkey_url: str, tmp_path: Path
) -> None:
    storage = HarpStorage()
    for number in range(5):
        storage.serve(number)
    async with harp_server(storage) as server, collecting(valkey_url, tmp_path, server.url):
        await until(lambda: total(rollup) == 10)
        storage.transactions, storage.numbers = [], 0
        storage.serve(50)
        await until(lambda: total(rollup) == 12)
        storage.numbers += 3
        storage.serve(51)
        await until(lambda: total(rollup) == 17)
        row = await until(lambda: next((row for row in told_rows(valkey) if row.reason), None))
    assert rollup.lines == {"orders": 14, "forward": 14, f"skipped {MISSING}": 3}
    assert (row.kind, row.generation, row.offset, row.state) == ("harp", 1, 7, "reading")
    assert row.reason == "3 messages were gone from HARP before they were counted"


async def test_no_password_is_kept_or_said_and_a_sign_in_that_is_missing_is(
    rollup: LittleRollup, valkey: redis.Redis, valkey_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    storage = HarpStorage()
    storage.asks_for_sign_in = True
    storage.serve(1, status_class="ERR")
    async with harp_server(storage) as server:
        async with collecting(valkey_url, tmp_path, server.url) as status:
            row = await until(lambda: next((row for row in told_rows(valkey) if row.state == "unreadable"), None))
            assert (
                row.reason == told_hosts(valkey)[server.url].reason == "answered 401, the dashboard asks for a sign-in"
            )
            assert status.problems == [f"HARP {server.url} is not counted: {row.reason}"]
        with_password = server.url.replace("//", f"//admin:{PASSWORD}@")
        async with collecting(valkey_url, tmp_path, with_password) as status:
            await until(lambda: total(rollup) == 2)
            await until(lambda: not status.problems)
            known = await until(lambda: len(found := told_hosts(valkey)) == 7 and found)
            client: Any = valkey
            dump = str([client.dump(key) for key in client.keys("*")]) + str(
                [client.hgetall(key) for key in client.keys("*") if client.type(key) == b"hash"]
            )
    address = server.url.removeprefix("http://")
    assert {name: each.status for name, each in known.items() if "legacy" in name or "inventory" in name} == {
        f"harp {address}: inventory → 127.0.0.1:9199": "ERROR",
        f"harp {address}: inventory → 127.0.0.1:9104": "ALIVE",
        f"harp {address}: legacy → 127.0.0.1:9198": "UNKNOWN",
    }
    assert server.url in dump
    for secret in (PASSWORD, "secret-tenant", "secret-query"):
        assert secret not in dump
        assert secret not in caplog.text
