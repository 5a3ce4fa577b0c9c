"""Which change of behaviour is clear."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visualizer.core.clear_change import LEAST_CHANCE, chance, fails_more, runs_more, slow_more
from visualizer.models.topology_diff import Behaviour


def of(runs: int, failed: int = 0) -> Behaviour:
    return Behaviour(window_s=900, runs=runs, failed=failed)


@pytest.mark.parametrize(
    ("before", "after", "is_clear"),
    [
        (of(60), of(40, 10), True),
        (of(1000), of(20, 3), True),
        (of(1000, 50), of(1000, 130), True),
        (of(1000, 50), of(1000, 90), False),  # less than twice
        (of(1000, 1), of(1200, 3), False),  # by chance
        (of(60), of(40, 2), False),  # two failures
        (of(19), of(40, 30), False),  # too few runs before
        (of(0), of(40, 30), False),
        (of(40, 30), of(60), False),
    ],
)
def test_failing_more_is_clear_when_much_and_no_chance(before: Behaviour, after: Behaviour, is_clear: bool) -> None:
    assert fails_more(before, after) is is_clear


@pytest.mark.parametrize(
    ("before", "after", "is_clear"),
    [(0, 20, True), (0, 19, False), (10, 20, False), (20, 60, True), (1000, 1999, False), (10**7, 2 * 10**7, True)],
)
def test_more_runs_are_clear_from_twice_as_many_and_twenty_on(before: int, after: int, is_clear: bool) -> None:
    assert runs_more(before, after) is is_clear


@pytest.mark.parametrize(
    ("before", "after", "is_clear"),
    [
        ((1, 20), (2, 20), False),
        ((10, 400), (60, 400), True),
        ((0, 19), (60, 400), False),
        ((60, 400), (10, 400), False),
    ],
)
def test_a_larger_share_of_slow_runs_is_clear_when_it_is_no_chance(
    before: tuple[int, int], after: tuple[int, int], is_clear: bool
) -> None:
    assert slow_more(before, after) is is_clear


@given(st.integers(1, 60), st.integers(0, 60), st.floats(0.05, 0.95))
def test_chance_is_the_tail_of_the_binomial_distribution(of: int, hits: int, share: float) -> None:
    hits = min(hits, of)
    tail = sum(comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(hits, of + 1))
    assert chance(hits, of, share) == pytest.approx(tail if hits > of * share else 1, rel=1e-6)


def test_chance_of_very_much_is_nothing_and_takes_no_time() -> None:
    assert chance(9 * 10**8, 10**9, 0.5) == 0
    assert chance(500_100_000, 10**9, 0.5) < LEAST_CHANCE
