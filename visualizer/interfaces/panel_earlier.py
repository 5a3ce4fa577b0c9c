"""What stands behind the charts of a panel while a comparison is on: the same a day or a week earlier."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from django.http import HttpRequest

from collector.models.resolution import DAY_S, Resolution
from visualizer.config import kept_resolutions
from visualizer.core.chart_data import histogram, time_chart
from visualizer.core.chart_earlier import earlier_lines, earlier_name
from visualizer.models.node_details import EarlierChart, PanelChart
from visualizer.models.told_then import ToldThen
from visualizer.repo.history_begin import read_history_begin
from visualizer.repo.history_series import read_charts_beside_earlier, read_series
from visualizer.repo.history_slots import OF_ALL

#: As the page's address has it (static/js/earlier.js): ?against=.
_BACKS_S = {"1d": DAY_S, "7d": 7 * DAY_S}


def asked_back_s(request: HttpRequest) -> int:
    """How much earlier is compared with, seconds; 0 where nothing is."""
    return _BACKS_S.get(request.GET.get("against", ""), 0)


def read_earlier(
    activities: Collection[int], chart: PanelChart, then: ToldThen | None, *, back_s: int, waits: bool
) -> EarlierChart | None:
    """
    What a chart's activities did earlier; None where nothing is compared, or nothing of it was ever seen.

    Args:
        then: the moment the panel is of.

    Raises:
        ValueError: a block of history is damaged.
    """
    if not back_s or not activities:
        return None
    resolutions, now_s, ids = kept_resolutions(), time.time(), list(activities)

    def beside(since_s: float, until_s: float) -> tuple[PanelChart, PanelChart]:
        return read_charts_beside_earlier(
            resolutions, ids, since_s=since_s, until_s=until_s, back_s=back_s, now_s=now_s, waits=waits
        )

    since_s = chart.end_s - len(chart.slots) * chart.slot_s
    now, earlier = beside(since_s, chart.end_s)
    # The histogram of a moment is of the minute before.
    measured = beside(then.from_s, then.until_s)[1] if then else earlier
    ran = any(slot.runs for slot in earlier.slots)
    is_silent = not ran and not _ran_anything(
        resolutions, since_s=since_s - back_s, until_s=chart.end_s - back_s, now_s=now_s
    )
    return EarlierChart(back_s, now, earlier, read_history_begin(resolutions), is_silent, measured.durations)


def chart_context(chart: PanelChart, earlier: EarlierChart | None, *, waits: bool) -> dict[str, Any]:
    """What templates/_panel_charts.html is given: the charts' data as JSON, "" where there is none, and their key."""
    lines = earlier_lines(earlier, slot_s=chart.slot_s, now_s=time.time(), waits=waits) if earlier else {}
    return {
        "chart": _json(time_chart(chart, waits=waits, earlier=lines)),
        "histogram": _json(histogram(chart.durations, earlier)),
        "earlier": earlier_name(earlier.back_s) if earlier and "rate" in lines else "",
        "earlier_words": lines.get("whole", ""),
    }


def _json(value: dict[str, Any] | None) -> str:
    return msgspec.json.encode(value).decode() if value else ""


def _ran_anything(resolutions: Sequence[Resolution], *, since_s: float, until_s: float, now_s: float) -> bool:
    series = read_series(resolutions, OF_ALL, since_s=since_s, until_s=until_s, now_s=now_s)
    return any(point.ended for point in series.points)
