"""The demo fleet as it is started: three processes, real requests and streams, and nothing left of it afterwards."""

from __future__ import annotations

import asyncio
import glob
import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from collector.core.hopeit_lines import HopeitLines
from collector.io.config_host import poll_host
from collector.io.polite_get import open_client
from collector.models.activity import ActivityKey, Status
from collector.models.host import HostPoll
from tests.world import World, wait_until
from visualizer.core.runtime_config import merge_configs, read_runtime_apps
from visualizer.core.topology import build_topology
from visualizer.interfaces.demo.fleet import APPS
from visualizer.interfaces.demo.streams import MAX_LENGTH, stream_keys
from visualizer.models.node_id import EXPANDED, STANDARD, activity_event_id


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    made = make_world()
    made.start_valkey().close()
    return made


@pytest.fixture
def store(world: World) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(world.redis_url, socket_timeout=60) as client:
        yield client


def start_fleet(world: World) -> dict[str, Any]:
    """The content of fleet.json once the fleet says that it can be watched."""
    path = world.data_dir / "demo" / "fleet.json"
    world.start("demo")
    wait_until(path.exists)
    fleet: dict[str, Any] = json.loads(path.read_text())
    return fleet


def processes(pid: int) -> list[int]:
    """The process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def alive(pid: int) -> bool:
    """Whether it runs; a process that ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def counted(pattern: str) -> tuple[dict[tuple[ActivityKey, Status], int], dict[str, int]]:
    """Runs and skipped lines in all files."""
    runs: dict[tuple[ActivityKey, Status], int] = {}
    skipped: dict[str, int] = {}
    for path in glob.glob(pattern):
        batch = HopeitLines().parse(Path(path).read_bytes(), offset=0, received_s=0).batch
        for count in batch.counts:
            key = (batch.keys[count.key], Status(count.status))
            runs[key] = runs.get(key, 0) + count.count
        for reason, lines in batch.skipped.items():
            skipped[reason] = skipped.get(reason, 0) + lines.lines
    return runs, skipped


async def poll_all(hosts: list[str]) -> list[HostPoll]:
    async with open_client() as client:
        return await asyncio.gather(*(poll_host(client, url, versions=["0x30"]) for url in hosts))


def test_what_the_fleet_does_is_what_it_declares(world: World) -> None:
    fleet = start_fleet(world)

    def all_seen() -> bool:
        done = {key.event for key, status in counted(fleet["logs"])[0] if status == Status.DONE}
        return done >= {event.name for app in APPS for event in app.events}

    wait_until(all_seen, step_s=0.5)
    polls = asyncio.run(poll_all(fleet["hosts"]))
    world.kill("demo", signal.SIGTERM)
    runs, skipped = counted(fleet["logs"])
    assert [poll.reason for poll in polls] == ["", "", ""]
    assert set(skipped) <= {"stats", "message", "continuation"}
    started = sum(count for (_, status), count in runs.items() if status == Status.START)
    assert started == sum(count for (_, status), count in runs.items() if status != Status.START) > 0
    for view, answers in ((STANDARD, [p.standard for p in polls]), (EXPANDED, [p.expanded for p in polls])):
        config = merge_configs(read_runtime_apps(answer, source="demo") for answer in answers)
        nodes = {node.id for node in build_topology(config, view=view).nodes}
        assert {activity_event_id(key, view=view) for key, _ in runs} <= nodes


def test_its_servers_are_the_processes_that_log(world: World) -> None:
    fleet = start_fleet(world)
    polls = asyncio.run(poll_all(fleet["hosts"]))
    pids = {
        server["pid"] for poll in polls for app in (poll.standard or {})["apps"].values() for server in app["servers"]
    }
    assert pids == {str(pid) for pid in processes(fleet["pid"])[1:]}
    assert all(any(f"_{pid}.log" in path for path in glob.glob(fleet["logs"])) for pid in pids)


def test_it_ends_when_it_is_told_to_and_leaves_nothing_behind(world: World, store: redis.Redis) -> None:
    fleet = start_fleet(world)
    wait_until(lambda: store.exists(*stream_keys(APPS)))
    assert all(int(store.xlen(key)) <= MAX_LENGTH * 2 for key in stream_keys(APPS))
    started = processes(fleet["pid"])
    assert len(started) == 4
    world.kill("demo", signal.SIGTERM)
    assert world.processes["demo"].returncode == 0
    assert not any(map(alive, started))
    assert not store.exists(*stream_keys(APPS))
    assert not (world.data_dir / "demo" / "fleet.json").exists()
    assert "Traceback" not in world.output("demo")


def test_its_apps_die_with_it(world: World) -> None:
    started = processes(start_fleet(world)["pid"])
    world.kill("demo", signal.SIGKILL)
    wait_until(lambda: not any(map(alive, started)))


def test_an_app_that_dies_is_started_again(world: World) -> None:
    fleet = start_fleet(world)
    first = processes(fleet["pid"])[1]
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: len(now := processes(fleet["pid"])) == 4 and first not in now)
    polls = wait_until(lambda: not any(poll.reason for poll in asyncio.run(poll_all(fleet["hosts"]))))
    assert polls


def test_no_secret_stands_in_an_argument(world: World) -> None:
    password = world.redis_url.partition("//:")[2].partition("@")[0]
    arguments = [Path(f"/proc/{pid}/cmdline").read_text() for pid in processes(start_fleet(world)["pid"])]
    assert password
    assert not any(password in each for each in arguments)


def test_a_second_fleet_on_the_same_folder_is_refused(world: World) -> None:
    start_fleet(world)
    refused = world.manage("demo", check=False)
    assert refused.returncode == 1
    assert "runs already" in refused.stderr


def test_redis_that_does_not_answer_is_said_without_its_url(make_world: Callable[..., World]) -> None:
    refused = make_world(REDIS_URL="redis://:hunter2@127.0.0.1:1").manage("demo", check=False)
    assert refused.returncode == 1
    assert "needs a Redis that answers" in refused.stderr
    assert "hunter2" not in refused.stderr
