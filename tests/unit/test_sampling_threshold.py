"""The sampling threshold follows the load, both ways, and what it keeps are whole operations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.lib.sampling import EVERYTHING, sample_hash
from tests.shipped_file import failure
from visualizer.core.sampling_threshold import LEAST, TARGET_PER_S, Kept, SamplingThreshold, bounded


def run(threshold: SamplingThreshold, *, lines_per_s: int, seconds: int, start_s: int, share: float = 1.0) -> list[int]:
    """Lines come, the collectors sample a share of them by the threshold of a second before; entries a second."""
    sampled, below = [], threshold.value
    for second in range(start_s, start_s + seconds):
        sampled.append(int(lines_per_s * share * below / EVERYTHING))
        threshold.add(sampled=sampled[-1], lines=lines_per_s, now_s=second)
        below = threshold.value
        threshold.adapt(second)
    return sampled


@pytest.mark.parametrize("lines_per_s", [1, 60, 1_000, 20_000, 600_000])
def test_it_comes_to_keep_about_fifty_entries_a_second(lines_per_s: int) -> None:
    threshold = SamplingThreshold(EVERYTHING)
    kept = run(threshold, lines_per_s=lines_per_s, seconds=120, start_s=0)[-20:]
    assert all(min(lines_per_s, TARGET_PER_S // 4) <= each <= 2 * TARGET_PER_S for each in kept)
    assert threshold.value & (threshold.value - 1) == 0


def test_a_flood_is_answered_within_two_seconds_and_a_trickle_too() -> None:
    threshold = SamplingThreshold(EVERYTHING)
    assert max(run(threshold, lines_per_s=600_000, seconds=20, start_s=0)[4:]) <= 4 * TARGET_PER_S
    run(threshold, lines_per_s=10, seconds=30, start_s=100)
    assert threshold.value == EVERYTHING


def test_lines_without_ids_let_it_rise_slowly() -> None:
    threshold = SamplingThreshold()
    run(threshold, lines_per_s=20_000, seconds=200, start_s=0, share=0.001)
    assert threshold.value == EVERYTHING


def test_without_lines_it_stays() -> None:
    threshold = SamplingThreshold()
    before = threshold.value
    run(threshold, lines_per_s=0, seconds=100, start_s=0)
    assert threshold.value == before


def test_of_several_shards_each_sees_a_part() -> None:
    one, of_four = SamplingThreshold(EVERYTHING), SamplingThreshold(EVERYTHING, shards=4)
    run(one, lines_per_s=4_000, seconds=60, start_s=0)
    run(of_four, lines_per_s=1_000, seconds=60, start_s=0)
    assert one.value == of_four.value


@given(st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 10**7), st.floats(-100, 100)), max_size=30))
def test_it_stays_within_its_bounds_whatever_the_clock_does(steps: list[tuple[int, int, float]]) -> None:
    threshold, now_s = SamplingThreshold(), 1e6
    for sampled, lines, step_s in steps:
        now_s += step_s
        threshold.add(sampled=sampled, lines=lines, now_s=now_s)
        assert LEAST <= threshold.adapt(now_s) <= EVERYTHING


@given(st.lists(st.text("abc", min_size=1, max_size=4), max_size=60), st.integers(1, 20))
def test_what_is_too_much_leaves_whole_operations(ids: list[str], most: int) -> None:
    samples: list[Kept] = [(1, 1, failure(request_id=each, offset=place)) for place, each in enumerate(ids)]
    kept = bounded(samples, most)
    assert len(kept) <= most
    if kept:
        highest = max(sample_hash(entry.request_id.encode()) for _, _, entry in kept)
        whole = [s for s in samples if sample_hash(s[2].request_id.encode()) <= highest]
        assert list(kept) == whole
