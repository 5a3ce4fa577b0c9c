from __future__ import annotations

import json
import tracemalloc
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.applications.formats.otlp_json import OtlpJson
from collector.lib.sampling import EVERYTHING
from collector.models.activity import ActivityKey, Server, Status
from collector.models.batch import LogBatch, encode_batch
from collector.models.count_table import ActivityCount
from collector.models.keep import COUNTS_ONLY, Keep
from tests.otlp_line import (
    CLIENT,
    CONSUMER,
    INTERNAL,
    PRODUCER,
    SECOND,
    SERVER,
    TRACE,
    attributes,
    export,
    export_logs,
    line,
    otlp_line,
    span,
)
from tests.world import FIXTURES
from visualizer.core.batch_check import check_batch

RECEIVED_S = SECOND + 5.0
#: As formats.md has it from an SDK's file exporter.
RECORDED = (
    b'{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"billing"}}]},'
    b'"scopeSpans":[{"spans":[{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331",'
    b'"name":"process shop.orders","kind":5,"startTimeUnixNano":"1795372223251117160",'
    b'"endTimeUnixNano":"1795372223261117160","links":[{"traceId":"1af7651916cd43dd8448eb211c80319d",'
    b'"spanId":"c7ad6b7169203332"}],"status":{},"attributes":[{"key":"messaging.system","value":{"stringValue":'
    b'"redis"}},{"key":"messaging.destination.name","value":{"stringValue":"shop.orders"}}]}]}]}]}\n'
)


def parse(chunk: bytes, *, keep: Keep = COUNTS_ONLY, fmt: OtlpJson | None = None) -> LogBatch:
    batch = (fmt or OtlpJson()).make_parser().parse(chunk, offset=0, received_s=RECEIVED_S, keep=keep).batch
    assert batch.size_bytes == len(chunk)
    if chunk:
        check_batch(batch, size_bytes=len(chunk))
    return batch


def counted(batch: LogBatch) -> dict[tuple[str, str, str, str], dict[str, int]]:
    """(app, event, kind, stream) → status → count."""
    found: dict[tuple[str, str, str, str], dict[str, int]] = {}
    for cell in batch.counts:
        key = batch.keys[cell.key]
        statuses = found.setdefault((key.app, key.event, key.kind, key.stream), {})
        status = Status(cell.status).name
        statuses[status] = statuses.get(status, 0) + cell.count
    return found


def only_key(values: dict[str, Any], kind: int = SERVER, name: str = "name") -> ActivityKey:
    batch = parse(otlp_line("shop", span(name, kind, span_id="1", **values)))
    return batch.keys[0]


def test_the_recorded_span_is_a_consumer_of_its_stream() -> None:
    batch = parse(RECORDED)
    assert batch.keys == [ActivityKey("billing", "", "process shop.orders", "stream", "shop.orders")]
    assert counted(batch) == {("billing", "process shop.orders", "stream", "shop.orders"): {"START": 1, "DONE": 1}}
    assert [(cell.second, sum(cell.durations.values())) for cell in batch.counts] == [(SECOND, 0), (SECOND, 1)]


