"""Runs that stay open are told and kept as one pass over all lines would have them, wherever chunks and batches end."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.core.hopeit_lines import HopeitLines
from collector.core.left_runs import MAX_OPENED
from collector.core.unpaired_runs import find_unpaired
from collector.lib.sampling import EVERYTHING
from collector.models.batch import BATCH_VERSION, LogBatch, Skipped, decode_batch, encode_batch
from collector.models.count_table import CountTable
from collector.models.keep import Keep
from collector.models.open_run import OpenedRun, OtherRuns
from tests.hopeit_line import APP, SECOND, hopeit_line, parse
from tests.shipped_file import KEY, SERVER
from visualizer.core.batch_check import check_batch
from visualizer.core.open_runs import MOST_OF_PLACE, OpenRuns
from visualizer.core.roll_up import ClaimedBatch
from visualizer.models.errors import DamagedBatch

NOW = SECOND + 60.0
#: More than any window here has; and so much that a chunk has windows of both ways.
NEVER, MIXED = 2**40, 1500
#: (is it a START, event, number of the operation) of each line.
steps = st.lists(st.tuples(st.booleans(), st.sampled_from(("query", "count$last")), st.integers(0, 5)), max_size=60)


def _id(number: int) -> str:
    """Short, strange and plain ones; two differ in their last character alone."""
    return ["op-1", "op | x", f"{7:036d}", f"{8:036d}"][number] if number < 4 else f"{number}{'a' * 35}"


def _line(is_start: bool, event: str, number: int) -> bytes:
    message, metrics = ("START", ()) if is_start else ("DONE", ("metrics.duration=1.000",))
    track = f"track.operation_id={_id(number)} | track.request_id=req-{number} | track.request_ts=2026-11-22T18:27:11"
    return hopeit_line(message, *metrics, track, APP, logger=f"simple-example 0.30 {event} vm 29066")


def _open_after(taken: list[tuple[bool, str, int]]) -> Counter[tuple[str, str]]:
    """What one pass says: an end closes a run of its event and operation, or nothing."""
    found = Counter[tuple[str, str]]()
    for is_start, event, number in taken:
        run = event, f"req-{number}"
        found[run] = found[run] + 1 if is_start else max(0, found[run] - 1)
    return +found


class Kept:
    """What a rollup keeps of batches."""

    def __init__(self) -> None:
        self.open_runs = OpenRuns()
        self._events: dict[str, int] = {}

    def take(self, *batches: LogBatch, source_id: int = 1) -> None:
        for batch in batches:
            check_batch(batch, size_bytes=batch.size_bytes)
            ids = [self._events.setdefault(key.event, len(self._events)) for key in batch.keys]
            claimed = ClaimedBatch(source_id, batch, ids, [9] * len(batch.servers))
            self.open_runs.take(self.open_runs.after([claimed], now_s=NOW))

    def runs(self) -> Counter[tuple[str, str]]:
        events = {number: event for event, number in self._events.items()}
        return Counter((events[place[0]], run.request_id) for _, place, found in self.open_runs for run in found.runs)

    def more(self) -> int:
        return sum(found.more for _, _, found in self.open_runs)


def _batches(taken: list[tuple[bool, str, int]], cuts: list[int], *, min_column_bytes: int) -> list[LogBatch]:
    parser, offset, batches = HopeitLines(min_column_bytes=min_column_bytes), 0, []
    parser.parse(b"".join(_line(True, event, 4) for event in ("query", "count$last")) * 2, offset=0, received_s=0)
    ends = sorted(cut for cut in cuts if cut < len(taken))
    for begin, end in zip([0, *ends], [*ends, len(taken)], strict=True):
        chunk, keep = b"".join(_line(*step) for step in taken[begin:end]), Keep(sample_below=EVERYTHING // 2)
        batch = parser.parse(chunk, offset=offset, received_s=0, keep=keep).batch
        batches.append(decode_batch(encode_batch(batch), version=BATCH_VERSION))
        offset += len(chunk)
    return batches


# Arrays cost the most on a busy machine: time is none of its business.
@settings(max_examples=150, deadline=None)
@given(steps, st.lists(st.integers(0, 60), max_size=5), st.sampled_from((0, MIXED, NEVER)))
def test_what_stays_open_does_not_depend_on_where_chunks_end(
    taken: list[tuple[bool, str, int]], cuts: list[int], min_column_bytes: int
) -> None:
    kept = Kept()
    kept.take(*_batches(taken, cuts, min_column_bytes=min_column_bytes))
    assert (kept.runs(), kept.more()) == (_open_after(taken), 0)


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=40))
def test_what_has_no_other_half_is_what_a_stack_leaves(rows: list[tuple[int, bool]]) -> None:
    stacks: dict[int, list[int]] = {}
    left = set[int]()
    for row, (run, is_start) in enumerate(rows):
        stack = stacks.setdefault(run, [])
        if is_start:
            stack.append(row)
        elif stack:
            stack.pop()
        else:
            left.add(row)
    left.update(row for stack in stacks.values() for row in stack)
    # Names that differ in their lowest bits alone are told apart, too.
    names, starts = np.array([run for run, _ in rows], np.uint64), np.array([each for _, each in rows], np.bool_)
    assert find_unpaired(names, starts).tolist() == sorted(left)
    assert find_unpaired(names << np.uint64(40), starts).tolist() == sorted(left)


@pytest.mark.parametrize("min_column_bytes", [0, NEVER])
def test_of_many_open_runs_64_are_told_and_the_number_is_exact(min_column_bytes: int) -> None:
    lines = [_line(True, "query", number) for number in range(10, 310)]
    ends = [_line(False, "query", number) for number in range(10, 250)]
    parser, kept = HopeitLines(min_column_bytes=min_column_bytes), Kept()
    parser.parse(_line(True, "query", 4) + _line(False, "query", 4), offset=0, received_s=0)
    first = parser.parse(b"".join(lines), offset=0, received_s=0).batch
    assert (len(first.opened), [other.more_opened for other in first.other_runs]) == (MAX_OPENED, [300 - MAX_OPENED])
    kept.take(first)
    assert (kept.runs().total(), kept.more()) == (MAX_OPENED, 300 - MAX_OPENED)
    kept.take(parser.parse(b"".join(ends), offset=1, received_s=0).batch)
    assert kept.runs().total() + kept.more() == 60


def test_a_start_that_stays_open_tells_its_time_and_its_ids() -> None:
    (run,) = parse(hopeit_line(time="2026-11-22 18:27:15,378")).opened
    assert (run.timestamp_s, run.operation_id, run.request_id) == (SECOND + 0.378, "op-1", "req-1")


def test_what_may_have_ended_unseen_is_kept_by_its_number_alone() -> None:
    kept = Kept()
    kept.take(_told(opened=[10, 20, 30, 40]))
    kept.take(_told(others=[OtherRuns(0, 0, [10, 20], more_closed=1)]))
    assert (kept.runs().total(), kept.more()) == (0, 1)


def test_a_run_may_end_in_the_file_after_its_own() -> None:
    kept = Kept()
    kept.take(_told(opened=[10]), source_id=1)
    kept.take(_told(others=[OtherRuns(0, 0, [10])]), source_id=2)
    assert not list(kept.open_runs)


def test_a_run_may_end_in_the_file_after_its_own_when_both_are_claimed_at_once() -> None:
    open_runs = OpenRuns()
    begins = ClaimedBatch(1, _told(opened=[10, 20]), [5], [9])
    ends = ClaimedBatch(2, _told(others=[OtherRuns(0, 0, [10])]), [5], [9])
    open_runs.take(open_runs.after([begins, ends], now_s=NOW))
    assert [(source, [run.run for run in found.runs]) for source, _, found in open_runs] == [(1, [20])]


def test_more_than_fit_are_a_number_and_what_is_old_or_gone_is_let_go() -> None:
    kept = Kept()
    for round_ in range(6):
        kept.take(_told(opened=list(range(64 * round_, 64 * round_ + 64))))
    assert (kept.runs().total(), kept.more()) == (MOST_OF_PLACE, 6 * 64 - MOST_OF_PLACE)
    assert kept.open_runs.without([], now_s=NOW) == {}
    assert kept.open_runs.without([], now_s=NOW + 90_000) == {1: {}}
    kept.open_runs.take(kept.open_runs.without([(0, 9)], now_s=NOW))
    assert not list(kept.open_runs)
    # Nor is anything left of where they were: processes come and go without end.
    assert not kept.open_runs._sources_of


def test_a_collector_of_a_former_version_makes_open_runs_unknown() -> None:
    batch = _told(opened=[10])
    names = ("received_s", "keys", "servers", "counts", "skipped", "failures", "samples", "calls", "newest")
    fields = msgspec.msgpack.decode(encode_batch(batch))
    former = decode_batch(msgspec.msgpack.encode({name: fields[name] for name in names}), version=2)
    assert (former.lines, former.opened, former.tells_open) == (batch.lines, [], False)
    kept = Kept()
    kept.take(batch)
    kept.take(former)
    assert not list(kept.open_runs)


@pytest.mark.parametrize(
    "change",
    [
        {"opened": [OpenedRun(NOW, 1, 0, 5)]},
        {"opened": [OpenedRun(float("nan"), 0, 0, 5)]},
        {"opened": [OpenedRun(NOW, 0, 0, -1)]},
        {"opened": [OpenedRun(NOW, 0, 0, 5, "x" * 600)]},
        {"other_runs": [OtherRuns(0, 7, [])]},
        {"other_runs": [OtherRuns(0, 0, [2**64])]},
        {"other_runs": [OtherRuns(0, 0, [], -1)]},
        {"other_runs": [OtherRuns(0, 0, [], 10**9)]},
    ],
)
def test_open_runs_that_cannot_be_are_refused(change: dict[str, list[object]]) -> None:
    batch = _skipped(100, **change)
    with pytest.raises(DamagedBatch):
        check_batch(batch, size_bytes=100)


def _told(*, opened: list[int] | None = None, others: list[OtherRuns] | None = None) -> LogBatch:
    runs = [OpenedRun(NOW - 1, 0, 0, run, f"op {run}", f"req {run}") for run in opened or []]
    return _skipped(500, opened=runs, other_runs=others or [])


def _skipped(size_bytes: int, **more: Any) -> LogBatch:
    return LogBatch(NOW, [KEY], [SERVER], CountTable.of([]), {"message": Skipped(1, size_bytes)}, **more)
