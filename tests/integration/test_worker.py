"""The worker as `make up` starts it: beat inside, one process, on the embedded Valkey."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Mapping

import msgspec
import redis
from celery import Celery

from collector.models import redis_keys
from collector.models.host import ALIVE, HostAnswer
from tests.runtime_apps import answer, app, event
from tests.world import ROOT, World, wait_until
from visualizer.celery import app as our_celery
from visualizer.models.job import JOBS
from visualizer.models.node_id import STANDARD
from visualizer.models.task_run import TaskRun
from visualizer.repo.drawn import read_drawn
from visualizer.repo.task_runs import read_task_runs


def start_worker(world: World, name: str = "worker") -> subprocess.Popen[bytes]:
    """`celery worker` with beat."""
    program = [sys.executable, "-m", "celery", "-A", "visualizer.celery", "worker", "--pool", "solo", "--beat"]
    with (world.folder / f"{name}.out").open("ab") as out:
        world.processes[name] = subprocess.Popen(
            [*program, "--schedule", str(world.data_dir / f"schedule-{name}"), "--hostname", name],
            cwd=ROOT,
            env=world.env,
            stdout=out,
            stderr=out,
        )
    return world.processes[name]


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
    wait_until(has_drawn(client, "first.1x0"))
    declare(client, "second")
    asking = Celery(broker=world.redis_url)
    asking.conf.broker_transport_options = our_celery.conf.broker_transport_options
    asking.send_task("visualizer.build_topology")
    wait_until(has_drawn(client, "second.1x0"))
    asking.close()
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=120) == 0
    assert "Traceback" not in world.output("worker")


def test_beat_asks_for_the_topology_and_shares_the_workers_process(make_world: Callable[..., World]) -> None:
    world = make_world()
    client = world.start_valkey()
    worker = start_worker(world)
    wait_until(has_drawn_anything(client))
    assert our_celery.conf.beat_schedule["topology"]["task"] == "visualizer.build_topology"
    assert list(world.data_dir.glob("schedule-worker*"))
    children = subprocess.run(["ps", "--ppid", str(worker.pid), "-o", "pid="], capture_output=True, check=False)
    assert children.stdout.split() == []


def has_drawn_anything(client: redis.Redis) -> Callable[[], bool]:
    return lambda: read_drawn(client, STANDARD) is not None


def have_run(client: redis.Redis, *, times: int) -> Callable[[], bool]:
    """Has every task ended so often, whoever ran it?"""
    return lambda: all(runs[job.task].runs >= times for job in JOBS) if (runs := read(client)) else False


def read(client: redis.Redis) -> Mapping[str, TaskRun]:
    runs = read_task_runs(client)
    return runs if len(runs) == len(JOBS) else {}


def test_two_workers_with_a_beat_each_run_every_task_and_none_fails(make_world: Callable[..., World]) -> None:
    world = make_world()
    client = world.start_valkey()
    declare(client, "first")
    workers = [start_worker(world, name) for name in ("one", "two")]
    wait_until(has_drawn(client, "first.1x0"))
    asking = Celery(broker=world.redis_url)
    asking.conf.broker_transport_options = our_celery.conf.broker_transport_options
    # At once, so that both run the same.
    for _ in range(2):
        for job in JOBS:
            asking.send_task(job.task)
    asking.close()
    wait_until(have_run(client, times=2))
    assert {name: run.last_problem for name, run in read(client).items() if run.failures} == {}
    wait_until(lambda: client.exists(redis_keys.BEAT) == 1)
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
    assert [worker.wait(timeout=120) for worker in workers] == [0, 0]
    assert "Traceback" not in world.output("one") + world.output("two")


def test_a_task_that_does_not_end_is_ended_and_told(make_world: Callable[..., World]) -> None:
    program = """
import signal, time
from celery import shared_task
from visualizer.celery import app
from visualizer.interfaces import task_watch
task_watch.SOFT_LIMIT_S = 0.2
task_watch.HARD_LIMIT_S = {hard_s}
task_watch.bound_tasks()
@app.task(name="visualizer.endless")
def endless():
    if {hard_s} < 1:
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
    while True:
        time.sleep(0.01)
endless.apply()
"""
    world = make_world()
    client = world.start_valkey()
    for hard_s, code in ((30.0, 0), (0.4, 1)):
        ended = subprocess.run(
            [sys.executable, "-c", program.format(hard_s=hard_s)],
            cwd=ROOT,
            env=world.env,
            capture_output=True,
            check=False,
            timeout=120,
        )
        assert ended.returncode == code, ended.stderr.decode()
        assert (b"Timeout (0:00:00" in ended.stderr) == bool(code)
        run = read_task_runs(client)["visualizer.endless"]
        assert run.problem == "took longer than 0 s and was ended"
    assert run.is_running, "it did not come to say that it ended"