@pytest.mark.parametrize(
    ("values", "event"),
    [
        ({"http_request_method": "GET", "http_route": "/orders/{id}"}, "GET /orders/{id}"),
        ({"http_method": "GET", "http_route": "/orders/{id}"}, "GET /orders/{id}"),
        ({"http_request_method": "_OTHER", "url_template": "/x"}, "HTTP /x"),
        ({"http_request_method": "GET"}, "name"),
        ({"rpc_system_name": "grpc", "rpc_method": "shop.Orders/Place"}, "shop.Orders/Place"),
        ({"rpc_system": "grpc", "rpc_service": "shop.Orders", "rpc_method": "Place"}, "shop.Orders/Place"),
        ({}, "name"),
    ],
)
def test_a_server_span_is_a_request_named_by_new_or_old_names(values: dict[str, Any], event: str) -> None:
    assert only_key(values) == ActivityKey("shop", "", event, "request")


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        (PRODUCER, {"messaging_destination_name": "orders"}, ("publish", "orders", "")),
        (PRODUCER, {"messaging_destination": "orders"}, ("publish", "orders", "")),
        (CLIENT, {"messaging_operation_type": "send", "messaging_destination_name": "o"}, ("publish", "o", "")),
        (CONSUMER, {"messaging_destination_name": "orders"}, ("stream", "orders", "")),
        (CLIENT, {"messaging_operation_type": "receive", "messaging_destination_name": "o"}, ("stream", "o", "")),
        (CONSUMER, {"messaging_destination_template": "o.{id}", "messaging_destination_name": "o.17",
                    "messaging_consumer_group_name": "g"}, ("stream", "o.{id}", "g")),
        (CONSUMER, {"messaging_destination_name": "o", "messaging_kafka_consumer_group": "g"}, ("stream", "o", "g")),
        (CONSUMER, {"messaging_destination_name": "amq-1", "messaging_destination_temporary": True},
         ("stream", "(temporary)", "")),
        (CLIENT, {"db_system_name": "postgresql", "db_namespace": "orders"}, ("call", "postgresql orders", "")),
        (CLIENT, {"db_system": "redis", "db_name": "0", "net_peer_name": "cache"}, ("call", "redis cache", "")),
        (CLIENT, {"service_peer_name": "mail"}, ("call", "mail", "")),
        (CLIENT, {"peer_service": "mail", "server_address": "x"}, ("call", "mail", "")),
        (CLIENT, {"server_address": "api.example"}, ("call", "api.example", "")),
        (CLIENT, {}, ("call", "", "")),
        (PRODUCER, {"messaging_system": "kafka", "server_address": "broker"}, ("call", "kafka broker", "")),
        (INTERNAL, {}, ("service", "", "")),
    ],
)  # fmt: skip
def test_what_a_span_is_stands_in_its_kind_and_names(
    kind: int, values: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    key = only_key(values, kind)
    assert (key.kind, key.stream, key.consumer_group) == expected
    assert (key.app, key.event) == ("shop", "name")


def test_parts_and_settlements_are_skipped_with_their_bytes() -> None:
    batch = parse(
        otlp_line(
            "shop",
            span("part", INTERNAL, span_id="2", parent="1"),
            span("ack", CLIENT, span_id="3", messaging_operation_type="settle"),
        )
    )
    assert (len(batch.counts), batch.skipped["message"].lines) == (0, 2)


def test_an_app_is_its_service_with_its_version() -> None:
    chunk = otlp_line("com.shop", span("e", SERVER, span_id="1"), version="1.4.2", host="h", pid=12)
    batch = parse(chunk)
    assert (batch.keys[0].app, batch.servers) == ("com_shop.1.4.2", [Server("h", "12")])


def test_names_that_lie_stay_one_name() -> None:
    chunk = otlp_line("x\n2026-11-22 | app=admin", span("\u202egnp" + "e" * 1_000_000, SERVER, span_id="1"))
    (key,) = parse(chunk).keys
    assert key.app == "x\\n2026-11-22 | app=admin"
    assert (key.event.startswith("\\u202egnpeee"), len(key.event)) == (True, 128 + 9)


def test_a_request_over_midnight_starts_and_ends_in_its_own_seconds() -> None:
    batch = parse(otlp_line("shop", span("e", SERVER, span_id="1", second=SECOND + 0.9, took_ms=2200)))
    assert [(cell.second, cell.status) for cell in batch.counts] == [(SECOND, 0), (SECOND + 3, 1)]


def test_a_failure_has_its_exception_without_secrets() -> None:
    event = {
        "name": "exception",
        "attributes": [
            {"key": "exception.type", "value": {"stringValue": "ValueError"}},
            {"key": "exception.message", "value": {"stringValue": "no stock, password=hunter2"}},
            {"key": "exception.stacktrace", "value": {"stringValue": "Traceback:\n  token=abcdef123"}},
        ],
    }
    (failure,) = parse(otlp_line("shop", span("e", SERVER, span_id="b7", failed=True, events=[event]))).failures
    assert failure.cause == "ValueError: no stock, password=***"
    assert failure.traceback == "Traceback:\n  token=***"
    assert (failure.request_id, failure.operation_id, failure.duration_ms) == (TRACE, "b7", 10.0)
    assert failure.timestamp_s == SECOND + 0.01


def test_a_failure_without_an_exception_has_its_logged_error_else_its_status() -> None:
    fmt = OtlpJson()
    record = {"severityNumber": 17, "traceId": TRACE, "spanId": "b7", "body": {"stringValue": "disk full"}}
    parse(line(export_logs("shop", record)), fmt=fmt)
    failed = (span("e", SERVER, span_id=span_id, failed=True) for span_id in ("b7", "b8"))
    assert [f.cause for f in parse(otlp_line("shop", *failed), fmt=fmt).failures] == ["disk full", "broken"]


def test_a_long_stack_trace_keeps_its_end_and_a_long_message_its_beginning() -> None:
    values = {
        "exception.type": "E",
        "exception.message": "a " * 10_000,
        "exception.stacktrace": "in f\n" * 9000 + "end",
    }
    event = {"name": "exception", "attributes": attributes(values)}
    (failure,) = parse(otlp_line("shop", span("e", SERVER, span_id="b7", failed=True, events=[event]))).failures
    assert (failure.cause.startswith("E: a a"), len(failure.cause)) == (True, 500)
    assert (failure.traceback.endswith("in f\nend"), 3000 < len(failure.traceback) <= 4000) == (True, True)


def test_ten_failures_a_second_are_kept_and_all_are_counted() -> None:
    batch = parse(otlp_line("shop", *(span("e", SERVER, span_id=f"{n:x}", failed=True) for n in range(30))))
    assert len(batch.failures) == 10
    assert counted(batch) == {("shop", "e", "request", ""): {"START": 30, "FAILED": 30}}


def test_samples_are_the_operations_of_sampled_traces() -> None:
    chunk = otlp_line("shop", *(span("e", SERVER, span_id="1", trace=f"{n:032x}") for n in range(200)))
    assert len(parse(chunk, keep=Keep(sample_below=EVERYTHING)).samples) == 200
    some = parse(chunk, keep=Keep(sample_below=EVERYTHING // 4)).samples
    assert 20 < len(some) < 90
    assert {(entry.status, entry.duration_ms) for entry in some} == {(1, 10.0)}
    assert parse(chunk).samples == []


def test_the_newest_lines_are_spans_and_the_records_logged_in_them() -> None:
    record = {"severityText": "WARN", "traceId": TRACE, "spanId": "1", "body": {"stringValue": "token=abc\nlate"},
              "timeUnixNano": str(SECOND * 10**9)}  # fmt: skip
    request = export("shop", *(span("e", SERVER, span_id=f"{n}") for n in range(30))) | export_logs("shop", record)
    batch = parse(line(request), keep=Keep(newest_lines=3))
    assert [(new.level, new.text) for new in batch.newest] == [
        ("WARN", "token=*** late"), ("INFO", "e took 10 ms"), ("INFO", "e took 10 ms"),
    ]  # fmt: skip
    assert len(parse(line(request), keep=Keep(newest_lines=64)).newest) == 20


@pytest.mark.parametrize(
    ("text", "skipped"),
    [
        (b"\n", {"unparsable": 1}),
        (b"{}\n", {"unparsable": 1}),
        (b"[]\n", {"unparsable": 1}),
        (b'{"resourceSpans":[\n', {"unparsable": 1}),
        (b'{"resourceSpans":7}\n', {"unparsable": 1}),
        (b'{"resourceSpans":[NaN]}\n', {"unparsable": 1}),
        (b'{"resourceSpans":[],"x":' + b"[" * 60_000 + b"]" * 60_000 + b"}\n", {"unparsable": 1}),
        (b'{"resourceSpans":[]}\n', {"message": 1}),
        (b'{"resourceLogs":[]}\n', {"message": 1}),
        (b'{"resourceLogs":[{"scopeLogs":[{"logRecords":[{},{}]}]}]}\n', {"message": 2}),
        (b'{"resourceMetrics":[{"scopeMetrics":[]}]}\n', {"metrics": 1}),
        (b'{"resourceSpans":[{"scopeSpans":[{"spans":[{},7,{"kind":{}}]}]}]}\n', {"unparsable": 3}),
        (b'\xff\xfe{"resourceSpans":[]}\n', {"unparsable": 1}),
        (b'\0\0\xef\xbb\xbf{"resourceSpans":[]}\r\n', {"message": 1}),
    ],
)
def test_what_is_no_span_is_counted_under_its_reason(text: bytes, skipped: dict[str, int]) -> None:
    batch = parse(text)
    assert {reason: each.lines for reason, each in batch.skipped.items()} == skipped


def test_a_damaged_span_does_not_take_its_neighbours_along() -> None:
    good = span("e", SERVER, span_id="1")
    bad = [good | {"startTimeUnixNano": "soon"}, good | {"name": None}, good | {"startTimeUnixNano": -5}]
    odd = good | {"startTimeUnixNano": 10**30, "endTimeUnixNano": str(10**30), "kind": "SPAN_KIND_SERVER"}
    batch = parse(otlp_line("shop", good, *bad, odd))
    assert counted(batch) == {("shop", "e", "request", ""): {"START": 2, "DONE": 2}}
    assert batch.skipped["unparsable"].lines == 3


def test_ten_thousand_spans_in_a_line_are_counted_and_fit_into_a_payload() -> None:
    spans = [
        span(f"e{n % 100}", SERVER, span_id=f"{n:016x}", second=SECOND + n % 7, failed=n % 50 == 0)
        for n in range(10_000)
    ]
    batch = parse(otlp_line("shop", *spans))
    assert sum(cell.count for cell in batch.counts) == 20_000
    assert len(encode_batch(batch)) < 256 * 1024


def test_a_line_made_to_burst_a_batch_is_counted_as_crowded() -> None:
    spans = [
        span(f"{n:x}" * 40, SERVER, span_id=f"{n:016x}", second=SECOND + n, failed=True, server_address="x" * 300)
        for n in range(3000)
    ]
    calls = [span(f"call {n}" * 20, CLIENT, span_id=f"c{n}", db_system=f"db{n}" * 30) for n in range(3000)]
    batch = parse(otlp_line("shop", *spans, *calls), keep=Keep(EVERYTHING, 64))
    assert batch.skipped["crowded"].lines > 5000
    assert len(encode_batch(batch)) < 256 * 1024


@pytest.mark.parametrize("member", [b"{}", b"0"])
@pytest.mark.parametrize("place", [b"%s", b'{"scopeSpans":[%s]}', b'{"scopeSpans":[{"spans":[%s]}]}'])
def test_millions_of_empty_things_in_a_line_take_no_memory(place: bytes, member: bytes) -> None:
    chunk = b'{"resourceSpans":[' + place % (b",".join([member] * 700_000)) + b"]}\n"
    tracemalloc.start()
    assert parse(chunk).skipped["unparsable"].lines == 1
    assert tracemalloc.get_traced_memory()[1] < 40_000_000
    tracemalloc.stop()


def test_a_line_over_the_limit_is_oversize() -> None:
    chunk = b'{"resourceSpans":[]' + b" " * OtlpJson.max_line_bytes + b"}\n"
    assert parse(chunk).skipped["oversize"].size_bytes == len(chunk)


@given(st.lists(st.one_of(st.binary(max_size=60), st.sampled_from([RECORDED, RECORDED[:200], b"\n", b"{}\n"]))))
def test_every_byte_of_anything_is_counted_once(parts: list[bytes]) -> None:
    parse(b"".join(parts))


_scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=9), st.just("12"))
_odd_spans: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        name: st.one_of(_scalars, st.just([]), st.just({}))
        for name in ("traceId", "spanId", "parentSpanId", "name", "kind", "startTimeUnixNano", "endTimeUnixNano",
                     "attributes", "events", "status")
    },
)  # fmt: skip


