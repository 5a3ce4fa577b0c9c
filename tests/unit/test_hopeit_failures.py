"""Failures are kept whole, with why they failed."""

from __future__ import annotations

import pytest

from collector.core.hopeit_lines import HopeitLines
from collector.lib.sampling import EVERYTHING
from collector.models.batch import KeptEntry, encode_batch
from collector.models.keep import Keep
from tests.hopeit_line import APP, SECOND, STREAM, hopeit_line, parse, statuses, trace_of

OP = "track.operation_id=op-1"
FAILED = hopeit_line("FAILED", OP, "track.request_id=req-1", APP)
TRACE = trace_of("Traceback (most recent call last):\n", '  File "a.py", line 1, in f\n', "ValueError: no stock\n")


def error(message: str, *extras: str) -> bytes:
    return hopeit_line(message, *(extras or (OP, APP)), level="ERROR")


def only_failure(data: bytes) -> KeptEntry:
    (failure,) = parse(data).failures
    return failure


def test_a_failure_is_kept_with_its_ids_and_place() -> None:
    first = hopeit_line()
    line = hopeit_line("FAILED", STREAM, OP, "track.request_id=req-1", "stream.msg_id=1795372113006-0", APP)

    failure = only_failure(first + line)

    assert (failure.timestamp_s, failure.offset) == (SECOND + 0.378, len(first))
    assert (failure.operation_id, failure.request_id, failure.message_id) == ("op-1", "req-1", "1795372113006-0")


def test_its_cause_is_the_exception_of_the_error_line_before() -> None:
    failure = only_failure(error("no stock", OP, APP, TRACE) + FAILED)

    assert failure.cause == "ValueError: no stock"
    assert failure.traceback.splitlines()[1] == '  File "a.py", line 1, in f'


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        (error("Cancelled", "stream.app_key=a.1", OP, APP), "Cancelled"),
        (error("no stock | left", "extra.note=x", OP, APP), "no stock | left"),
        (error("no stock", OP, APP, "trace=%5B%22cut"), "no stock"),
        (error("no stock", OP, APP, "trace=" + "%5B" * 9000), "no stock"),
        (error("no stock", OP, APP, trace_of()), "no stock"),
        (error("2 errors\nid\n  Field required", OP, APP), "2 errors\nid\n  Field required"),
        (error("2 errors\nid", OP, APP, TRACE), "ValueError: no stock"),
        (error("bell \x07 and \u202e", OP, APP), "bell \\x07 and \\u202e"),
        (error("no stock", OP, APP, trace_of("lone \ud800")), "lone \\ud800"),
        (error("no stock", "track.operation_id=op-12", APP), ""),
        (error("no stock") + error("late", "track.operation_id=op-2", APP), "no stock"),
        (error("no stock") + error("again"), "again"),
        (hopeit_line("no stock", OP, APP), ""),
    ],
)
def test_causes_are_found_by_operation_and_made_readable(line: bytes, cause: str) -> None:
    batch = parse(line + FAILED)

    assert [failure.cause for failure in batch.failures] == [cause]
    assert encode_batch(batch)


def test_a_cause_is_found_in_the_chunk_before() -> None:
    parser, before = HopeitLines(), error("no stock", OP, APP, TRACE)

    parser.parse(before, offset=0, received_s=0)
    (failure,) = parser.parse(FAILED, offset=len(before), received_s=0).batch.failures

    assert failure.cause == "ValueError: no stock"


def test_after_a_jump_nothing_is_remembered() -> None:
    parser = HopeitLines()

    parser.parse(error("no stock"), offset=0, received_s=0)
    (failure,) = parser.parse(FAILED, offset=10_000, received_s=0).batch.failures

    assert failure.cause == ""


def test_secrets_do_not_get_into_causes_tracebacks_and_ids() -> None:
    secret = "hunter2hunter2"
    trace = trace_of(f"  connect('redis://user:{secret}@host/0')\n", f"OSError: password={secret}\n")
    line = hopeit_line("FAILED", OP, f"track.request_id=token={secret}", APP)

    failure = only_failure(error(f"password={secret}", OP, APP, trace) + line)

    assert failure.cause.startswith("OSError: password=")
    assert secret not in repr(failure)


def test_long_texts_are_cut_and_a_traceback_keeps_its_end() -> None:
    frames = [f'  File "a.py", line {n}, in f\n' for n in range(300)]
    trace = trace_of(*frames, "ValueError: " + "x" * 1000)

    failure = only_failure(error("no stock", OP, APP, trace) + FAILED)

    assert len(failure.cause) == 500
    assert 3000 < len(failure.traceback) <= 4000
    assert "line 299," in failure.traceback
    assert "line 1," not in failure.traceback


def test_at_most_ten_failures_a_key_server_and_second_are_kept() -> None:
    other = hopeit_line("FAILED", logger="simple-example 0.30 other vm 1")

    batch = parse(30 * FAILED + 3 * other)

    assert statuses(batch) == {"FAILED": 33}
    assert len(batch.failures) == 13


def test_a_storm_of_failures_stays_a_small_batch() -> None:
    trace = trace_of(*(f'  File "a.py", line {n}, in f\n' for n in range(100)), "ValueError: no stock\n")
    lines = [
        part
        for n in range(150)
        for part in (
            error("no stock", f"track.operation_id=op-{n}", APP, trace),
            hopeit_line("FAILED", f"track.operation_id=op-{n}", APP, logger=f"a 1 event{n} vm 1"),
        )
    ]

    batch = parse(b"".join(lines))

    assert statuses(batch) == {"FAILED": 150}
    assert len(encode_batch(batch)) < 256 * 1024
    assert {failure.cause for failure in batch.failures} == {"ValueError: no stock"}


def test_sampled_runs_with_many_tracked_headers_stay_a_small_batch() -> None:
    headers = " | ".join(f"track.header{n}={n}" for n in range(8))
    lines = [
        hopeit_line("DONE", f"track.operation_id=op-{n} | track.request_id=r-{n} | {headers}", APP) for n in range(4000)
    ]

    batch = HopeitLines().parse(b"".join(lines), offset=0, received_s=0, keep=Keep(sample_below=EVERYTHING)).batch

    assert len(batch.samples) > 500
    assert {len(entry.tracked) for entry in batch.samples} == {8}
    assert len(encode_batch(batch)) < 256 * 1024
