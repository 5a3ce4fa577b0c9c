from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visualizer.core.usual_rate import LEAST_DAYS, deviations, unusual_words

WEEK = [6000, 6100, 5900, 6050, 5950, 6200, 5800]


def test_a_day_like_the_others_is_usual() -> None:
    assert abs(deviations(1000, WEEK) or 0) < 1


@pytest.mark.parametrize(("runs", "is_more"), [(0, False), (200, False), (3000, True)])
def test_far_less_and_far_more_are_not(runs: int, is_more: bool) -> None:
    found = deviations(runs, WEEK)
    assert found is not None
    assert abs(found) > 6
    assert (found > 0) == is_more


def test_one_odd_day_does_not_hide_another() -> None:
    found = deviations(100, [*WEEK[:-1], 60_000])
    assert found is not None
    assert found < -6


def test_a_job_of_some_days_is_usual_on_others() -> None:
    assert abs(deviations(1000, [6000, 6000, 0, 0, 6000, 6000, 0]) or 0) < 6


def test_nothing_is_said_on_few_days_or_few_runs() -> None:
    assert deviations(0, WEEK[: LEAST_DAYS - 1]) is None
    assert deviations(19, [0] * 7) is None


@given(st.integers(0, 10**6), st.lists(st.integers(0, 10**6), min_size=LEAST_DAYS, max_size=7))
def test_more_runs_are_never_less_unusual_upwards(runs: int, week: list[int]) -> None:
    one, more = deviations(runs, week), deviations(runs + 1000, week)
    assert one is None or more is None or more > one


def test_the_words_hold_the_numbers() -> None:
    assert unusual_words(200, WEEK) == ("200 runs in the last 10 min; usual at this hour are 1,000 (median of 7 days).")
