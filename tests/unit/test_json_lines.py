"""JSON lines → batches."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.applications.formats.json_lines import JsonLines
from collector.core.json_lines import FEW_LINES, make_fields
from collector.core.json_lines import JsonLines as Parser
from collector.core.json_reader import MANY_LINES
from collector.core.json_shape import KNOWN_SHAPES, mapped_shape
from collector.lib.log_buckets import bucket_index
from collector.lib.sampling import EVERYTHING, is_sampled
from collector.models.activity import ActivityKey, Server, Status
from collector.models.batch import LogBatch
from collector.models.json_mapping import JsonMapping, read_json_mappings
from collector.models.keep import COUNTS_ONLY, Keep
from tests.json_log_lines import AT_S, ecs, encode, loguru, python_json_logger, structlog

MADRID = ZoneInfo("Europe/Madrid")
KNOWN = make_fields(KNOWN_SHAPES)


def parse(data: bytes, *mappings: JsonMapping, keep: Keep = COUNTS_ONLY) -> LogBatch:
    """All lines as one chunk."""
    shapes = make_fields([*map(mapped_shape, mappings), *KNOWN_SHAPES]) if mappings else KNOWN
    parser = Parser(shapes, zone=ZoneInfo("UTC"), max_line_bytes=JsonLines.max_line_bytes)
    batch = parser.parse(data, offset=0, received_s=1.0, keep=keep).batch
    assert batch.size_bytes == len(data)
    assert all(cell.count <= cell.size_bytes for cell in batch.counts)
    return batch


def runs(batch: LogBatch) -> dict[tuple[str, str, str], int]:
    """(app, event, status) → count."""
    found: Counter[tuple[str, str, str]] = Counter()
    for cell in batch.counts:
        key = batch.keys[cell.key]
        found[key.app, key.event, Status(cell.status).name] += cell.count
    return dict(found)


def skipped(batch: LogBatch) -> dict[str, int]:
    return {reason: each.lines for reason, each in batch.skipped.items()}


def ended(status: str, app: str = "shop.1.0", event: str = "place") -> dict[tuple[str, str, str], int]:
    return {(app, event, "START"): 1, (app, event, status): 1}


@pytest.mark.parametrize("nested", [True, False])
@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"event.outcome": "success"}, "DONE"),
        ({"event.outcome": "failure"}, "FAILED"),
        ({"event.outcome": "unknown", "event.duration": 5}, "DONE"),
        ({"event.duration": 5_000_000}, "DONE"),
        ({"event.duration": 5_000_000, "log.level": "error"}, "FAILED"),
        ({"log.level": "ERROR"}, "FAILED"),
    ],
)
def test_ecs_lines_that_tell_an_end_count_its_start_too(nested: bool, more: dict[str, Any], status: str) -> None:
    batch = parse(encode(ecs("place", more, nested=nested)))
    assert runs(batch) == ended(status)
    assert batch.keys == [ActivityKey("shop.1.0", "", "place", "request")]
    assert batch.servers == [Server("vm", "17")]
    assert {cell.second for cell in batch.counts} == {AT_S}


def test_lines_that_tell_of_no_run_are_messages() -> None:
    lines = [
        ecs(),
        ecs("place"),
        ecs("", {"log.level": "error"}),
        structlog(app="shop"),
        loguru(),
        python_json_logger(),
    ]
    batch = parse(encode(*lines))
    assert (runs(batch), skipped(batch)) == ({}, {"message": 6})


def test_durations_are_read_in_their_units() -> None:
    lines = [
        ecs("a", {"event.duration": 250_000_000}),
        structlog(app="shop", event_name="b", duration_ms=250),
        structlog(app="shop", event_name="c", duration_s=0.25),
        structlog(app="shop", event_name="d", duration_ms="250.0"),
    ]
    histograms = [cell.durations for cell in parse(encode(*lines)).counts if cell.durations]
    assert histograms == [{bucket_index(250): 1}] * 4


def test_phases_of_a_logger_that_tells_both_count_as_they_are() -> None:
    lines = [
        structlog(app="shop", event_name="place", phase=phase)
        for phase in ("started", "done", "FAILED", "ignored", "no phase")
    ]
    batch = parse(encode(*lines))
    assert runs(batch) == {("shop", "place", status): 1 for status in ("START", "DONE", "FAILED", "IGNORED")}
    assert skipped(batch) == {"message": 1}


def test_an_answer_of_http_fails_from_500_on() -> None:
    lines = [structlog(app="shop", event_name=f"e{status}", status=status) for status in (200, "404", 500, 99)]
    assert runs(parse(encode(*lines))) == {
        **ended("DONE", "shop", "e200"),
        **ended("DONE", "shop", "e404"),
        **ended("FAILED", "shop", "e500"),
    }


def test_each_logger_names_app_event_stream_and_process() -> None:
    extras: dict[str, Any] = {"app": "shop", "event_name": "place", "outcome": "success", "host": "vm"}
    extras |= {"stream": "orders", "queue": "fast", "consumer_group": "g"}
    lines = [structlog(**extras, pid=17), loguru(**extras), python_json_logger(**extras, process=17)]
    batch = parse(encode(*lines))
    assert batch.keys == [ActivityKey("shop", "", "place", "stream", "orders", "fast", "g")]
    assert batch.servers == [Server("vm", "17")]
    assert sum(cell.count for cell in batch.counts) == 6


def test_without_names_of_their_own_runs_go_by_their_logger() -> None:
    assert runs(parse(encode(structlog(logger="shop.orders.api", duration_ms=1)))) == ended(
        "DONE", "shop", "shop.orders.api"
    )


@pytest.mark.parametrize(
    ("time", "second"),
    [
        ("2026-11-22T18:27:06Z", AT_S),
        ("2026-11-22T18:27:06.123456Z", AT_S),
        ("2026-11-22T19:27:06.5+01:00", AT_S),
        ("2026-11-22T13:27:06-0500", AT_S),
        ("2026-11-22 18:27:06,775", AT_S),
        ("2026-11-22T18:27:06", AT_S),
        (AT_S, AT_S),
        (AT_S + 0.9, AT_S),
        (AT_S * 1000 + 999, AT_S),
        (AT_S * 10**6, AT_S),
        (AT_S * 10**9, AT_S),
        ("1969-12-31T23:59:59Z", None),
        ("2026-02-30T18:27:06Z", None),
        ("2026-11-22T18:27:60Z", None),
        ("yesterday", None),
        ("٢٠٢٦-11-22T18:27:06Z", None),
        ("", None),
        (-1, None),
        (10**30, None),
        (True, None),
        (None, None),
        ({}, None),
    ],
)
def test_time_stamps_of_all_kinds(time: Any, second: int | None) -> None:
    line = ecs("place", {"event.outcome": "success"}) | {"@timestamp": time}
    batch = parse(encode(line))
    assert {cell.second for cell in batch.counts} == ({second} if second else set())
    assert skipped(batch) == ({} if second else {"unparsable": 1})


def test_a_time_without_an_offset_is_of_the_zone_that_is_set() -> None:
    data = encode(python_json_logger(app="shop", event_name="place", outcome="ok"))
    batch = Parser(KNOWN, zone=MADRID, max_line_bytes=1000).parse(data, offset=0, received_s=1.0).batch
    assert {cell.second for cell in batch.counts} == {AT_S - 3600}


ODD_LINES = [
    b"{not json",
    b"[1]",
    b"12",
    b"",
    b"\xff\xfe",
    b'{"@timestamp":',
    b'{"a":1}{"b":2}',
    b'{"@timestamp": NaN}',
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b'{"@timestamp": "' + b"9" * 70_000 + b'"}',
    b"Traceback (most recent call last):",
]


@pytest.mark.parametrize("odd", ODD_LINES, ids=range(len(ODD_LINES)))
def test_an_odd_line_does_not_spoil_its_neighbours(odd: bytes) -> None:
    good = encode(ecs("place", {"event.outcome": "success"}))
    batch = parse(good * 5 + odd + b"\n" + good * 5)
    assert runs(batch) == {("shop.1.0", "place", "START"): 10, ("shop.1.0", "place", "DONE"): 10}
    assert batch.skipped["unparsable"].size_bytes == len(odd) + 1


@pytest.mark.parametrize(
    "field",
    [
        b'"event.duration": 1e999',
        b'"event.duration": ' + b"9" * 5000,
        b'"process.pid": ' + b"9" * 400,
        b'"process.pid": 1.5',
        b'"event.outcome": {"deep": [[[[[[1]]]]]]}',
        b'"event": null',
        b'"service": "text, no object"',
        b'"note": "\\ud800"',
        b'"event.action": "\\u0000\\u202e"',
        b'"note": "' + b"x" * 65_536 + b'"',
        b'"event.outcome": "failure", "event.outcome": "success"',
        b'"message": {"a": ' + b"[" * 900 + b"]" * 900 + b"}",
    ],
)
def test_odd_fields_are_counted_and_never_break_a_chunk(field: bytes) -> None:
    line = b'{"@timestamp": "2026-11-22T18:27:06Z", "service.name": "shop", "event.action": "place", ' + field + b"}\n"
    good = encode(ecs("place", {"event.outcome": "success"}))
    batch = parse(good + line + good)
    assert sum(n for (_, _, status), n in runs(batch).items() if status == "DONE") >= 2
    assert all(key.event.isprintable() for key in batch.keys)


def test_a_line_over_the_limit_is_not_read() -> None:
    batch = parse(encode(ecs("place", {"note": "x" * 300_000})) + encode(ecs()))
    assert skipped(batch) == {"oversize": 1, "message": 1}


def test_lines_of_different_loggers_in_one_file_are_told_apart() -> None:
    lines = [
        ecs("a", {"event.outcome": "success"}),
        structlog(app="shop", event_name="b", outcome="ok"),
        loguru(app="shop", event_name="c", outcome="ok"),
        python_json_logger(app="shop", event_name="d", outcome="ok"),
    ]
    batch = parse(encode(*lines * 3))
    assert {event for _, event, _ in runs(batch)} == {"a", "b", "c", "d"}
    assert set(runs(batch).values()) == {3}


def test_crlf_a_byte_order_mark_and_a_last_line_without_newline_are_read() -> None:
    line = json.dumps(ecs("place", {"event.outcome": "success"})).encode()
    batch = parse(b"\xef\xbb\xbf" + line + b"\r\n" + line + b"\r\n" + line)
    assert runs(batch)["shop.1.0", "place", "DONE"] == 3


def test_a_failure_is_kept_whole_without_secrets() -> None:
    trace = 'Traceback (most recent call last):\n  File "a.py", line 1\nValueError: no stock, token=hunter2'
    failed = ecs("place", {"event.outcome": "failure", "event.duration": 1_500_000, "trace.id": "ab12"})
    failed["error"] = {"message": "no stock, password=hunter2", "type": "ValueError", "stack_trace": trace}
    first = encode(ecs())
    batch = parse(first + encode(failed))
    (kept,) = batch.failures
    assert kept.offset == len(first)
    assert (kept.request_id, kept.duration_ms, kept.timestamp_s) == ("ab12", 1.5, AT_S)
    assert kept.cause == "ValueError: no stock, password=***"
    assert kept.traceback.startswith("Traceback")
    assert "hunter2" not in repr(batch)


def test_an_error_of_the_same_request_just_before_is_the_cause() -> None:
    lines = [
        structlog("no stock", level="error", request_id="r1", exception="Traceback\nValueError: left 0"),
        structlog("other", level="error", request_id="r2"),
        structlog("gave up", app="shop", event_name="place", outcome="failure", request_id="r1"),
        structlog("gave up", app="shop", event_name="place", outcome="failure", request_id="r3"),
    ]
    assert [failure.cause for failure in parse(encode(*lines)).failures] == ["ValueError: left 0", "gave up"]


def test_the_cause_may_stand_in_the_chunk_before_but_not_before_a_gap() -> None:
    error = encode(loguru("no stock", level="ERROR", request_id="r1", exception={"type": "KeyError", "value": "'id'"}))
    failed = encode(loguru("x", app="shop", event_name="place", outcome="failure", request_id="r1"))
    for gap, cause in ((0, "KeyError: 'id'"), (1, "x")):
        parser = Parser(KNOWN, zone=MADRID, max_line_bytes=10_000)
        parser.parse(error, offset=0, received_s=1.0)
        batch = parser.parse(failed, offset=len(error) + gap, received_s=1.0).batch
        assert [failure.cause for failure in batch.failures] == [cause]


def test_few_failures_of_a_kind_are_kept() -> None:
    batch = parse(encode(*[ecs("place", {"event.outcome": "failure"})] * 50, ecs("x", {"event.outcome": "failure"})))
    assert Counter(batch.keys[each.key].event for each in batch.failures) == {"place": 10, "x": 1}


@pytest.mark.parametrize("request_id", ["r-1", "ü" * 20, "x" * 200, 17])
def test_sampled_runs_are_kept_with_their_ids(request_id: str | int) -> None:
    lines = [
        structlog(app="shop", event_name="place", outcome="ok", duration_ms=3, request_id=request_id),
        structlog(app="shop", event_name="place", outcome="ok"),
    ]
    (kept,) = parse(encode(*lines), keep=Keep(sample_below=EVERYTHING)).samples
    assert (kept.duration_ms, kept.offset) == (3.0, 0)
    raw = str(request_id).encode()
    for threshold in (1, EVERYTHING // 2):
        assert len(parse(encode(*lines), keep=Keep(sample_below=threshold)).samples) == is_sampled(raw, threshold)


def test_the_newest_lines_are_kept_as_many_as_asked_for() -> None:
    lines = [structlog(f"n{n} secret=abc", app="shop", event_name="place", outcome="ok") for n in range(9)]
    newest = parse(encode(*lines), keep=Keep(newest_lines=2)).newest
    assert [(line.level, line.text) for line in newest] == [("INFO", "n8 secret=***"), ("INFO", "n7 secret=***")]


BILLING: dict[str, Any] = {
    "name": "billing",
    "match": {"field": "invoice.id"},
    "words": {"start": ["opened"], "done": ["Paid"], "failed": ["bounced"], "ignored": ["double"]},
    "time_zone": "Europe/Madrid",
    "fields": {
        "time": "at",
        "app": "=billing",
        "event": "invoice.step",
        "phase": "state",
        "duration_s": "took",
        "stream": "from.stream",
        "group": "from.group",
        "request_id": "invoice.id",
    },
}


def test_a_mapping_reads_a_shape_of_ones_own() -> None:
    mapping = read_json_mappings({"mappings": [BILLING]})[0]
    lines = [
        {"at": "2026-11-22 19:27:06", "invoice": {"id": n, "step": "charge"}, "state": state, "took": 0.1}
        for n, state in enumerate(["opened", "PAID", "bounced", "double", "strange"])
    ]
    lines += [{"at": "2026-11-22 19:27:06", "invoice.id": "a", "invoice.step": "s", "from": {"stream": "paid"}}]
    batch = parse(encode(*lines), mapping)
    assert runs(batch) == {
        ("billing", "charge", "START"): 1 + 1,
        ("billing", "charge", "DONE"): 1 + 1,
        ("billing", "charge", "FAILED"): 1,
        ("billing", "charge", "IGNORED"): 1,
    }
    assert skipped(batch) == {"message": 1}
    assert {cell.second for cell in batch.counts} == {AT_S}
    assert [failure.request_id for failure in batch.failures] == ["2"]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"name": 1}, "mapping 1: name: expected a text"),
        ({"match": {}}, "match needs a path, a field or both"),
        ({"fields": {"time": "a", "app": "=x"}}, "fields: expected event"),
        ({"fields": {"time": "=now", "app": "=x", "event": "e"}}, "time cannot be a constant"),
        ({"fields": {"time": "t", "app": "a", "event": "a.b"}}, "a path goes on where another one ends"),
        ({"fields": {"time": "t..x", "app": "a", "event": "b"}}, "a path has an empty part"),
        ({"fields": {"time": 't"', "app": "a", "event": "b"}}, "a path has a quote"),
        ({"fields": {"time": "t", "app": "a", "event": "b", "durration_s": "c"}}, "did you mean 'duration_s'?"),
        ({"words": {"done": "paid"}}, "done: expected a list of texts"),
        ({"words": {"done": ["x"], "failed": ["X"]}}, "a word stands for done and failed"),
        ({"time_zone": "Mars/Base"}, "time_zone: expected a time zone"),
        ({"filds": {}}, "unknown 'filds', did you mean 'fields'?"),
    ],
)
def test_a_wrong_mapping_says_what_was_expected(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError) as caught:
        read_json_mappings({"mappings": [{**BILLING, **change}]})
    assert complaint in str(caught.value)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**25), 10**25),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["success", "failure", "shop", "place", "error", "info", "started", "2026-11-22T18:27:06Z", AT_S]),
    st.dictionaries(
        st.sampled_from(["name", "action", "outcome", "duration", "level", "id"]), st.integers(), max_size=2
    ),
    st.lists(st.integers(), max_size=2),
)
KEYS = st.sampled_from(
    [
        "@timestamp",
        "timestamp",
        "asctime",
        "levelname",
        "level",
        "log.level",
        "record",
        "event",
        "event.action",
        "event.outcome",
        "event.duration",
        "service.name",
        "service",
        "app",
        "event_name",
        "outcome",
        "phase",
        "status",
        "duration_ms",
        "request_id",
        "trace.id",
        "host",
        "process",
        "logger",
        "invoice",
        "at",
        "state",
    ]
)
LINES = st.one_of(
    st.dictionaries(KEYS, VALUES, max_size=8).map(lambda line: json.dumps(line).encode()),
    st.sampled_from(
        [ecs("place", {"event.outcome": "success"}), structlog(app="shop", event_name="b", outcome="ok")]
    ).map(lambda line: json.dumps(line).encode()),
    st.sampled_from(ODD_LINES[:8]),
    st.binary(max_size=12).map(lambda raw: raw.replace(b"\n", b"")),
    st.sampled_from([b'{"a":{}', b"}", b'{"a":1} ', b"{}{}", b'{"\\u0061pp":"x","timestamp":"2026-11-22T18:27:06Z"}']),
)


def sums(batch: LogBatch) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for cell in batch.counts:
        place = (batch.keys[cell.key], batch.servers[cell.server], cell.second, cell.status)
        found[place, "lines"] += cell.count
        found[place, "bytes"] += cell.size_bytes
        for bucket, n in cell.durations.items():
            found[place, bucket] += n
    for reason, each in batch.skipped.items():
        found[reason, "lines"] += each.lines
        found[reason, "bytes"] += each.size_bytes
    return found


@pytest.mark.parametrize("few", [0, FEW_LINES])
def test_many_lines_are_counted_by_column_as_few_are_one_by_one(monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    lines = [ecs(f"e{n % 3}", {"event.outcome": ("success", "failure")[n % 2], "event.duration": n}) for n in range(9)]
    many = parse(encode(*lines) * 100)
    monkeypatch.setattr("collector.core.json_lines.FEW_LINES", few)
    one_by_one = sum((sums(parse(encode(line) * 100)) for line in lines), Counter[Any]())
    assert sums(many) == one_by_one


MAPPED = make_fields([mapped_shape(read_json_mappings({"mappings": [BILLING]})[0]), *KNOWN_SHAPES])


@pytest.mark.parametrize("many", [0, MANY_LINES])
@given(lines=st.lists(LINES, max_size=12), data=st.data())
def test_every_byte_is_counted_wherever_chunks_begin(many: int, lines: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(line + b"\n" for line in lines)
    parser = Parser(MAPPED, zone=MADRID, max_line_bytes=1000)
    at_once = parser.parse(whole, offset=0, received_s=1.0, keep=Keep(EVERYTHING, 3)).batch
    assert at_once.size_bytes == len(whole)
    assert all(cell.count <= cell.size_bytes for cell in at_once.counts)

    parts, offset = Counter[Any](), 0
    parser = Parser(MAPPED, zone=MADRID, max_line_bytes=1000)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(lines)), max_size=5)))
    with pytest.MonkeyPatch.context() as patch:
        # Reads as it does after many lines of a shape, when it knows which fields they have.
        patch.setattr("collector.core.json_reader.MANY_LINES", many)
        for begin, end in zip([0, *cuts], [*cuts, len(lines)], strict=True):
            chunk = b"".join(line + b"\n" for line in lines[begin:end])
            parts += sums(parser.parse(chunk, offset=offset, received_s=1.0).batch)
            offset += len(chunk)
    assert parts == sums(at_once)
