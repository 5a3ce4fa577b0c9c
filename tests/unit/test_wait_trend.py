from __future__ import annotations

import random

import pytest

from collector.lib.log_buckets import bucket_index
from visualizer.core.stream_words import amount_words, trend_words
from visualizer.core.wait_trend import wait_trend
from visualizer.models.stream_flow import FALLING, RISING, STEADY, WaitTrend


def trend_of(*waits_ms: float | None) -> WaitTrend | None:
    steps = [{} if wait is None else {bucket_index(wait): 3} for wait in waits_ms]
    return wait_trend(steps, step_s=5)


def way(*waits_ms: float | None) -> str:
    trend = trend_of(*waits_ms)
    return trend.way if trend else "unknown"


def test_a_wait_that_grows_by_a_second_each_step_rises_by_twelve_a_minute() -> None:
    trend = trend_of(*(1000.0 * step for step in range(1, 13)))
    assert trend is not None
    assert trend.way == RISING
    assert trend.per_min_ms == pytest.approx(12_000, rel=0.05)
    assert trend_words(trend) == "rising, by 12 s a minute"
    assert way(*(1000.0 * step for step in range(12, 0, -1))) == FALLING


def test_three_odd_steps_of_twelve_make_no_trend_and_hide_none() -> None:
    calm = [200.0] * 9
    assert way(*calm, 9000.0, 9000.0, 9000.0) == STEADY
    rising = [1000.0 * step for step in range(1, 13)]
    rising[2] = rising[7] = 60_000.0
    assert way(*rising) == RISING


def test_what_nobody_would_feel_is_steady() -> None:
    assert way(*(1.0 + step for step in range(12))) == STEADY
    assert way(*(60_000.0 + 100 * step for step in range(12))) == STEADY


def test_chance_is_called_steady_in_nearly_all_cases() -> None:
    draw = random.Random(7)
    ways = [way(*(draw.lognormvariate(6, 1) for _ in range(12))) for _ in range(300)]
    assert ways.count(STEADY) > 285


def test_messages_in_three_steps_tell_nothing() -> None:
    assert trend_of(None, 1.0, None, 10_000.0, None, 90_000.0) is None
    assert way(None, 1000.0, None, 2000.0, 3000.0, None, 4000.0) == RISING
    assert trend_words(None) == "too few messages to tell"


@pytest.mark.parametrize(
    ("count", "words"),
    [(None, "unknown"), (0, "none in 60 s"), (1, "0.017 /s · 1 in 60 s"), (740, "12 /s · 740 in 60 s"),
     (720_000, "12,000 /s · 720,000 in 60 s")],
)  # fmt: skip
def test_amounts_have_their_unit_and_unknown_is_never_nothing(count: int | None, words: str) -> None:
    assert amount_words(count, 60) == words
