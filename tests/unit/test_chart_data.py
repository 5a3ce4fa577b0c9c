from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.lib.log_buckets import LARGEST_INDEX, SMALLEST_INDEX, bucket_index, bucket_value_ms
from collector.models.resolution import DAY_S
from visualizer.core.chart_data import FEWEST_BARS, MOST_BARS, histogram, time_chart
from visualizer.core.chart_earlier import earlier_lines
from visualizer.core.skew import compare_servers
from visualizer.models.node_details import ChartSlot, EarlierChart, PanelChart, ServerShare

indices = st.integers(SMALLEST_INDEX, LARGEST_INDEX)


def shown(durations: dict[int, int]) -> dict[str, Any]:
    found = histogram(durations)
    assert found
    return found


@given(st.dictionaries(indices, st.integers(1, 10**9), min_size=1))
def test_a_histogram_loses_nothing_and_its_bars_touch(durations: dict[int, int]) -> None:
    bars = shown(durations)["bars"]
    assert sum(count for _, _, count in bars) == sum(durations.values())
    assert FEWEST_BARS <= len(bars) <= MOST_BARS + 1
    assert all(end == start for (_, end, _), (start, _, _) in pairwise(bars))
    assert all(start < end for start, end, _ in bars)


@given(indices)
def test_a_duration_stands_in_its_bar(index: int) -> None:
    ((start, end, _),) = [bar for bar in shown({index: 1})["bars"] if bar[2]]
    assert start * 0.999 <= bucket_value_ms(index) <= end * 1.001


def test_nothing_measured_is_no_chart() -> None:
    assert histogram({}) is None
    assert time_chart(PanelChart(), waits=False) is None


def test_quantiles_are_marked() -> None:
    marks = dict(shown({bucket_index(10): 90, bucket_index(100): 10})["marks"])
    assert marks == pytest.approx({"p50": 10, "p95": 100, "p99": 100}, rel=0.02)


def test_a_slot_is_a_rate() -> None:
    chart = time_chart(PanelChart(100, (ChartSlot(), ChartSlot(25, 3, 12.345))), waits=False)
    assert chart == {
        "end_s": 100, "slot_s": 10, "at_s": 0, "waits": False,
        "rate": [0.0, 2.5], "failed": [0, 3], "p95": [None, 12.3],
    }  # fmt: skip
    hour = time_chart(PanelChart(100, (ChartSlot(60),), slot_s=20, at_s=90), waits=False)
    assert hour
    assert (hour["rate"], hour["slot_s"], hour["at_s"]) == ([3.0], 20, 90)


def test_a_step_that_is_not_over_or_not_whole_is_not_compared() -> None:
    now, then = (PanelChart(end_s, (ChartSlot(60),) * 4, {}, slot_s=60) for end_s in (DAY_S + 240, 240))
    earlier = EarlierChart(DAY_S, now, then, begun_s=30, is_silent=False, durations={})
    told = earlier_lines(earlier, slot_s=10, now_s=DAY_S + 200, waits=True)
    assert (told["rate"], told["from_s"]) == ([None, 1, 1, 1], DAY_S)
    assert told["words"] == [
        "Yesterday: not kept, history begins 1970-01-01 00:00 UTC",
        *["1 min: 1/s · wait p95 –\nYesterday: 1/s (+0 %) · wait p95 –"] * 2,
        "Yesterday: not compared, this step is not over",
    ]
    assert told["whole"].startswith("2 min: 1/s")


def test_one_of_two_is_odd_only_when_it_fails_much_more() -> None:
    def flags(*failed: int) -> list[str]:
        servers = [ServerShare("h", str(i), 100, each) for i, each in enumerate(failed)]
        return [instance.flag for instance in compare_servers(servers, []) if instance.flag]

    assert flags(6, 2) == []
    assert flags(7, 2) == ["4 × the failures of the others"]
    assert flags(3, 0, 0) == ["only here runs fail"]
    assert flags(2, 0, 0) == []
    assert flags(50) == []


def test_without_work_for_everybody_idling_is_not_odd() -> None:
    busy = ServerShare("h", "1", 39, 0)
    assert [each.flag for each in compare_servers([busy], [("h", "1"), ("h", "2")])] == [""]
    busy = ServerShare("h", "1", 40, 0)
    found = compare_servers([busy], [("h", "1"), ("h", "2"), ("h", "2")])
    assert [(each.server.pid, each.flag) for each in found] == [("2", "alive, and has no work"), ("1", "")]