@given(st.lists(_odd_spans, max_size=5))
def test_spans_with_any_fields_are_counted_once(spans: list[dict[str, Any]]) -> None:
    batch = parse(otlp_line("shop", *spans))
    parsed = sum(cell.count for cell in batch.counts)
    assert parsed + 2 * sum(skipped.lines for skipped in batch.skipped.values() if spans) == 2 * len(spans)


@given(st.lists(st.integers(0, 40), max_size=8), st.randoms(use_true_random=False))
def test_sums_do_not_depend_on_where_chunks_begin(cuts: list[int], chance: Any) -> None:
    lines = [RECORDED]
    for number in range(40):
        kind = chance.randrange(1, 6)
        made = span(f"e{chance.randrange(3)}", kind, span_id=f"{number}", parent="9", messaging_destination_name="s")
        lines.append(otlp_line(chance.choice("ab"), made))
    whole = rows(parse(b"".join(lines)))
    parser = OtlpJson().make_parser()
    pieces: dict[Any, list[int]] = {}
    bounds = sorted({0, 41, *cuts})
    for start, end in pairwise(bounds):
        batch = parser.parse(b"".join(lines[start:end]), offset=0, received_s=RECEIVED_S).batch
        for place, (count, size) in rows(batch).items():
            sums = pieces.setdefault(place, [0, 0])
            sums[0] += count
            sums[1] += size
    assert {place: tuple(sums) for place, sums in pieces.items()} == whole


