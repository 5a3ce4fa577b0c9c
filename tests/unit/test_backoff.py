"""When to try again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collector.lib.backoff import next_try_s


def next_s(failures: int, random: float = 0.0) -> float:
    return next_try_s(failures, interval_s=10, longest_s=300, random=lambda: random)


def test_a_thing_that_works_is_looked_at_at_its_interval() -> None:
    assert [next_s(0, random) for random in (0, 0.5, 1)] == [9, 10, 11]


def test_after_a_failure_it_is_tried_soon_and_then_ever_later() -> None:
    assert [next_s(failures) for failures in (1, 2, 3, 4, 9, 10, 1000)] == [1, 2, 4, 8, 256, 300, 300]


@given(st.integers(min_value=1, max_value=10**9), st.floats(min_value=0, max_value=1, exclude_max=True))
def test_jitter_takes_up_to_a_half_off_and_never_adds(failures: int, random: float) -> None:
    assert next_s(failures) / 2 <= next_s(failures, random) <= next_s(failures) <= 300
