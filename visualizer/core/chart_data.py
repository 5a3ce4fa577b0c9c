"""Makes what the panel's charts draw: plain numbers, for static/js/chart_view.js."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from collector.lib.log_buckets import GAMMA, LARGEST_INDEX, SMALLEST_INDEX, quantiles_ms
from visualizer.core.chart_earlier import earlier_name, earlier_quantiles
from visualizer.models.node_details import EarlierChart, PanelChart

#: Bars of the histogram: more would be thinner than the gaps between them.
MOST_BARS = 48
#: Fewer would make a wall of what took about as long each time.
FEWEST_BARS = 24
#: Buckets of a bar, at least: a bar ends 8 % above where it begins.
BUCKETS_A_BAR = 2


def time_chart(chart: PanelChart, *, waits: bool, earlier: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
    """
    {"end_s", "slot_s", "at_s", "rate": [1/s …], "failed": [count …] or None, "p95": [ms or None …], "waits"}, a value
    a slot, oldest first; None when nothing ran, earlier neither. How the readers of a stream fared is theirs: it has no
    "failed". "earlier" (chart_earlier.py) where that is compared.
    """
    if not any(slot.runs for slot in chart.slots) and not any((earlier or {}).get("rate", ())):
        return None
    return ({"earlier": earlier} if earlier else {}) | {
        "end_s": chart.end_s,
        "slot_s": chart.slot_s,
        "at_s": chart.at_s,
        "rate": [round(slot.runs / chart.slot_s, 2) for slot in chart.slots],
        "failed": None if waits else [slot.failed for slot in chart.slots],
        "p95": [None if slot.p95_ms is None else float(f"{slot.p95_ms:.3g}") for slot in chart.slots],
        "waits": waits,
    }


def histogram(durations: Mapping[int, int], earlier: EarlierChart | None = None) -> dict[str, Any] | None:
    """
    {"bars": [[from_ms, to_ms, count] …], "marks": [["p50", ms], …]}: bars side by side from the shortest to the
    longest, as wide as each other on a logarithmic scale; None when nothing was measured. Where something was earlier,
    {"earlier": {"name", "shares": [of all of then, a bar], "words"}}, too.
    """
    if not durations:
        return None
    was = earlier.durations if earlier else {}
    shortest, longest = min(*durations, *was, LARGEST_INDEX), max(*durations, *was, SMALLEST_INDEX)
    width = BUCKETS_A_BAR
    while longest // width - shortest // width >= MOST_BARS:
        width *= 2
    first, last = shortest // width, longest // width
    missing = max(0, FEWEST_BARS - (last - first + 1))
    first, count = max(SMALLEST_INDEX // width, first - missing // 2), max(last - first + 1, FEWEST_BARS)
    bars, bars_then = (_in_bars(one, width, first, count) for one in (durations, was))
    # Bucket i ends at GAMMA ** i.
    ends = [GAMMA ** ((first + bar) * width - 1) for bar in range(len(bars) + 1)]
    return ({"earlier": _earlier(earlier, durations, bars_then)} if earlier and was else {}) | {
        "bars": [
            [float(f"{start:.4g}"), float(f"{end:.4g}"), count]
            for start, end, count in zip(ends, ends[1:], bars, strict=False)
        ],
        "marks": [
            [name, float(f"{value:.3g}")]
            for name, value in zip(("p50", "p95", "p99"), quantiles_ms(durations, (0.5, 0.95, 0.99)), strict=True)
            if value is not None
        ],
    }


def _in_bars(durations: Mapping[int, int], width: int, first: int, count: int) -> list[int]:
    bars = [0] * count
    for index, runs in durations.items():
        bars[index // width - first] += runs
    return bars


def _earlier(earlier: EarlierChart, durations: Mapping[int, int], bars: Sequence[int]) -> dict[str, Any]:
    return {
        "name": earlier_name(earlier.back_s),
        "shares": [round(runs / sum(bars), 4) for runs in bars],
        "words": earlier_quantiles(earlier, durations),
    }
