"""Counts by column are what they are by row, on the wire too, and damage is told."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from collector.models.batch import LogBatch, decode_batch, encode_batch
from collector.models.count_table import ActivityCount, CountTable, pack_counts, unpack_counts
from tests.shipped_file import KEY, SERVER

numbers = st.integers(min_value=-(2**62), max_value=2**62)
histograms = st.dictionaries(st.integers(-400, 700), st.integers(1, 2**40), max_size=4)
rows = st.lists(st.builds(ActivityCount, *[numbers] * 6, durations=histograms, stream_ages=histograms), max_size=8)


@given(rows)
def test_rows_come_back_as_they_were(cells: list[ActivityCount]) -> None:
    assert list(unpack_counts(pack_counts(CountTable.of(cells)))) == cells


@given(st.one_of(rows, st.lists(st.builds(ActivityCount, *[numbers] * 6, durations=histograms), max_size=20)))
def test_a_table_held_as_rows_is_the_same(cells: list[ActivityCount]) -> None:
    table, held = CountTable.of(cells), CountTable.lazily(cells)
    assert pack_counts(held) == pack_counts(table)
    for name in ("lines", "total_bytes", "newest_second"):
        assert getattr(held, name) == getattr(table, name)
    assert (len(held), list(held), held.second.tolist()) == (len(table), list(table), table.second.tolist())
    assert list(held.durations.bucket) == list(table.durations.bucket)


@given(st.lists(rows, min_size=1, max_size=3))
def test_joined_tables_have_all_rows_in_order(parts: list[list[ActivityCount]]) -> None:
    joined = CountTable.joined([CountTable.of(part) for part in parts])
    assert list(joined) == [cell for part in parts for cell in part]


def test_small_numbers_take_little_room() -> None:
    cells = [ActivityCount(1_795_000_000, place, 0, 1, 3, 600, {17: 2}) for place in range(100)]
    assert len(encode_batch(LogBatch(0, [KEY] * 100, [SERVER], CountTable.of(cells), {}))) < 100 * 80


PACKED = pack_counts(CountTable.of([ActivityCount(1, 0, 0, 0, 1, 10, {3: 1})]))


@pytest.mark.parametrize(
    "change",
    [
        {"second": b""},
        {"second": b"x\1"},
        {"second": b"h\1"},
        {"second": b"b\1\1"},
        {"durations": (b"b\1", b"b\3", b"b\1")},
        {"durations": (b"b\xff", b"b\3", b"b\1")},
        {"stream_ages": (b"b\0", b"b", b"b\1")},
    ],
)
def test_a_damaged_table_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        unpack_counts(replace(PACKED, **change))


def test_a_batch_of_a_collector_that_was_not_updated_yet_is_read() -> None:
    cells = [ActivityCount(5, 0, 0, 1, 2, 200, {7: 2})]
    old = {"received_s": 1.0, "keys": [KEY], "servers": [SERVER], "counts": cells, "skipped": {}}
    assert list(decode_batch(msgspec.msgpack.encode(old), version=1).counts) == cells
    huge = {**old, "counts": [ActivityCount(2**63, 0, 0, 0, 1, 1)]}
    with pytest.raises(msgspec.ValidationError):
        decode_batch(msgspec.msgpack.encode(huge), version=1)


@pytest.mark.parametrize("length", [1, 16, 17, 40])
@pytest.mark.parametrize("least", [0, -128, -129, 2**15, -(2**31) - 1, 2**62])
def test_columns_of_any_length_and_range_come_back(length: int, least: int) -> None:
    rows = [ActivityCount(least + n % 3, 0, 0, 0, 1, 2**40 + n) for n in range(length)]
    table = CountTable.of(rows)
    assert list(unpack_counts(pack_counts(table))) == rows
    assert (table.lines, table.total_bytes) == (length, sum(row.size_bytes for row in rows))
