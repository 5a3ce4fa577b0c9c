"""The source `celery` on the kernel: a real worker, its broker in one Valkey, batches and records in another."""

from __future__ import annotations

import logging
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import redis

from collector.applications.sinks.store import Store
from collector.applications.sources.celery_workers.application import CeleryWorkers
from collector.kernel.events import BatchesParsed
from collector.kernel.kernel import Kernel
from collector.kernel.status import Status
from collector.lib.secret import Secret
from collector.lib.shown_url import without_options
from collector.models.activity import ActivityKey
from collector.models.alert_rule import DEFAULT_RULES
from collector.models.options import Options
from tests.celery_app import CANARY, app
from tests.following_world import LittleRollup
from tests.kernel_here import kernel_here, told_hosts, told_rows, until
from tests.world import World
from visualizer.core.alert_signals import host_signals
from visualizer.core.declared_config import declared_config
from visualizer.core.topology import build_topology
from visualizer.models.alert import BAD
from visualizer.models.topology import Topology
from visualizer.models.watch import HostState


class Shop:
    """A broker and a worker."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder)
        self.world.start_valkey().close()
        self.url = app.conf["broker_url"] = self.world.redis_url
        self.worker()

    def worker(self) -> None:
        """Start it; it sends no events of its tasks by itself."""
        where = ("-n", "shop@host1", "-Q", "celery,billing", "--pool", "solo", "--heartbeat-interval", "1")
        quiet = ("--without-gossip", "--without-mingle", "--loglevel", "WARNING")
        self.world.spawn(
            "shop", "-m", "celery", "-A", "tests.celery_app", "worker", *where, *quiet, SHOP_BROKER=self.url
        )

    def send(self, *names: str) -> None:
        """Have tasks done."""
        with app.connection_for_write(self.url) as connection:
            for name in names:
                app.send_task(name, (f"{CANARY}-argument",), connection=connection)


class Heard:
    """What a collector counted, and what it says."""

    def __init__(self, valkey: redis.Redis, rollup: LittleRollup) -> None:
        self.valkey, self.rollup = valkey, rollup
        self.keys: set[ActivityKey] = set()
        self.calls: set[tuple[ActivityKey, ActivityKey]] = set()

    def listen(self, kernel: Kernel) -> None:
        kernel.bus.listen(BatchesParsed, self.on_parsed)

    async def on_parsed(self, event: BatchesParsed) -> None:
        for part in event.parts:
            keys = part.batch.keys
            self.keys |= {keys[cell.key] for cell in part.batch.counts}
            self.calls |= {(keys[call.caller], keys[call.callee]) for call in part.batch.calls}

    def lines(self, event: str) -> int:
        """Starts and ends of a task that were counted by now."""
        self.rollup.tick()
        return self.rollup.lines[event]

    def state(self, name: str) -> str:
        """ALIVE, ERROR, UNKNOWN; "" before anybody knows."""
        return next((host.status for url, host in told_hosts(self.valkey).items() if url.endswith(name)), "")

    def graph(self) -> Topology:
        config = declared_config(told_hosts(self.valkey).values(), view="standard")
        return build_topology(config, self.keys, self.calls, view="standard")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """One broker and one worker for all tests here."""
    shop = Shop(tmp_path_factory.mktemp("shop"))
    yield shop
    shop.world.close()


@pytest.fixture
def shop(running: Shop) -> Shop:
    """With its worker running."""
    if running.world.processes["shop"].poll() is not None:
        running.worker()
    return running


@pytest.fixture
def heard(valkey: redis.Redis) -> Heard:
    """Of a store that is empty and ready."""
    rollup = LittleRollup(valkey)
    rollup.begin()
    return Heard(valkey, rollup)


@asynccontextmanager
async def watching(url: str, folder: Path, shop: Shop, heard: Heard) -> AsyncIterator[Status]:
    """A collector that watches the shop."""
    options = Options(celery=(Secret(shop.url),), celery_events="enable", data_dir=folder, poll_interval_s=0.2)
    applications = [Store(), CeleryWorkers()]
    async with kernel_here(url, applications, options, prepare=heard.listen) as status:
        await until(lambda: heard.state("shop@host1") == "ALIVE")
        yield status


async def test_tasks_are_counted_and_drawn_and_nothing_they_were_given_is_kept(
    shop: Shop, heard: Heard, valkey_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with watching(valkey_url, tmp_path, shop, heard):
        # The worker sends no events until the collector has noticed that it works and tells nothing.
        while not heard.lines("shop.bill"):
            shop.send("shop.bill")
            with suppress(TimeoutError):
                await until(lambda: heard.lines("shop.bill"), timeout_s=1.5)
        shop.send("shop.order", "shop.crash", "shop.again")
        await until(lambda: heard.lines("shop.again") == 6)
        await until(lambda: (heard.lines("shop.crash"), heard.lines("shop.order")) == (2, 4))
        await until(lambda: ("shop.celery", "shop.bill") in {(key.app, key.event) for key in heard.keys})
        graph = heard.graph()
        client: Any = heard.valkey
        dump = str([client.dump(key) for key in client.keys("*")])
    drawn = {(edge.source, edge.target): edge for edge in graph.edges}
    assert drawn[">billing", "shop.celery.shop.bill"].declared
    assert drawn[">celery", "shop.celery.shop.crash"].declared
    assert drawn["shop.celery.shop.order", ">billing"].observed
    assert any(caller.app.endswith(".celery_client") and to.stream == "celery" for caller, to in heard.calls)
    assert CANARY in shop.world.output("shop")
    assert CANARY not in dump + caplog.text
    assert shop.url not in dump + caplog.text


async def test_a_broker_that_is_gone_is_said_and_what_comes_when_it_is_back_is_counted(
    shop: Shop, heard: Heard, valkey_url: str, tmp_path: Path
) -> None:
    async with watching(valkey_url, tmp_path, shop, heard) as status:
        shop.world.kill("valkey")
        row = await until(lambda: next((row for row in told_rows(heard.valkey) if row.state == "unreadable"), None))
        await until(lambda: heard.state("shop@host1") == "UNKNOWN")
        await until(lambda: heard.state(without_options(shop.url)) == "ERROR")
        assert row.reason in ("connection refused", "connection reset", "the broker does not answer")
        shop.world.start_valkey().close()
        both = ("shop@host1", without_options(shop.url))
        await until(lambda: not status.problems and {*map(heard.state, both)} == {"ALIVE"})


async def test_a_worker_that_is_killed_is_gone_and_what_it_declared_stays(
    shop: Shop, heard: Heard, valkey_url: str, tmp_path: Path
) -> None:
    async with watching(valkey_url, tmp_path, shop, heard):
        pid = str(shop.world.processes["shop"].pid)
        await until(lambda: pid in [server.pid for drawn in heard.graph().apps for server in drawn.servers])
        shop.world.kill("shop", signal.SIGKILL)
        await until(lambda: heard.state("shop@host1") == "ERROR")
        (gone,) = [host for name, host in told_hosts(heard.valkey).items() if name.endswith("shop@host1")]
        state = HostState(url="w", position=0, status=gone.status, api_version=gone.api_version)
        assert [signal.level for signal in host_signals(DEFAULT_RULES, [state], now_s=0)] == [BAD]
        await until(lambda: not any(drawn.servers for drawn in heard.graph().apps))
        assert "shop.celery.shop.order" in {node.id for node in heard.graph().nodes if node.declared}
