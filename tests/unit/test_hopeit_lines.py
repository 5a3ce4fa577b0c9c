"""What hopeit's log lines mean, hostile ones included."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.core.hopeit_lines import HopeitLines
from collector.lib.log_buckets import bucket_index
from collector.models.activity import ActivityKey, Server
from collector.models.log_span import MAX_LINE_BYTES
from tests.hopeit_line import (
    APP,
    SECOND,
    STREAM,
    TRACK,
    hopeit_line,
    only_key,
    parse,
    reasons,
    size_bytes,
    statuses,
    sums,
)


@pytest.mark.parametrize("status", ["START", "DONE", "FAILED", "IGNORED"])
def test_an_execution_is_counted_by_second_key_and_server(status: str) -> None:
    line = hopeit_line(status)

    batch = parse(line)

    (count,) = batch.counts
    assert statuses(batch) == {status: 1}
    assert (count.second, count.size_bytes) == (SECOND, len(line))
    assert batch.keys == [ActivityKey("simple_example.0x30", "", "query", "request")]
    assert batch.servers == [Server("vm", "29066")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (hopeit_line("STATS", "metrics.stream.rate=1.000", TRACK, APP), "stats"),
        (hopeit_line("Saving…", "extra.note=a=b | c=d", TRACK, APP), "message"),
        (hopeit_line("Saving… | START", TRACK, APP), "message"),
        (hopeit_line("START", level="DEBUG"), "message"),
        (hopeit_line("STARTED"), "message"),
        (b"2026-11-22 18:27:15,378 | WARNING | py.warnings | /srv/a.py:3: DeprecationWarning: old | \n", "message"),
        (b"2026-11-22 18:27:15,378 | ERROR | a 1 e vm 1 | 2 validation errors for RootModel[Order]\n", "message"),
        (b"  Field required [type=missing]\n", "continuation"),
        (b"\n", "continuation"),
        (b"\xff\xfe2\x000\x002\x006\x00\n", "continuation"),
        (hopeit_line(time="2026-13-22 18:27:15,378"), "unparsable"),
        (hopeit_line(time="2026-02-30 18:27:15,378"), "unparsable"),
        (hopeit_line(time="2026-11-22 18:27:60,378"), "unparsable"),
        (hopeit_line(time="2026-11-22 18:27:15,3x8"), "unparsable"),
        (hopeit_line(time="2026-11-22 18:27:15.378"), "unparsable"),
        (hopeit_line(time="2026-11-22 18:27:15"), "unparsable"),
        (hopeit_line(time="2026-11-22T18:27:15,378"), "unparsable"),
        (hopeit_line(time="0000-11-22 18:27:15,378"), "unparsable"),
        (b"2026-11-22 18:27:15,378 | INFO\n", "unparsable"),
        (hopeit_line(logger="simple-example query vm 29066"), "unparsable"),
        (hopeit_line(logger="simple-example 0.30  vm 29066"), "unparsable"),
        (b"x" * (MAX_LINE_BYTES - 1) + b"\n", "continuation"),
        (b"x" * MAX_LINE_BYTES + b"\n", "oversize"),
        (hopeit_line("START", "extra.note=" + "x" * MAX_LINE_BYTES, TRACK, APP), "oversize"),
    ],
)
def test_every_other_line_is_counted_under_its_reason(line: bytes, reason: str) -> None:
    batch = parse(line)

    assert reasons(batch) == {reason: 1}
    assert list(batch.counts) == []
    assert size_bytes(batch) == len(line)


@pytest.mark.parametrize(
    "line",
    [
        hopeit_line(end="\r\n"),
        hopeit_line(end=""),
        b"\xef\xbb\xbf" + hopeit_line(),
        b"\0\0\0\0" + hopeit_line(),
        hopeit_line("START", "extra.note=" + "x" * (MAX_LINE_BYTES - 400), TRACK, APP),
        hopeit_line("START", "extra.note=\0\x1b[31m\u2028", TRACK, APP),
        hopeit_line("START", "extra.note=", TRACK, APP).replace(b"note=", b"note=\xff\xfe"),
    ],
    ids=["crlf", "no newline", "bom", "nul hole", "long", "control", "no utf-8"],
)
def test_odd_bytes_around_and_inside_a_line_do_not_hide_it(line: bytes) -> None:
    batch = parse(line)

    assert statuses(batch) == {"START": 1}
    assert only_key(batch).event == "query"
    assert size_bytes(batch) == len(line)


def test_an_event_of_a_stream_has_its_stage_stream_queue_and_group() -> None:
    batch = parse(hopeit_line("START", STREAM, TRACK, "stream.name=other", "stream.msg_id=1-0", APP))

    assert only_key(batch) == ActivityKey(
        "simple_example.0x30", "", "fulfil$pick", "stream", "orders.placed", "express", "group"
    )


def test_queue_auto_is_no_suffix_of_the_stream() -> None:
    auto = STREAM.replace("orders.placed.express", "orders.AUTO").replace("queue=express", "queue=AUTO")

    key = only_key(parse(hopeit_line("START", auto, TRACK, APP)))

    assert (key.stream, key.queue) == ("orders.AUTO", "AUTO")


def test_service_and_setup_events_are_told_apart() -> None:
    service = hopeit_line("START", "service.app_key=a.1x0", "service.event_name=save$__service__", TRACK, APP)
    setup = hopeit_line("DONE", "metrics.duration=2.574", APP)

    assert only_key(parse(service)).kind == "service"
    assert only_key(parse(service)).event == "save$__service__"
    assert only_key(parse(setup)).kind == "setup"


def test_a_plugins_event_is_counted_under_the_app_that_uses_it() -> None:
    key = only_key(parse(hopeit_line("START", TRACK, APP, "event.plugin=basic_auth.0x30")))

    assert (key.app, key.plugin, key.event) == ("simple_example.0x30", "basic_auth.0x30", "query")
    assert key.event_label == "basic_auth.0x30.query"


@pytest.mark.parametrize(
    ("logger", "app", "event"),
    [
        ("simple-example 0.30 streams.save vm 1", "simple_example.0x30", "streams.save"),
        ("My App 1.0 e vm 1", "my__app.1x0", "e"),
        ("appName 2.0.1-rc.1 e vm 1", "app_name.2x0x1_rcx1", "e"),
        ("a.b 1 e vm 1", "axb.1", "e"),
        ("<script> 1 e vm 1", "<script>.1", "e"),
        ("a\u202eb 1 e vm 1", "a\\u202eb.1", "e"),
    ],
)
def test_without_event_app_the_app_is_the_loggers(logger: str, app: str, event: str) -> None:
    key = only_key(parse(hopeit_line("START", TRACK, logger=logger)))

    assert (key.app, key.event) == (app, event)


@pytest.mark.parametrize(
    "extras",
    [
        (TRACK, "track.caller=x | event.app=evil.1x0", APP),
        (TRACK, "track.caller=x | event.app=evil.1x0 | event.plugin=evil.1x0", APP),
        (TRACK, "track.caller=x | stream.event_name=evil | service.event_name=evil", APP),
        (TRACK, "track.caller=x | response.status=200 | metrics.duration=1.000", APP),
        ("extra.note=x | event.app=evil.1x0 | stream.event_name=evil | metrics.duration=1.000", TRACK, APP),
        (TRACK, "track.caller=x | event.app=evil.1x0 | and more"),
        (TRACK, "event.app=simple_example.0x30 | event.plugin=p.1 | event.plugin=evil.1x0"),
        (TRACK, "track.caller=x | trace=%5B%5D", APP),
        (TRACK, APP, "trace=%5B%5D"),
    ],
)
def test_what_others_wrote_into_a_line_counts_for_nothing(extras: tuple[str, ...]) -> None:
    batch = parse(hopeit_line("DONE", *extras))

    assert only_key(batch) == ActivityKey("simple_example.0x30", "", "query", "request")
    assert next(iter(batch.counts)).durations == {}


def test_durations_and_stream_ages_fall_into_buckets() -> None:
    metrics = "metrics.duration=39.286 | metrics.stream_age=2500.000 | metrics.request_elapsed=9.000"

    (count,) = parse(2 * hopeit_line("DONE", STREAM, metrics, TRACK, APP)).counts

    assert count.durations == {bucket_index(39.286): 2}
    assert count.stream_ages == {bucket_index(2500.0): 2}


@pytest.mark.parametrize("value", ["", "x", "nan", "inf", "1.0.0"])
def test_a_duration_that_is_no_number_is_left_out_and_the_run_counted(value: str) -> None:
    (count,) = parse(2 * hopeit_line("DONE", f"metrics.duration={value}", TRACK, APP)).counts

    assert (count.count, count.durations) == (2, {})


def test_a_name_that_is_too_long_is_cut_and_stays_distinct() -> None:
    one, other = ("e" * 500 + end for end in ("1", "2"))

    batch = parse(b"".join(hopeit_line(logger=f"a 1 {event} vm 1") for event in (one, other)))

    assert [len(key.event) for key in batch.keys] == [137, 137]
    assert batch.keys[0] != batch.keys[1]


def test_engine_lines_tell_the_engines_version() -> None:
    line = hopeit_line("[hopeit.server.engine] Starting engine…", logger="hopeit.engine 0.30.1 engine vm 1")

    parsed = HopeitLines().parse(hopeit_line() + line, offset=0, received_s=0)

    assert parsed.engine_versions == {"hopeit.engine": "0.30.1"}
    assert reasons(parsed.batch) == {"message": 1}


#: What lines are made of in the properties below: time, logger, message, four parts of the extras, end.
_PLACES = (
    ("2026-11-22 18:27:15,378", "2026-11-22 18:27:16,001", "2026-11-22 18:27:15,3x8", "2026-99-22 18:27:15,378"),
    ("a 1 e vm 1", "b 1 e vm 1", "a 1 e vm", "track. 1 e vm 1"),
    ("START", "DONE", "FAILED", "STATS", "START "),
    ("", "response.status=200", "extra.a=b", "stream.event_name=e$s | stream.name=s.q | stream.queue=q", "metrics.x=1"),
    ("", "metrics.duration=1.500", "metrics.duration=x", "metrics.duration=9.000 | metrics.stream_age=7.000"),
    ("track.operation_id=1", "track.operation_id=2 | event.app=b.1", "track.a=b | metrics.duration=3.000", ""),
    (
        "event.app=a.1",
        "event.app=b.1",
        "event.app=a.1 | event.plugin=p.1",
        "event.app=a.1 | trace=%5B%5D",
        "event.app=a",
    ),
    ("\n", "\r\n"),
)


@st.composite
def _alike_lines(draw: st.DrawFn) -> bytes:
    # The plainest line but for one or two places: so lines meet that differ in just what the fast path must not miss.
    parts = [choices[0] for choices in _PLACES]
    for place in draw(st.lists(st.integers(0, len(_PLACES) - 1), max_size=2)):
        parts[place] = draw(st.sampled_from(_PLACES[place]))
    time, logger, message, *extras, end = parts
    return hopeit_line(message, *filter(None, extras), time=time, logger=logger, end=end)


_any_lines = st.binary(max_size=60).map(lambda data: data.replace(b"\n", b" ") + b"\n")
#: Each line twice: when it comes again, a parser may know it.
_sources = st.lists(_alike_lines() | _alike_lines() | _any_lines, max_size=12).map(lambda lines: lines + lines)


@settings(max_examples=400)
@given(_sources)
def test_what_a_parser_remembers_changes_no_sum(lines: list[bytes]) -> None:
    whole = parse(b"".join(lines))

    assert sums(whole) == sums(*map(parse, lines))
    assert whole.lines == len(lines)


@given(_sources, st.data())
def test_where_chunks_end_changes_no_sum(lines: list[bytes], data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(lines)), max_size=4)))
    parser = HopeitLines()
    chunks = [b"".join(lines[a:b]) for a, b in zip([0, *cuts], [*cuts, len(lines)], strict=True)]

    batches = [parser.parse(chunk, offset=0, received_s=0).batch for chunk in chunks]

    assert sums(*batches) == sums(parse(b"".join(lines)))


@given(st.binary(max_size=400))
def test_any_bytes_are_accounted_for(data: bytes) -> None:
    assert size_bytes(parse(data)) == len(data)
