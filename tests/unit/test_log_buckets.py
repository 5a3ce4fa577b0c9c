from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from collector.lib.log_buckets import (
    GAMMA,
    LARGEST_INDEX,
    RELATIVE_ERROR,
    SMALLEST_INDEX,
    bucket_index,
    bucket_indices,
    bucket_value_ms,
    bucket_values_ms,
    merge_counts,
    quantile_ms,
)

durations_ms = st.floats(min_value=0.001, max_value=8e10, exclude_min=True)


@given(durations_ms)
def test_a_bucket_stands_for_its_values_within_the_error(value_ms: float) -> None:
    assert abs(bucket_value_ms(bucket_index(value_ms)) - value_ms) <= RELATIVE_ERROR * value_ms * 1.0001


@given(st.lists(durations_ms, min_size=1), st.sampled_from([0, 0.5, 0.95, 0.99, 1]))
def test_a_quantile_is_within_the_error_of_the_exact_one(values: list[float], q: float) -> None:
    counts: dict[int, int] = {}
    merge_counts(counts, [(bucket_index(value), 1) for value in values])
    exact = sorted(values)[int(q * (len(values) - 1))]
    found = quantile_ms(counts, q)
    assert found is not None
    assert abs(found - exact) <= RELATIVE_ERROR * exact * 1.0001


def test_nonsense_is_kept_in_the_end_buckets() -> None:
    assert bucket_index(float("nan")) == bucket_index(-1) == bucket_index(0)
    assert bucket_index(float("inf")) == bucket_index(1e300)
    assert quantile_ms({}, 0.5) is None


def test_many_whole_microseconds_fall_where_each_alone_falls() -> None:
    bounds_us = {
        int(GAMMA**index * 1000) + d for index in range(SMALLEST_INDEX, LARGEST_INDEX + 1) for d in range(-2, 3)
    }
    durations_us = np.array(sorted(bounds_us | {-5, 0, 1, 2, 2**53}), np.int64)
    assert bucket_indices(durations_us).tolist() == [bucket_index(us / 1000) for us in durations_us.tolist()]


def test_values_of_many_buckets_are_those_of_each() -> None:
    every = np.arange(SMALLEST_INDEX, LARGEST_INDEX + 1)
    assert bucket_values_ms(every[::-1]).tolist() == [bucket_value_ms(index) for index in every[::-1].tolist()]
