"""Who called whom, from spans in any order."""

from __future__ import annotations

import random
from typing import Any

import pytest
import svcs

from collector.applications.formats.otlp_json import OtlpJson
from collector.core.otlp_cause import LoggedErrors
from collector.core.otlp_lines import OtlpLines
from collector.core.otlp_traces import TTL_S, Traces
from collector.kernel.application import Bound
from collector.kernel.status import Status
from tests.otlp_line import CLIENT, CONSUMER, INTERNAL, PRODUCER, SECOND, SERVER, otlp_line, span

#: A request to shop, which asks billing over a part of itself; billing asks its database and tells a stream.
SHOP = (
    span("GET /cart", SERVER, span_id="1"),
    span("part", INTERNAL, span_id="2", parent="1"),
    span("POST", CLIENT, span_id="3", parent="2", server_address="billing.local", failed=True),
)
BILLING = (
    span("POST /pay", SERVER, span_id="4", parent="3"),
    span("SELECT", CLIENT, span_id="5", parent="4", db_system_name="postgresql", db_namespace="pay"),
    span("send paid", PRODUCER, span_id="6", parent="4", messaging_destination_name="paid"),
)
MAIL = (
    span("process paid", CONSUMER, span_id="7", parent="6", messaging_destination_name="paid"),
    span("SEND", CLIENT, span_id="8", parent="7", server_address="smtp.example"),
)
#: caller, callee, how many, how many failed
CALLS = {
    ("shop GET /cart", "billing POST /pay", 1, 1),
    ("billing POST /pay", "postgresql pay", 1, 0),
    ("billing POST /pay", "billing send paid", 1, 0),
}
LATE = {("mail process paid", "smtp.example", 1, 0)}


def calls_of(fmt: OtlpJson | OtlpLines, *lines: bytes, received_s: float = SECOND) -> set[tuple[str, str, int, int]]:
    """All calls of these lines, each line a chunk of a source of its own."""
    found: set[tuple[str, str, int, int]] = set()
    for line in lines:
        parser = fmt if isinstance(fmt, OtlpLines) else fmt.make_parser()
        batch = parser.parse(line, offset=0, received_s=received_s).batch
        names = [f"{key.app} {key.event}" if key.app else key.stream for key in batch.keys]
        found |= {(names[c.caller], names[c.callee], c.count, c.failed) for c in batch.calls}
    return found


def lines_of(*spans: tuple[str, dict[str, Any]]) -> list[bytes]:
    return [otlp_line(service, one) for service, one in spans]


@pytest.mark.parametrize("seed", range(20))
def test_calls_are_found_whatever_the_order_and_the_files(seed: int) -> None:
    lines = lines_of(*(("shop", s) for s in SHOP), *(("billing", s) for s in BILLING), *(("mail", s) for s in MAIL))
    random.Random(seed).shuffle(lines)
    fmt = OtlpJson()
    assert calls_of(fmt, *lines) == CALLS
    assert calls_of(fmt, b"\n", received_s=SECOND + TTL_S - 0.1) == set()
    assert calls_of(fmt, b"\n", received_s=SECOND + TTL_S) == LATE


def test_all_of_it_in_one_line() -> None:
    spans = otlp_line("shop", *SHOP), otlp_line("billing", *BILLING)
    assert calls_of(OtlpJson(), b"".join(spans)) == CALLS


def test_a_repeat_calls_nobody_again() -> None:
    fmt = OtlpJson()
    line = otlp_line("billing", *BILLING)
    assert len(calls_of(fmt, line)) == 2
    assert calls_of(fmt, line) == set()


def test_a_caller_that_is_never_told_leaves_the_call_to_its_own_span() -> None:
    fmt = OtlpJson()
    assert calls_of(fmt, otlp_line("billing", *BILLING[1:])) == set()
    assert calls_of(fmt, b"\n", received_s=SECOND + TTL_S) == {("billing SELECT", "postgresql pay", 1, 0)}


def test_a_chain_that_goes_round_has_no_beginning() -> None:
    spans = [span("part", INTERNAL, span_id=a, parent=b) for a, b in (("1", "2"), ("2", "1"))]
    spans.append(span("SELECT", CLIENT, span_id="3", parent="1", db_system="redis"))
    assert calls_of(OtlpJson(), otlp_line("a", *spans)) == {("a SELECT", "redis", 1, 0)}


def test_memory_is_bounded_and_what_is_let_go_of_is_counted() -> None:
    traces = Traces(max_spans=100)
    parser = OtlpLines(traces, LoggedErrors(), max_line_bytes=OtlpJson.max_line_bytes)
    lines = [
        otlp_line("a", span("GET", CLIENT, span_id="1", trace=f"{n:032x}", server_address="b")) for n in range(1000)
    ]
    found = calls_of(parser, *lines)
    assert found == {("a GET", "b", 1, 0)}
    assert traces.evicted == traces.unanswered == 900


def test_one_trace_larger_than_the_memory_is_let_go_of_too() -> None:
    traces = Traces(max_spans=100)
    parser = OtlpLines(traces, LoggedErrors(), max_line_bytes=OtlpJson.max_line_bytes)
    calls_of(parser, otlp_line("a", *(span("GET", CLIENT, span_id=f"{n}") for n in range(1000))))
    assert traces.evicted > 800


async def test_unanswered_calls_are_told_with_each_beat() -> None:
    fmt, status = OtlpJson(), Status(collector_id="c", host_id="h", started_s=0)
    registry = svcs.Registry()
    registry.register_value(Status, status)
    await fmt.on_bound(Bound(svcs.Container(registry)))
    calls_of(fmt, otlp_line("a", span("GET", CLIENT, span_id="1")))
    calls_of(fmt, b"\n", received_s=SECOND + TTL_S)
    assert status.beat(at_s=1).counters == {"otlp_calls_unanswered": 1, "otlp_spans_evicted": 0}
