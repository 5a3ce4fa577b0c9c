"""Histograms are stored in one go, and read one by one."""

from __future__ import annotations

from collections import Counter

import msgspec
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from collector.lib.log_buckets import LARGEST_INDEX, SMALLEST_INDEX
from collector.models.count_table import HistogramTable
from visualizer.core.slot_table import grouped
from visualizer.repo.histograms import decode_histogram, encode_histograms, with_stored

histograms = st.dictionaries(st.integers(SMALLEST_INDEX, LARGEST_INDEX), st.integers(1, 2**50), max_size=12)


def table_of(rows: list[dict[int, int]]) -> HistogramTable:
    return grouped(HistogramTable.of(rows), np.arange(len(rows)))


@given(st.lists(histograms, max_size=8))
def test_what_is_stored_is_read_again(rows: list[dict[int, int]]) -> None:
    stored = encode_histograms(table_of(rows), len(rows))
    assert [decode_histogram(each) for each in stored] == rows
    assert all((each == b"") == (row == {}) for each, row in zip(stored, rows, strict=True))


@given(st.lists(st.tuples(histograms, histograms), max_size=6))
def test_what_was_stored_is_added(rows: list[tuple[dict[int, int], dict[int, int]]]) -> None:
    old = [(place, msgspec.msgpack.encode(before)) for place, (before, _) in enumerate(rows) if before]
    merged = encode_histograms(with_stored(table_of([more for _, more in rows]), old), len(rows))
    assert [decode_histogram(each) for each in merged] == [dict(Counter(a) + Counter(b)) for a, b in rows]
