"""Batches become sums; what cannot be counted is refused whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.models.activity import Status
from collector.models.batch import LogBatch, Skipped
from collector.models.count_table import ActivityCount, CountTable
from tests.shipped_file import batch_of, counts_of, failure
from visualizer.core.roll_up import Counts, Sums, by_width, check_batch, roll_up, totals
from visualizer.models.errors import DamagedBatch

NOW = 1_000_000.0


def sums_of(*batches: LogBatch, now_s: float = NOW, retention_s: float = 86_400) -> Sums:
    sums = Sums()
    for batch in batches:
        roll_up(batch, sums, source_id=1, activity_ids=[5], server_ids=[9], now_s=now_s, retention_s=retention_s)
    return sums


def test_runs_are_summed_by_second_activity_and_server() -> None:
    batch = batch_of(counts_of(Status.START, Status.START, Status.FAILED, second=999_990), received_s=NOW)
    assert sums_of(batch).slots[999_990, 5, 9].statuses == [2, 0, 1, 0]


def test_lines_older_than_the_retention_are_skipped_with_their_bytes() -> None:
    sums = sums_of(batch_of(counts_of(Status.DONE, second=0), received_s=NOW))
    assert (sums.slots, sums.fates) == ({}, {(1, "skipped", "too_old"): [1, 100]})


def test_lines_far_in_the_future_count_when_they_were_read() -> None:
    sums = sums_of(batch_of(counts_of(Status.DONE, second=2_000_000), received_s=NOW - 5))
    assert list(sums.slots) == [(999_995, 5, 9)]
    assert sums.fates[1, "skewed", ""] == [1, 100]


@pytest.mark.parametrize("received_s", [float("nan"), float("inf"), -1.0, 1e18])
def test_a_time_of_reading_that_cannot_be_is_now(received_s: float) -> None:
    sums = sums_of(batch_of(counts_of(Status.DONE, second=2**60), received_s=received_s))
    assert list(sums.slots) == [(1_000_000, 5, 9)]


def test_two_runs_in_one_second_have_two_times() -> None:
    early = batch_of(counts_of(Status.START, second=999_999), received_s=999_999.2)
    late = batch_of(counts_of(Status.START, second=999_999), received_s=999_999.7)
    assert sums_of(early).slots[999_999, 5, 9].last_s == 999_999.2
    assert sums_of(early, late).slots[999_999, 5, 9].last_s == 999_999.7


def test_a_failure_without_a_proper_time_is_not_kept() -> None:
    failures = [failure(timestamp_s=t) for t in (float("nan"), 5.0, NOW)]
    batch = batch_of(counts_of(Status.FAILED, second=999_999), received_s=NOW, failures=failures)
    assert [kept.timestamp_s for _, _, kept in sums_of(batch).failures] == [NOW]


seconds = st.integers(min_value=int(NOW) - 2000, max_value=int(NOW))
parts = st.lists(st.tuples(seconds, st.sampled_from(Status)), max_size=30)


@given(parts)
def test_wide_buckets_and_totals_hold_what_the_seconds_hold(runs: list[tuple[int, Status]]) -> None:
    slots = sums_of(*(batch_of(counts_of(s, second=t), received_s=NOW) for t, s in runs)).slots
    expected = [sum(1 for _, s in runs if s == status) for status in Status]
    for sums in (slots, by_width(slots, width_s=10), totals(slots)):
        assert [sum(c.statuses[status] for c in sums.values()) for status in Status] == expected
    assert all(key[0] % 10 == 0 for key in by_width(slots, width_s=10))


@given(parts, st.randoms())
def test_the_order_of_batches_does_not_matter(runs: list[tuple[int, Status]], chance: object) -> None:
    batches = [batch_of(counts_of(s, second=t, durations={t % 7: 1}), received_s=NOW) for t, s in runs]
    mixed = sorted(batches, key=lambda _: chance.random())  # type: ignore[attr-defined]
    assert _plain(sums_of(*batches)) == _plain(sums_of(*mixed))


@given(parts)
def test_what_was_added_can_be_taken_away(runs: list[tuple[int, Status]]) -> None:
    slots = sums_of(*(batch_of(counts_of(s, second=t, durations={3: 1}), received_s=NOW) for t, s in runs)).slots
    window = Counts()
    for counts in slots.values():
        window.add(counts)
    for counts in slots.values():
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


def _plain(sums: Sums) -> dict[object, object]:
    return {key: (c.statuses, c.durations, c.last_s) for key, c in sums.slots.items()}
