"""A StreamFlow in words."""

from __future__ import annotations

from visualizer.core.verdict import duration_ms_words
from visualizer.models.stream_flow import STEADY, WaitTrend


def trend_words(trend: WaitTrend | None) -> str:
    """ "rising, by 1.2 s a minute"."""
    if trend is None:
        return "too few messages to tell"
    if trend.way == STEADY:
        return STEADY
    return f"{trend.way}, by {duration_ms_words(float(f'{abs(trend.per_min_ms):.2g}'))} a minute"


def amount_words(count: int | None, window_s: float) -> str:
    """ "12 /s · 720 in 60 s"; "unknown" for None."""
    if count is None:
        return "unknown"
    if not count:
        return f"none in {window_s:.0f} s"
    rate = count / window_s
    return f"{f'{rate:,.0f}' if rate >= 10 else f'{rate:.2g}'} /s · {count:,} in {window_s:.0f} s"
