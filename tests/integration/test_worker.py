"""The worker as `make up` starts it: beat inside, one process, on the embedded Valkey."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable

import msgspec
import redis
from celery import Celery

from collector.models import redis_keys
from collector.models.host import ALIVE, HostAnswer
from tests.runtime_apps import answer, app, event
from tests.world import ROOT, World, wait_until
from visualizer.celery import app as our_celery
from visualizer.models.node_id import STANDARD
from visualizer.repo.drawn import read_drawn


def start_worker(world: World) -> subprocess.Popen[bytes]:
    """`celery worker` with beat."""
    with (world.folder / "worker.out").open("ab") as out:
        world.processes["worker"] = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "visualizer.celery", "worker", "--pool", "solo", "--beat"],
            cwd=ROOT,
            env=world.env,
            stdout=out,
            stderr=out,
        )
    return world.processes["worker"]


def declare(client: redis.Redis, name: str) -> None:
    """One host with one app."""
    apps = answer(app(name, {"e": event("GET")}))
    host = HostAnswer(url="http://a", position=0, status=ALIVE, since_s=0, polled_s=0, standard=apps, expanded=apps)
    client.hset(redis_keys.HOSTS, host.url, msgspec.json.encode(host))


def has_drawn(client: redis.Redis, app_key: str) -> Callable[[], bool]:
    def look() -> bool:
        found = read_drawn(client, STANDARD)
        return found is not None and [one.key for one in found.topology.apps] == [app_key]

    return look


def test_a_worker_builds_at_once_and_when_asked_and_stops_when_told(make_world: Callable[..., World]) -> None:
    world = make_world()
    client = world.start_valkey()
    declare(client, "first")
    worker = start_worker(world)
    wait_until(has_drawn(client, "first.1x0"), timeout_s=40)
    declare(client, "second")
    asking = Celery(broker=world.redis_url)
    asking.conf.broker_transport_options = our_celery.conf.broker_transport_options
    asking.send_task("visualizer.build_topology")
    wait_until(has_drawn(client, "second.1x0"))
    asking.close()
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=60) == 0
    assert "Traceback" not in world.output("worker")


def test_beat_asks_for_the_topology_and_shares_the_workers_process(make_world: Callable[..., World]) -> None:
    world = make_world()
    client = world.start_valkey()
    worker = start_worker(world)
    wait_until(has_drawn_anything(client), timeout_s=40)
    assert our_celery.conf.beat_schedule["topology"]["task"] == "visualizer.build_topology"
    assert (world.data_dir / "beat-schedule").exists() or list(world.data_dir.glob("beat-schedule*"))
    children = subprocess.run(["ps", "--ppid", str(worker.pid), "-o", "pid="], capture_output=True, check=False)
    assert children.stdout.split() == []


def has_drawn_anything(client: redis.Redis) -> Callable[[], bool]:
    return lambda: read_drawn(client, STANDARD) is not None
