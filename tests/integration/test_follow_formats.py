"""Requests of other formats than hopeit's, from lines over a real Redis and SQL to the path that is followed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import RequestFactory

from collector.applications.formats.hopeit import Hopeit
from collector.applications.formats.json_lines import JsonLines
from collector.applications.formats.otlp_json import OtlpJson
from collector.kernel.format import Parser
from collector.lib.sampling import EVERYTHING
from collector.models.json_mapping import read_json_mappings
from collector.models.keep import Keep
from tests.hopeit_line import APP, hopeit_line
from tests.integration.conftest import SteppedRollup
from tests.json_log_lines import encode, iso
from tests.otlp_line import CLIENT, CONSUMER, PRODUCER, SECOND, SERVER, TRACE, otlp_line, span
from tests.shipped_file import ShippedFile
from visualizer import resources
from visualizer.interfaces.build_topology import refresh_topology
from visualizer.interfaces.follow import follow

Follow = Callable[[str], Any]


@pytest.fixture
def count(
    make_rollup: Callable[..., SteppedRollup], valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Parser, bytes], Follow]]:
    """Counts lines and draws what they tell; returns what follows an id."""
    monkeypatch.setattr(resources, "_redis_url", lambda: valkey_url)
    resources.shared_redis.cache_clear()

    def count(parser: Parser, lines: bytes) -> Follow:
        rollup, file = make_rollup(), ShippedFile(valkey_url)
        rollup.now_s = SECOND + 60.0
        rollup.work()
        file.make()
        keep = Keep(sample_below=EVERYTHING)
        file.ship(parser.parse(lines, offset=0, received_s=SECOND + 50.0, keep=keep).batch)
        rollup.work()
        refresh_topology(rollup.client, now=datetime.fromtimestamp(rollup.now_s, UTC))
        return lambda any_id: json.loads(follow(RequestFactory().get("/", {"id": any_id}), "standard").content)

    yield count
    resources.shared_redis.cache_clear()


def test_a_trace_of_opentelemetry_is_followed_from_service_to_service(count: Callable[[Parser, bytes], Follow]) -> None:
    def one(name: str, kind: int, span_id: int, parent: int = 0, **more: Any) -> dict[str, Any]:
        above = f"{parent:016x}" if parent else ""
        return span(name, kind, span_id=f"{span_id:016x}", parent=above, **more)

    http: dict[str, Any] = {"http_request_method": "POST", "http_route": "/order"}
    paid: dict[str, Any] = {"messaging_destination_name": "orders.paid", "messaging_system": "redis"}
    lines = otlp_line("mail", one("process", CONSUMER, 5, 4, second=SECOND + 2, took_ms=30, failed=True, **paid), pid=9)
    database: dict[str, Any] = {"db_system_name": "postgresql", "db_namespace": "pay"}
    lines += otlp_line(
        "billing",
        one("SELECT", CLIENT, 6, 3, second=SECOND + 0.2, took_ms=20, **database),
        one("POST", SERVER, 3, 2, second=SECOND + 0.1, took_ms=200, **http),
        pid=8,
    )
    lines += otlp_line(
        "shop",
        one("POST", CLIENT, 2, 1, second=SECOND + 0.1, took_ms=210, server_address="billing"),
        one("send", PRODUCER, 4, 1, second=SECOND + 0.4, took_ms=1, **paid),
        one("POST", SERVER, 1, second=SECOND, took_ms=500, **http),
    )
    followed = count(OtlpJson().make_parser(), lines)
    told = followed(TRACE)
    hops = [(hop["id"], hop["status"], hop["ran_ms"], hop["after"]) for hop in told["hops"]]
    # What asks and what is asked are one run: of whom is asked. A database is asked, and tells nothing itself.
    assert hops == [
        ("shop.POST /order", "done", 500, None),
        ("billing.POST /order", "done", 200, 0),
        ("@postgresql pay", "done", 20, 1),
        ("mail.process", "failed", 30, 0),
    ]
    assert (told["hops"][3]["stream"], round(told["hops"][3]["waited_ms"])) == ("orders.paid", 1500)
    assert [">orders.paid", "mail.process", "failed"] in told["lines"]
    for any_id in (f"{3:016x}", f"{5:016x}"):
        assert followed(any_id)["hops"] == told["hops"]


def test_operations_of_json_lines_are_followed_by_the_ids_a_mapping_names(
    count: Callable[[Parser, bytes], Follow],
) -> None:
    fields = {"time": "at", "app": "app", "event": "step", "phase": "state"}
    fields |= {"request_id": "order", "operation_id": "op"}
    (mapping,) = read_json_mappings({"mappings": [{"name": "own", "match": {"field": "op"}, "fields": fields}]})
    steps = [("place", "1", "started", 0), ("place", "1", "done", 1)]
    # Two tries at once, of one process: their operation ids alone tell which end is whose.
    steps += [("pay", "2", "started", 2), ("pay", "3", "started", 3)]
    steps += [("pay", "3", "done", 4), ("pay", "2", "failed", 6), ("mail", "4", "started", 7)]
    lines = encode(
        *(
            {"at": iso(SECOND + at_s), "app": "shop", "step": step, "state": state, "order": "o-17", "op": op}
            for step, op, state, at_s in steps
        )
    )
    format = JsonLines()
    format._use((mapping,))
    followed = count(format.make_parser(), lines)
    told = followed("o-17")
    hops = [(hop["id"], hop["status"], hop["ran_ms"]) for hop in told["hops"]]
    assert hops == [
        ("shop.place", "done", 1000),
        ("shop.pay", "failed", 4000),
        ("shop.pay", "done", 1000),
        ("shop.mail", "running", None),
    ]
    assert followed("3")["id"] == "o-17"


def test_a_request_of_hopeit_is_found_by_any_header_that_was_tracked(count: Callable[[Parser, bytes], Follow]) -> None:
    ids = [f"{n:08x}-0000-4000-8000-000000000000" for n in range(3)]
    tracked = "track.request_ts=now | track.session_id={session} | track.caller=till | track.client_app_key=shop.1x0"
    lines = b"".join(
        hopeit_line(message, f"track.operation_id={each} | track.request_id={each} | {tracked.format(session=s)}", APP)
        for each, s in zip(ids, ("s-4711", "s-4712", "s-4711"), strict=True)
        for message in ("START", "DONE")
    )
    followed = count(Hopeit().make_parser(), lines)

    def found(value: str) -> set[str]:
        told = followed(value)
        return {told["id"], *told["others"]} if "id" in told else set()

    assert (found("s-4711"), found("s-4712"), found("till")) == ({ids[0], ids[2]}, {ids[1]}, set(ids))
    assert found("s-4713") == found("now") == found("shop.1x0") == set()
