"""
Log-spaced buckets for durations: counts per bucket index, so that two histograms merge by addition.

Source: the mapping of DDSketch (Masson, Rim, Lee 2019), without its collapsing store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import ceil, log

import numpy as np
import numpy.typing as npt

#: A quantile read from the buckets is off by at most this share of the true value.
RELATIVE_ERROR = 0.02
GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
_LOG_GAMMA = log(GAMMA)
#: Everything at or below 1 µs (in ms) is one bucket: no clock we read is finer.
SMALLEST_MS = 0.001
SMALLEST_INDEX = ceil(log(SMALLEST_MS) / _LOG_GAMMA)
#: 1,000 days. A longer duration is a broken clock; it is kept, in the last bucket.
LARGEST_MS = 8.64e10
LARGEST_INDEX = ceil(log(LARGEST_MS) / _LOG_GAMMA)


def bucket_index(value_ms: float) -> int:
    """The bucket that holds this duration; negative values and NaN fall into the smallest."""
    if not value_ms > SMALLEST_MS:
        return SMALLEST_INDEX
    if value_ms >= LARGEST_MS:
        return LARGEST_INDEX
    return ceil(log(value_ms) / _LOG_GAMMA)


def bucket_indices(durations_us: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The bucket of each duration in whole µs, just as `bucket_index` has it for the same duration in ms."""
    return SMALLEST_INDEX + np.searchsorted(_last_us(), durations_us)


def bucket_value_ms(index: int) -> float:
    """The value that stands for a bucket: within RELATIVE_ERROR of everything in it."""
    return float(2 * GAMMA**index / (1 + GAMMA))


def bucket_values_ms(indices: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """`bucket_value_ms` of each of many buckets, from the smallest to the largest."""
    return _values_ms()[indices - SMALLEST_INDEX]


def quantile_ms(counts: Mapping[int, int], q: float) -> float | None:
    """
    The q-quantile (0 ≤ q ≤ 1) of what was counted, in ms; None when nothing was.
    """
    return quantiles_ms(counts, (q,))[0]


def quantiles_ms(counts: Mapping[int, int], shares: Sequence[float]) -> list[float | None]:
    """Several quantiles in one pass, `shares` in rising order."""
    total = sum(counts.values())
    if total == 0:
        return [None] * len(shares)
    found: list[float | None] = []
    indices, seen, index = iter(sorted(counts)), 0, 0
    for share in shares:
        rank = share * (total - 1)
        while seen <= rank:
            index = next(indices)
            seen += counts[index]
        found.append(bucket_value_ms(index))
    return found


def merge_counts(into: dict[int, int], more: Mapping[int, int] | Iterable[tuple[int, int]]) -> None:
    """Add `more` to `into`, in place."""
    for index, count in more.items() if isinstance(more, Mapping) else more:
        into[index] = into.get(index, 0) + count


@lru_cache(maxsize=1)
def _values_ms() -> npt.NDArray[np.float64]:
    return np.array([bucket_value_ms(index) for index in range(SMALLEST_INDEX, LARGEST_INDEX + 1)])


@lru_cache(maxsize=1)
def _last_us() -> npt.NDArray[np.int64]:
    # The last whole µs of each bucket but the largest. Logarithms are inexact, so bucket_index itself is asked around
    # each bound.
    bounds = []
    for index in range(SMALLEST_INDEX, LARGEST_INDEX):
        last_us = int(GAMMA**index * 1000)
        while bucket_index((last_us + 1) / 1000) <= index:
            last_us += 1
        while bucket_index(last_us / 1000) > index:
            last_us -= 1
        bounds.append(last_us)
    return np.array(bounds, np.int64)
