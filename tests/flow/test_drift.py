"""What is declared and what is done part ways, and that is known within five seconds: all processes, a real host."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import redis

from tests.runtime_apps import answer, app, event, read, write
from tests.world import World, wait_until
from visualizer.models.evidence import UNDECLARED, Evidence
from visualizer.models.node_id import STANDARD
from visualizer.repo.drawn import read_drawn
from visualizer.repo.evidence import read_evidence

READS = "store.1x0.pack.orders.AUTO"
SHOP = app("shop", {"place": event("SERVICE", write_stream=write("orders"))})
STORE = {"pack": event("STREAM", read_stream=read("orders")), "count": event("SERVICE")}


@contextmanager
def host(declared: dict[str, Any]) -> Iterator[str]:
    """Answers what `declared` holds under "now"."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(declared["now"]).encode()
            self.send_response(200 if urlsplit(self.path).path.startswith("/api/config-manager/") else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def log(world: World, name: str, *extras: str) -> None:
    stamp = datetime.fromtimestamp(time.time(), UTC).strftime("%Y-%m-%d %H:%M:%S,%f")[:-3]
    with (world.logs / f"{name}.log").open("a", encoding="utf-8") as file:
        file.write(
            " | ".join((stamp, "INFO", f"store 1.0 {name} vm 1", "START", *extras, "event.app=store.1x0")) + "\n"
        )


def test_a_removed_consumer_and_an_undeclared_call_are_known_soon(
    make_world: Callable[..., World],
) -> None:
    declared = {"now": answer(SHOP, app("store", STORE))}
    with host(declared) as url:
        world = make_world(EVENTSCOPE_HOSTS=url, EVENTSCOPE_POLL_INTERVAL="1s")
        client = world.start_valkey()
        for command in ("rollup", "collect"):
            world.start(command)
        world.start_worker()
        stream = "stream.app_key=store.1x0 | stream.event_name=pack | stream.name=orders | stream.consumer_group=group"
        log(world, "pack", stream, "stream.queue=AUTO", "track.operation_id=1")

        wait_until(lambda: _is_seen(client))
        assert _found(client, READS) is None
        declared["now"] = answer(SHOP, app("store", {"count": event("SERVICE")}))
        wait_until(lambda: _state(client, READS) == UNDECLARED)

        log(world, "ask", "track.operation_id=2", "track.client_app_key=bot.1x0", "track.client_event_name=sync")
        call = "bot.1x0.sync → store.1x0.ask"
        wait_until(lambda: _state(client, call) == UNDECLARED)
        found = _found(client, call)
        assert found
        assert (found.count, found.told, found.asks) == (1, True, True)
        client.close()


def _is_seen(client: redis.Redis) -> bool:
    drawn = read_drawn(client, STANDARD)
    return bool(drawn and any(edge.id == READS and edge.observed for edge in drawn.topology.edges))


def _found(client: redis.Redis, edge: str) -> Evidence | None:
    return read_evidence(client, STANDARD).get(edge)


def _state(client: redis.Redis, edge: str) -> str:
    found = _found(client, edge)
    return found.state if found else ""
