"""What is packed into blocks comes out of them as it was."""

from __future__ import annotations

import zlib

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector.lib.log_buckets import LARGEST_INDEX, SMALLEST_INDEX
from collector.models.count_table import HistogramTable
from visualizer.core.slot_block import PackedBlock, decode_blocks, encode_blocks
from visualizer.core.slot_sums import joined, slots_where, summed
from visualizer.core.slot_table import SlotTable

START, WIDTH = 6_000_000, 60
histograms = st.dictionaries(st.integers(SMALLEST_INDEX, LARGEST_INDEX), st.integers(1, 2**40), max_size=6)
counts = st.tuples(*[st.integers(0, 2**50)] * 4)
keys = st.tuples(st.integers(0, 59), st.integers(1, 5), st.integers(1, 2**33))
tables = st.dictionaries(keys, st.tuples(counts, histograms, histograms), max_size=12)


def table_of(rows: dict) -> SlotTable:  # type: ignore[type-arg]
    places, activities, servers = np.array(list(rows) or np.empty((0, 3)), np.int64).T
    statuses = np.array([each[0] for each in rows.values()], np.int64).reshape(-1, 4)
    measured = [HistogramTable.of([each[at] for each in rows.values()]) for at in (1, 2)]
    return SlotTable(START + places * WIDTH, activities, servers, statuses, np.zeros(len(rows)), *measured)


def rows_of(slots: SlotTable) -> dict:  # type: ignore[type-arg]
    sums = summed(slots, width_s=1)
    return {
        ((start_s - START) // WIDTH, activity, server): (tuple(each.statuses), each.durations, each.stream_ages)
        for (start_s, activity, server), each in sums
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables)
def test_what_goes_in_comes_out(rows: dict) -> None:  # type: ignore[type-arg]
    blocks = list(encode_blocks(summed(table_of(rows), width_s=1), start_s=START, width_s=WIDTH))
    assert [activity for activity, _ in blocks] == sorted({activity for _, activity, _ in rows})
    stored = [(START, activity, data) for activity, data in blocks]
    assert rows_of(decode_blocks(stored, width_s=WIDTH)) == rows
    some = decode_blocks(stored, width_s=WIDTH, within=(START + 7 * WIDTH, START + 31 * WIDTH))
    assert rows_of(some) == {key: row for key, row in rows.items() if 7 <= key[0] < 31}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables, tables)
def test_a_table_parted_and_joined_again_has_the_same_sums(rows: dict, more: dict) -> None:  # type: ignore[type-arg]
    slots = joined([table_of(rows), table_of(more)])
    is_some = slots.activity < 3
    again = joined([slots_where(slots, is_some), slots_where(slots, ~is_some)])
    assert rows_of(again) == rows_of(slots)
    whole = summed(slots, width_s=3600, from_s=START, over_servers=True, over_activities=True)
    assert whole.statuses.sum() == slots.statuses.sum()


@pytest.mark.parametrize("damaged", [b"", b"x", zlib.compress(b"x"), zlib.compress(b"\x95\xc4\x01zzzzz")])
def test_a_damaged_block_says_so(damaged: bytes) -> None:
    with pytest.raises(ValueError, match="block of history is damaged"):
        decode_blocks([(START, 1, damaged)], width_s=WIDTH)


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("slot", b"x\x00", "of no known kind"),
        ("server", b"h\x00", "ends within a number"),
        ("server", b"b\x01\x01", "longer or shorter than another"),
        ("statuses", b"b\x01", "longer or shorter than another"),
        ("durations", (b"b\x01\x01", b"b\x05", b"b\x01"), "longer or shorter than another"),
        ("stream_ages", (b"b\x01", b"b\x05", b"b\x01\x01"), "longer or shorter than another"),
    ],
)
def test_a_block_with_a_damaged_column_says_so(column: str, value: object, why: str) -> None:
    one = {"slot": b"b\x00", "server": b"b\x01", "statuses": b"b" + bytes(4), "durations": (b"b",) * 3}
    packed = PackedBlock(**{"stream_ages": (b"b",) * 3} | one | {column: value})  # type: ignore[arg-type]
    whole = PackedBlock(**{"stream_ages": (b"b",) * 3} | one)  # type: ignore[arg-type]
    stored = [(START, 1, zlib.compress(msgspec.msgpack.encode(each))) for each in (whole, packed)]
    assert len(decode_blocks(stored[:1], width_s=WIDTH)) == 1
    with pytest.raises(ValueError, match=why):
        decode_blocks(stored, width_s=WIDTH)
