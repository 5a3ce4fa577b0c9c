"""Resolutions are set sensibly, and picked by what a chart can show and what is kept."""

from __future__ import annotations

import pytest

from collector.models.resolution import DEFAULT_RESOLUTIONS, read_resolutions, resolutions_within
from visualizer.core.history_steps import MOST_POINTS, finest_kept, steps_between

NOW = 1_800_000_123.4
DAY = 86400


def test_the_default_is_what_its_text_says() -> None:
    assert read_resolutions("1s=15m,10s=6h,1m=14d,10m=90d,1h=1095d") == DEFAULT_RESOLUTIONS
    assert read_resolutions({"1s": "15m", "10s": "6h", "1m": "2w"}) == DEFAULT_RESOLUTIONS[:3]
    assert ", ".join(map(str, DEFAULT_RESOLUTIONS)) == "1s=15m, 10s=6h, 1m=14d, 10m=90d, 1h=1095d"
    assert [each.keep_s for each in resolutions_within(DEFAULT_RESOLUTIONS, 7 * DAY)][2:] == [7 * DAY] * 3


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1s=15m,10s=6h", "other widths"),
        ("2s=15m,10s=6h,1m=1d", "other widths"),
        ("1s=15m,10s=6h,25s=1d", "no multiple"),
        ("1s=15m,10s=6h,1m=1d,1m=2d", "no multiple"),
        ("1s=15m,10s=6h,1m=1d,7m=2d", "from the third on"),
        ("1s=15m,10s=6h,1m=6h", "kept no longer"),
        ("1s=5m,10s=6h,1m=1d", "less than 15m"),
        ("1s=15m,10s=6h,1m=1.7s", "parts of a second"),
        ("1s=15m,10s=6h,1m=often", "expected a number"),
    ],
)
def test_what_cannot_be_summed_up_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_resolutions(text)


@pytest.mark.parametrize(
    ("ago_s", "width_s"),
    [
        (60, 1),
        (900, 10),
        (5 * 3600, 10),
        (6 * 3600, 60),
        (13 * DAY, 60),
        (14 * DAY, 600),
        (90 * DAY, 3600),
        (9e8, 3600),
        (2e9, 3600),
    ],
)
def test_what_may_be_on_its_way_out_is_read_from_wider_buckets(ago_s: float, width_s: int) -> None:
    assert finest_kept(DEFAULT_RESOLUTIONS, NOW - ago_s, now_s=NOW) == width_s


@pytest.mark.parametrize(
    ("ago_s", "length_s", "width_s", "step_s"),
    [
        (300, 300, 1, 1),
        (900, 900, 10, 10),
        (3600, 3600, 10, 20),
        (86400, 86400, 60, 300),
        (86400, 600, 60, 60),
        (30 * DAY, 30 * DAY, 3600, 10_800),
        (1000 * DAY, 1000 * DAY, 3600, 288_000),
        (100 * DAY, 60, 3600, 3600),
    ],
)
def test_a_chart_has_some_300_points(ago_s: int, length_s: int, width_s: int, step_s: int) -> None:
    since_s = NOW - ago_s
    steps = steps_between(DEFAULT_RESOLUTIONS, since_s, since_s + length_s, now_s=NOW)
    assert (steps.width_s, steps.step_s) == (width_s, step_s)
    assert steps.from_s <= since_s < steps.from_s + steps.width_s
    assert since_s + length_s <= steps.until_s < since_s + length_s + step_s + width_s
    assert (steps.until_s - steps.from_s) / step_s <= MOST_POINTS + 1
