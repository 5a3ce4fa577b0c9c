"""Batches become sums; what cannot be counted is refused whole."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.models.activity import Status
from collector.models.batch import LogBatch, Skipped
from collector.models.count_table import ActivityCount, CountTable
from tests.shipped_file import batch_of, counts_of, failure
from visualizer.core.batch_check import check_batch
from visualizer.core.counts import Counts
from visualizer.core.roll_up import ClaimedBatch, Sums, roll_up
from visualizer.core.slot_table import SlotTable, slots_of, totals_of, without_servers
from visualizer.models.errors import DamagedBatch

NOW = 1_000_000.0


def sums_of(*batches: LogBatch, now_s: float = NOW, retention_s: float = 86_400) -> Sums:
    claimed = [ClaimedBatch(1, batch, [5], [9]) for batch in batches]
    return roll_up(claimed, now_s=now_s, retention_s=retention_s)


def slots(*batches: LogBatch, width_s: int = 1) -> dict[tuple[int, int, int], Counts]:
    return dict(slots_of(sums_of(*batches).cells, width_s=width_s))


def test_runs_are_summed_by_second_activity_and_server() -> None:
    batch = batch_of(counts_of(Status.START, Status.START, Status.FAILED, second=999_990), received_s=NOW)
    assert slots(batch)[999_990, 5, 9].statuses == [2, 0, 1, 0]


def test_batches_with_tables_of_their_own_are_told_apart() -> None:
    claimed = []
    for source_id, ids in ((1, [7, 8]), (2, [8, 6])):
        counts = [ActivityCount(5 + key, key, 1 - key, int(Status.DONE), 1, 10, {3: 1}) for key in (0, 1)]
        batch = LogBatch(NOW, [], [], CountTable.of(counts), {})
        claimed.append(ClaimedBatch(source_id, batch, ids, [ids[1] + 10, ids[0] + 10]))
    sums = roll_up(claimed, now_s=NOW, retention_s=2e6)
    assert sums.fates == {(1, "parsed", ""): [2, 20], (2, "parsed", ""): [2, 20]}
    rows = dict(slots_of(sums.cells, width_s=10))
    assert sorted(rows) == [(0, 6, 16), (0, 7, 17), (0, 8, 18)]
    assert (rows[0, 8, 18].statuses, rows[0, 8, 18].durations) == ([0, 2, 0, 0], {3: 2})


def test_lines_older_than_the_retention_are_skipped_with_their_bytes() -> None:
    sums = sums_of(batch_of(counts_of(Status.DONE, second=0), received_s=NOW))
    assert (len(sums.cells), sums.fates) == (0, {(1, "skipped", "too_old"): [1, 100]})


def test_what_is_too_old_takes_only_its_own_histogram_along() -> None:
    counts = [
        *counts_of(Status.DONE, second=0, durations={1: 1}),
        *counts_of(Status.DONE, second=999_999, durations={2: 1}),
    ]
    assert slots(batch_of(counts, received_s=NOW))[999_999, 5, 9].durations == {2: 1}


def test_lines_far_in_the_future_count_when_they_were_read() -> None:
    sums = sums_of(batch_of(counts_of(Status.DONE, second=2_000_000), received_s=NOW - 5))
    assert sums.cells.second.tolist() == [999_995]
    assert sums.fates[1, "skewed", ""] == [1, 100]


@pytest.mark.parametrize("received_s", [float("nan"), float("inf"), -1.0, 1e18])
def test_a_time_of_reading_that_cannot_be_is_now(received_s: float) -> None:
    sums = sums_of(batch_of(counts_of(Status.DONE, second=2**60), received_s=received_s))
    assert sums.cells.second.tolist() == [1_000_000]


def test_two_runs_in_one_second_have_two_times() -> None:
    early = batch_of(counts_of(Status.START, second=999_999), received_s=999_999.2)
    late = batch_of(counts_of(Status.START, second=999_999), received_s=999_999.7)
    assert slots(early)[999_999, 5, 9].last_s == 999_999.2
    assert slots(early, late)[999_999, 5, 9].last_s == 999_999.7


def test_a_failure_without_a_proper_time_is_not_kept() -> None:
    failures = [failure(timestamp_s=t) for t in (float("nan"), 5.0, NOW)]
    batch = batch_of(counts_of(Status.FAILED, second=999_999), received_s=NOW, failures=failures)
    assert [kept.timestamp_s for _, _, kept in sums_of(batch).failures] == [NOW]


def test_ids_that_lie_far_apart_are_summed_all_the_same() -> None:
    claimed = []
    for far in (0, 2**40):
        counts = CountTable.of(counts_of(Status.DONE, second=999_000 + far % 7))
        claimed.append(ClaimedBatch(1, LogBatch(NOW, [], [], counts, {}), [1 + far], [2 + far]))
    rows = dict(slots_of(roll_up(claimed * 2, now_s=NOW, retention_s=86_400).cells, width_s=1))
    assert {key: counts.statuses for key, counts in rows.items()} == {
        (999_000, 1, 2): [0, 2, 0, 0],
        (999_000 + 2**40 % 7, 1 + 2**40, 2 + 2**40): [0, 2, 0, 0],
    }


seconds = st.integers(min_value=int(NOW) - 2000, max_value=int(NOW))
runs_of = st.tuples(seconds, st.sampled_from(Status), st.integers(0, 2), st.integers(0, 2))
parts = st.lists(st.lists(runs_of, max_size=10), max_size=5)
Runs = list[tuple[int, Status, int, int]]


def many(batches: Sequence[Runs]) -> list[ClaimedBatch]:
    """Batches of three keys on three servers; a run of each second n took bucket n % 7."""
    made = []
    for runs in batches:
        counts = [ActivityCount(t, key, server, int(s), 1, 9, {t % 7: 1}) for t, s, key, server in runs]
        made.append(ClaimedBatch(1, LogBatch(NOW, [], [], CountTable.of(counts), {}), [5, 6, 7], [1, 2, 3]))
    return made


@given(parts, st.sampled_from([1, 10]))
def test_slots_and_totals_hold_what_a_count_line_by_line_holds(batches: list[Runs], width_s: int) -> None:
    cells = roll_up(many(batches), now_s=NOW, retention_s=86_400).cells
    slots, totals = dict[tuple[int, int, int], Counts](), dict[tuple[int, int, int], Counts]()
    for t, status, key, server in (run for runs in batches for run in runs):
        one = Counts()
        one.statuses[status], one.durations, one.last_s = 1, {t % 7: 1}, float(min(NOW, t + 1))
        slots.setdefault((t - t % width_s, 5 + key, 1 + server), Counts()).add(one)
        one.durations = {}
        totals.setdefault((0, 5 + key, 1 + server), Counts()).add(one)
    summed = slots_of(cells, width_s=width_s)
    assert _plain(summed) == {key: _values(slots[key]) for key in sorted(slots)}
    assert _plain(totals_of(summed)) == {key: _values(totals[key]) for key in sorted(totals)}
    assert sum(totals_of(summed).open_runs.tolist()) == sum(
        1 if status is Status.START else -1 for runs in batches for _, status, _, _ in runs
    )


@given(parts, st.randoms(use_true_random=False))
def test_the_order_of_batches_does_not_matter(batches: list[Runs], chance: random.Random) -> None:
    mixed = chance.sample(batches, len(batches))
    first, second = (roll_up(many(each), now_s=NOW, retention_s=86_400).cells for each in (batches, mixed))
    assert _plain(slots_of(first, width_s=1)) == _plain(slots_of(second, width_s=1))


@given(parts)
def test_what_was_added_can_be_taken_away(batches: list[Runs]) -> None:
    cells = roll_up(many(batches), now_s=NOW, retention_s=86_400).cells
    window = Counts()
    for _, counts in without_servers(cells):
        window.add(counts)
    for _, counts in slots_of(cells, width_s=10):
        window.subtract(counts)
    assert (window.statuses, window.durations) == ([0, 0, 0, 0], {})


def damaged(**change: int | dict[int, int]) -> LogBatch:
    values = {"second": 1, "key": 0, "server": 0, "status": 0, "count": 1, "size_bytes": 100, **change}
    return batch_of([ActivityCount(**values)], received_s=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "batch",
    [
        damaged(key=1),
        damaged(key=-1),
        damaged(server=7),
        damaged(status=4),
        damaged(count=0),
        damaged(count=-2),
        damaged(count=101),
        damaged(size_bytes=99),
        damaged(durations={3: 2}),
        damaged(durations={3: -1}),
        damaged(durations={10**6: 1}),
        LogBatch(NOW, [], [], CountTable.of([]), {"Not A Reason": Skipped(1, 100)}),
        LogBatch(NOW, [], [], CountTable.of([]), {"stats": Skipped(-1, 100)}),
        batch_of(counts_of(Status.FAILED, second=1), received_s=NOW, failures=[failure(key=3)]),
    ],
)
def test_a_batch_that_cannot_be_right_is_refused(batch: LogBatch) -> None:
    with pytest.raises(DamagedBatch):
        check_batch(batch, size_bytes=100)


def _plain(slots: SlotTable) -> dict[object, object]:
    return {key: _values(counts) for key, counts in slots}


def _values(counts: Counts) -> object:
    return counts.statuses, counts.durations, counts.stream_ages, counts.last_s
