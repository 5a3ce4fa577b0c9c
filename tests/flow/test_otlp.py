"""OTLP from the sender to the picture: real processes, a real socket, and a collector that is killed in between."""

from __future__ import annotations

import gzip
import json
import urllib.request
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from collector.models import redis_keys
from tests.otlp_line import CLIENT, CONSUMER, INTERNAL, PRODUCER, SERVER, export, export_logs, span
from tests.ports import own_port
from tests.sql_copy import counted_bytes, read_sql
from tests.world import World, wait_until

#: Traces of the run; each has six spans that count.
TRACES = 200
#: Spans of one request that makes a line of several MiB.
CROWD = 10_000


def trace(number: int, second: float) -> list[tuple[str, dict[str, Any]]]:
    """(service, span) of one order: shop asks billing, which asks its database and tells mail over a stream."""

    def one(name: str, kind: int, span_id: int, parent: int = 0, **values: Any) -> dict[str, Any]:
        above = f"{parent:016x}" if parent else ""
        return span(
            name, kind, second=second, span_id=f"{span_id:016x}", parent=above, trace=f"{number:032x}", **values
        )

    route: dict[str, Any] = {"http_request_method": "POST", "http_route": "/pay"}
    paid: dict[str, Any] = {"messaging_destination_name": "orders.paid", "messaging_system": "redis"}
    return [
        ("shop", one("GET", SERVER, 1, http_method="GET", http_route="/cart/{id}")),
        ("shop", one("part", INTERNAL, 2, parent=1)),
        ("shop", one("POST", CLIENT, 3, parent=2, server_address="billing")),
        ("billing", one("POST", SERVER, 4, parent=3, failed=number % 10 == 0, **route)),
        ("billing", one("SELECT", CLIENT, 5, parent=4, db_system_name="postgresql", db_namespace="pay")),
        ("billing", one("send", PRODUCER, 6, parent=4, **paid)),
        ("mail", one("process", CONSUMER, 7, parent=6, **paid)),
    ]


def post(port: int, request: dict[str, Any], path: str = "/v1/traces") -> None:
    """Send as an exporter does; fails on everything but 200."""
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    body = gzip.compress(json.dumps(request).encode())
    sent = urllib.request.Request(f"http://127.0.0.1:{port}{path}", body, headers)
    with urllib.request.urlopen(sent, timeout=60) as answer:
        assert (answer.status, answer.read()) == (200, b"{}")


def send(port: int, numbers: range, second: float) -> None:
    """Spans leave each service together, the caller's last."""
    by_service: dict[str, list[dict[str, Any]]] = {}
    for number in numbers:
        for service, made in trace(number, second):
            by_service.setdefault(service, []).append(made)
    for service in ("mail", "billing", "shop"):
        post(port, export(service, *by_service[service], version="1.2.3"))


def patterns_told(client: Any) -> list[dict[str, int]]:
    """Patterns of each collector."""
    return [json.loads(beat)["patterns"] for beat in client.hvals(redis_keys.COLLECTORS)]


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """One that receives."""
    return make_world(EVENTSCOPE_APPLICATIONS="log_files,hopeit,otlp_json,store")


def test_what_is_sent_is_counted_exactly_and_drawn_though_the_collector_is_killed(world: World) -> None:
    port, client = own_port(), world.start_valkey()
    for command in ("rollup", "collect"):
        world.start(command)
    world.start_web(port)
    second = 1_795_372_223
    for part in range(2):
        send(port, range(part * 100, part * 100 + 50), second)
        wait_until(lambda: counted_bytes(world.sqlite))
        world.kill("collect")
        send(port, range(part * 100 + 50, part * 100 + 100), second)
        world.start("collect")
    post(port, export_logs("shop", {"traceId": "1", "body": {"stringValue": "x"}}), "/v1/logs")
    crowd = (span("tick", SERVER, span_id=f"{n:016x}", trace=f"{n:032x}", second=second) for n in range(CROWD))
    post(port, export("crowd", *crowd))
    spool = world.data_dir / "otlp"
    size_bytes = wait_until(lambda: sum(path.stat().st_size for path in spool.glob("*.jsonl")))
    assert size_bytes > 2_500_000
    wait_until(lambda: counted_bytes(world.sqlite) == size_bytes)

    rows = read_sql(
        world.sqlite,
        "SELECT a.app, a.event, a.kind, sum(started), sum(done), sum(failed) FROM visualizer_total t "
        "JOIN visualizer_activity a ON a.id = t.activity_id GROUP BY 1, 2, 3",
    )
    assert {tuple(row[:3]): tuple(row[3:]) for row in rows} == {
        ("shop.1.2.3", "GET /cart/{id}", "request"): (TRACES, TRACES, 0),
        ("shop.1.2.3", "POST", "call"): (TRACES, TRACES, 0),
        ("billing.1.2.3", "POST /pay", "request"): (TRACES, TRACES * 9 // 10, TRACES // 10),
        ("billing.1.2.3", "SELECT", "call"): (TRACES, TRACES, 0),
        ("billing.1.2.3", "send", "publish"): (TRACES, TRACES, 0),
        ("mail.1.2.3", "process", "stream"): (TRACES, TRACES, 0),
        ("crowd", "tick", "request"): (CROWD, CROWD, 0),
    }
    skipped = Counter(dict(read_sql(world.sqlite, "SELECT reason, sum(lines) FROM visualizer_sourcebytes "
                                                  "WHERE fate = 'skipped' GROUP BY 1")))  # fmt: skip
    # Parts of something, the record that was logged, and the first line of the spool's file.
    assert skipped == {"message": TRACES + 2}

    # The receiver's own pattern is nobody's to look at.
    wait_until(lambda: patterns_told(client) == [{f"{world.logs}/*.log": 0}])
    graph = json.loads(world.manage("export_graph", "--format", "json").stdout)
    assert {(edge["source"], edge["target"], edge["kind"]) for edge in graph["edges"]} == {
        ("shop.1.2.3.GET /cart/{id}", "billing.1.2.3.POST /pay", "call"),
        ("billing.1.2.3.POST /pay", "@postgresql pay", "call"),
        ("billing.1.2.3.POST /pay", ">orders.paid", "write"),
        (">orders.paid", "mail.1.2.3.process", "read"),
    }
    client.close()
    assert all(edge["observed"] and not edge["declared"] for edge in graph["edges"])
