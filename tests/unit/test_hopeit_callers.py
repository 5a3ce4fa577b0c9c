"""Who called, as the lines of the called tell it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.core import hopeit_callers
from collector.core.hopeit_lines import HopeitLines
from collector.models.activity import OTHER
from collector.models.batch import LogBatch
from tests.hopeit_line import APP, SECOND, STREAM, TRACK, hopeit_line, parse, size_bytes

LOGS = Path(__file__).parents[1] / "fixtures/hopeit/logs"
Call = tuple[int, str, str, str, str]


def called_by(app: str = "shop.1x0", event: str = "pay") -> str:
    ids, rest = TRACK.split(" | ", 1)
    return f"{ids} | track.client_app_key={app} | track.client_event_name={event} | {rest}"


def calls_of(*batches: LogBatch) -> dict[Call, int]:
    """(second, caller's app and event, callee's app and event) → calls."""
    found: dict[Call, int] = {}
    for batch in batches:
        for call in batch.calls:
            caller, callee = batch.keys[call.caller], batch.keys[call.callee]
            key = (call.second, caller.app, caller.event, callee.app, callee.event_label)
            found[key] = found.get(key, 0) + call.count
    return {key: count for key, count in found.items() if count}


def failed_of(batch: LogBatch) -> int:
    return sum(call.failed for call in batch.calls)


QUERY = ("simple_example.0x30", "query")
CALLED = {(SECOND, "shop.1x0", "pay", *QUERY): 1}


def test_a_run_is_called_once_when_it_starts() -> None:
    lines = [hopeit_line(word, called_by(), APP) for word in ("START", "DONE", "FAILED", "IGNORED")]
    assert calls_of(parse(b"".join(lines))) == CALLED


@pytest.mark.parametrize("min_column_bytes", [0, 2**30])
def test_a_call_failed_when_the_called_run_did_whichever_chunk_tells(min_column_bytes: int) -> None:
    ends = [hopeit_line(word, called_by(), APP) for word in ("START", "FAILED", "DONE", "IGNORED")]
    own = hopeit_line("FAILED", called_by(*QUERY), APP)
    reader = HopeitLines(min_column_bytes=min_column_bytes)
    begun = reader.parse(ends[0] * 40, offset=0, received_s=0).batch
    ended = reader.parse(b"".join(ends[1:]) * 3 + own, offset=len(begun.keys), received_s=0).batch
    assert (sum(calls_of(begun).values()), failed_of(begun)) == (40, 0)
    assert (calls_of(ended), failed_of(ended)) == ({}, 3)


@pytest.mark.parametrize(
    "line",
    [
        hopeit_line("START", called_by(), APP, end="\r\n"),
        hopeit_line("START", called_by(), APP, end=""),
        hopeit_line("START", called_by()),
        hopeit_line("START", called_by() + " | track.client_app_key=second", APP),
    ],
)
def test_a_line_that_is_a_little_different_says_the_same(line: bytes) -> None:
    assert calls_of(parse(line)) == CALLED


@pytest.mark.parametrize(
    "line",
    [
        hopeit_line("START", STREAM, called_by(), APP),
        hopeit_line("START", "service.app_key=a | service.event_name=b", called_by(), APP),
        hopeit_line("START", called_by(*QUERY), APP),
        hopeit_line("START", called_by(event=""), APP),
        hopeit_line("START", called_by(app=""), APP),
        hopeit_line("START", called_by().replace(" | track.client_event_name=pay", ""), APP),
        hopeit_line("Saving…", "extra.note= | START | track.operation_id=1", called_by(), APP),
        hopeit_line("START", called_by(), APP, time="2026-13-22 18:27:15,378"),
        hopeit_line("START", called_by(), APP, level="DEBUG"),
        hopeit_line("START", called_by("x" * 70_000), APP),
    ],
)
def test_what_was_not_called_is_no_call(line: bytes) -> None:
    assert calls_of(parse(hopeit_line() + line)) == {}


def test_names_that_others_choose_are_shown_as_names_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hopeit_callers, "MAX_CALLERS", 2)
    hostile = parse(hopeit_line("START", called_by("a\x1b[31m‮"), APP))
    assert all(key.app.isprintable() for key in hostile.keys)
    many = b"".join(hopeit_line("START", called_by(f"bot.{n}"), APP) for n in range(20))
    apps = {call[1] for call in calls_of(parse(many))}
    assert apps == {"bot.0", "bot.1", OTHER}


def test_the_recorded_calls_are_found_in_every_way_of_reading() -> None:
    for path in sorted(LOGS.glob("simple_example*.log")):
        data = path.read_bytes()
        by_line = HopeitLines(min_column_bytes=2**30).parse(data, offset=0, received_s=0).batch
        by_column = HopeitLines(min_column_bytes=0).parse(data, offset=0, received_s=0).batch
        starts = [line for line in data.splitlines() if b" | START | track." in line and b"client_app_key" in line]
        fails = [line for line in data.splitlines() if b" | FAILED | track." in line and b"client_app_key" in line]
        assert calls_of(by_line) == calls_of(by_column)
        assert failed_of(by_line) == failed_of(by_column) == len(fails)
        assert sum(calls_of(by_line).values()) == len(starts)
        assert size_bytes(by_line) == size_bytes(by_column) == len(data)


kinds = st.sampled_from(
    [
        hopeit_line(),
        hopeit_line("START", called_by(), APP),
        hopeit_line("START", called_by("other.1", "e$stage"), APP, "event.plugin=auth.1"),
        hopeit_line("DONE", called_by(), APP),
        b"  a continuation\n",
    ]
)


@given(st.lists(kinds, max_size=12), st.integers(0, 12))
def test_it_does_not_matter_where_chunks_begin(lines: list[bytes], cut: int) -> None:
    first, second = b"".join(lines[:cut]), b"".join(lines[cut:])
    whole, parts = parse(first + second), HopeitLines()
    halves = [parts.parse(part, offset=at, received_s=0).batch for part, at in ((first, 0), (second, len(first)))]
    assert calls_of(whole) == calls_of(*halves)