def rows(batch: LogBatch) -> dict[Any, tuple[int, int]]:
    def place(cell: ActivityCount) -> Any:
        return (cell.second, batch.keys[cell.key], batch.servers[cell.server], cell.status)

    return {place(cell): (cell.count, cell.size_bytes) for cell in batch.counts}


def test_it_knows_its_lines_even_when_the_first_is_longer_than_the_sample() -> None:
    fmt = OtlpJson()
    assert fmt.recognise(RECORDED * 3) == 1
    assert fmt.recognise(otlp_line("shop", *[span("e", SERVER, span_id="1")] * 100)[:16384]) == 1
    assert fmt.recognise(b'{"schemaUrl":"","resourceLogs":[]}\n') == 1
    assert fmt.recognise(b'{"level":"info","event":"started"}\n') == 0
    assert fmt.complain(b'{"level":"info"}\n').startswith("line 1: expected one JSON object a line with resourceSpans,")
    assert "set `format: json`" in fmt.complain(b"\0\0\1\x2b\n\x89\x01\n\x1e\n\x0cservice.name")
    assert fmt.complain(RECORDED) == ""


def test_what_the_python_sdk_wrote_is_read_whole() -> None:
    batch = parse((FIXTURES / "otlp" / "sdk_python_1.45.2.jsonl").read_bytes())
    done, mixed = {"START": 5, "DONE": 5}, {"START": 5, "DONE": 4, "FAILED": 1}
    assert counted(batch) == {
        ("shop.1.0", "GET /cart/{id}", "request", ""): done,
        ("shop.1.0", "POST", "call", "billing"): done,
        ("billing.1.0", "POST /pay", "request", ""): mixed,
        ("billing.1.0", "SELECT pay", "call", "postgresql pay"): done,
        ("billing.1.0", "send orders.paid", "publish", "orders.paid"): done,
        ("mail.1.0", "process orders.paid", "stream", "orders.paid"): done,
    }
    assert {key.consumer_group for key in batch.keys if key.kind == "stream"} == {"mailers"}
    assert (batch.skipped["message"].lines, len(batch.skipped)) == (5, 1)
    called = {(batch.keys[c.caller].event, batch.keys[c.callee].kind, c.count) for c in batch.calls}
    assert called == {("GET /cart/{id}", "request", 5), ("POST /pay", "external", 5), ("POST /pay", "publish", 5)}
    (failure,) = batch.failures
    assert failure.cause == "ValueError: card refused, token=***"
    assert "orders.py" in failure.traceback
    assert "abc123" not in failure.traceback


def test_what_json_allows_between_its_tokens_is_allowed() -> None:
    assert counted(parse(json.dumps(export("a", span("e", SERVER, span_id="1"))).encode() + b"\r\n"))
