"""The fleet: three processes, one app each, and this one, which starts, watches and ends them."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path

import redis
import redis.asyncio

from visualizer.interfaces.demo.demo_app import DemoApp
from visualizer.interfaces.demo.engine import Engine
from visualizer.interfaces.demo.fleet_file import locked, prepare_logs, remove_fleet_file, write_fleet_file
from visualizer.interfaces.demo.hopeit_log import HopeitLog
from visualizer.interfaces.demo.mail import MAIL
from visualizer.interfaces.demo.shop import SHOP
from visualizer.interfaces.demo.streams import Streams, stream_keys
from visualizer.interfaces.demo.tiny_http import serve
from visualizer.interfaces.demo.warehouse import WAREHOUSE
from visualizer.io.child_process import die_with_parent

APPS = (SHOP, WAREHOUSE, MAIL)
#: Preferred, so that hosts keep their URLs from run to run; where one is taken, any free port.
PORTS = (18101, 18102, 18103)
#: What runs when it is told to stop ends by itself within this; the fleet as a whole within 2 s.
FINISH_WITHIN_S = 1.0
_REDIS_TIMEOUT_S = 2.0


def run_fleet(folder: Path, *, redis_url: str) -> None:
    """
    Run until SIGTERM or SIGINT.

    Raises:
        FleetRuns: it runs already on this folder.
        redis.RedisError: Redis does not answer.
    """
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    with locked(folder):
        remove_fleet_file(folder)
        logs = prepare_logs(folder)
        _remove_streams(redis_url)
        sockets = [_listen(port) for port in PORTS]
        urls = {app.name: _url(listening) for app, listening in zip(APPS, sockets, strict=True)}
        # Children share what is imported by now, as long as nobody counts references in it.
        gc.freeze()
        starts = [
            partial(_start, app, listening=listening, logs=logs, urls=urls, redis_url=redis_url)
            for app, listening in zip(APPS, sockets, strict=True)
        ]
        children = [start() for start in starts]
        try:
            write_fleet_file(folder, hosts=list(urls.values()))
            while not stop.wait(0.5):
                for place, child in enumerate(children):
                    if not child.is_alive():
                        print(f"{APPS[place].name} ended with {child.exitcode} and is started again", file=sys.stderr)
                        children[place] = starts[place]()
        finally:
            remove_fleet_file(folder)
            _end(children)
            with suppress(redis.RedisError):
                _remove_streams(redis_url)


def _listen(port: int) -> socket.socket:
    """Bound and listening before anybody is told of it; children inherit it, a restarted one finds the port its own."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
        listening.listen(64)
    except OSError:
        listening.close()
        return _listen(0)
    return listening


def _url(listening: socket.socket) -> str:
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


def _remove_streams(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url, socket_timeout=_REDIS_TIMEOUT_S) as client:
        client.delete(*stream_keys(APPS))


def _start(
    app: DemoApp, *, listening: socket.socket, logs: Path, urls: Mapping[str, str], redis_url: str
) -> BaseProcess:
    process = multiprocessing.get_context("fork").Process(
        target=_run_process, args=(app, listening, logs, urls, redis_url, os.getpid()), name=app.name
    )
    process.start()
    return process


def _end(children: list[BaseProcess]) -> None:
    for child in children:
        child.terminate()
    deadline = time.monotonic() + FINISH_WITHIN_S + 0.5
    for child in children:
        child.join(max(0.01, deadline - time.monotonic()))
        if child.is_alive():
            child.kill()
            child.join(1)


def _run_process(
    app: DemoApp, listening: socket.socket, logs: Path, urls: Mapping[str, str], redis_url: str, parent: int
) -> None:
    # The fleet's own handler, which we inherit, would take a signal that comes before ours is there for the fleet's.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The parent may have ended before we asked to end with it.
    if os.getppid() == parent:
        asyncio.run(_run_app(app, listening, logs, urls, redis_url))


async def _run_app(app: DemoApp, listening: socket.socket, logs: Path, urls: Mapping[str, str], redis_url: str) -> None:
    host_name, pid = socket.gethostname().split(".")[0] or "localhost", os.getpid()
    log = HopeitLog(logs, host_name=host_name, pid=pid)
    client = redis.asyncio.Redis.from_url(redis_url, socket_timeout=_REDIS_TIMEOUT_S)
    engine = Engine(app, log=log, streams=Streams(client), urls=urls, host_name=host_name, pid=pid)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, engine.stopping.set)
    engine.say("Starting engine...")
    engine.say(f"Starting app={app.key}...")
    server = await asyncio.start_server(partial(serve, respond=engine.respond), sock=listening)
    work = [engine.consume(event) for event in app.events if event.type == "STREAM"]
    work += [engine.keep_going(event) for event in app.events if event.type == "SERVICE"]
    tasks = [asyncio.create_task(each) for each in work]
    visiting = [asyncio.create_task(_visit(app, urls))] if app.visitors else []
    stopping = asyncio.create_task(engine.stopping.wait())
    await asyncio.wait([stopping, *tasks], return_when=asyncio.FIRST_COMPLETED)
    # Told to stop, or a loop has failed, which then ends the process; the fleet starts another.
    engine.stopping.set()
    server.close()
    engine.say("Stopping engine...")
    for task in visiting:
        task.cancel()
    # An app that only answers has no tasks.
    _, left = await asyncio.wait([stopping, *tasks], timeout=FINISH_WITHIN_S)
    for late in left:
        late.cancel()
    for result in await asyncio.gather(*tasks, *visiting, return_exceptions=True):
        if isinstance(result, Exception):
            engine.say(f"{type(result).__name__}: {result}", "ERROR")
    await client.aclose()
    log.close()


async def _visit(app: DemoApp, urls: Mapping[str, str]) -> None:
    assert app.visitors is not None
    await app.visitors(urls)
