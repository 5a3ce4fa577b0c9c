"""Makes what the panel's charts draw: plain numbers, for static/js/chart_view.js."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from collector.lib.log_buckets import GAMMA, SMALLEST_INDEX, quantiles_ms
from visualizer.models.node_details import PanelChart

#: Bars of the histogram: more would be thinner than the gaps between them.
MOST_BARS = 48
#: Fewer would make a wall of what took about as long each time.
FEWEST_BARS = 24
#: Buckets of a bar, at least: a bar ends 8 % above where it begins.
BUCKETS_A_BAR = 2


def time_chart(chart: PanelChart, *, waits: bool) -> dict[str, Any] | None:
    """
    {"end_s", "slot_s", "at_s", "rate": [1/s …], "failed": [count …] or None, "p95": [ms or None …], "waits"}, a value
    a slot, oldest first; None when nothing ran. How the readers of a stream fared is theirs: it has no "failed".
    """
    if not any(slot.runs for slot in chart.slots):
        return None
    return {
        "end_s": chart.end_s,
        "slot_s": chart.slot_s,
        "at_s": chart.at_s,
        "rate": [round(slot.runs / chart.slot_s, 2) for slot in chart.slots],
        "failed": None if waits else [slot.failed for slot in chart.slots],
        "p95": [None if slot.p95_ms is None else float(f"{slot.p95_ms:.3g}") for slot in chart.slots],
        "waits": waits,
    }


def histogram(durations: Mapping[int, int]) -> dict[str, Any] | None:
    """
    {"bars": [[from_ms, to_ms, count] …], "marks": [["p50", ms], …]}: bars side by side from the shortest to the
    longest, as wide as each other on a logarithmic scale; None when nothing was measured.
    """
    if not durations:
        return None
    width = BUCKETS_A_BAR
    while max(durations) // width - min(durations) // width >= MOST_BARS:
        width *= 2
    first, last = min(durations) // width, max(durations) // width
    missing = max(0, FEWEST_BARS - (last - first + 1))
    first = max(SMALLEST_INDEX // width, first - missing // 2)
    bars = [0] * max(last - first + 1, FEWEST_BARS)
    for index, count in durations.items():
        bars[index // width - first] += count
    # Bucket i ends at GAMMA ** i.
    ends = [GAMMA ** ((first + bar) * width - 1) for bar in range(len(bars) + 1)]
    return {
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
