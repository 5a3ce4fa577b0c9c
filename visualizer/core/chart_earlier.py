"""Makes what stands behind a panel's charts: the same of a day or a week earlier, and the difference in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from collector.lib.amounts import grouped, rate_words
from collector.lib.log_buckets import quantile_ms, quantiles_ms
from collector.models.resolution import DAY_S
from visualizer.core.freshness import duration_words
from visualizer.core.verdict import duration_ms_words
from visualizer.models.node_details import ChartSlot, EarlierChart, PanelChart

_NAMES = {DAY_S: "yesterday", 7 * DAY_S: "last week"}


def earlier_name(back_s: int) -> str:
    """What the time so many seconds earlier is called."""
    return _NAMES[back_s]


def earlier_lines(earlier: EarlierChart, *, slot_s: int, now_s: float, waits: bool) -> dict[str, Any]:
    """
    {"from_s": unix second of now beside which the first step stands, "step_s", "rate": [1/s …], "failed": [a slot of
    the chart] or None, "p95": [ms …], "words": what is said of each step, "whole": and of all}. Values are None where
    history begins later; where nothing is kept at all, or nobody watched, there is "whole" alone.

    Args:
        slot_s: seconds of a slot of the chart.
    """
    if why := _why_nothing(earlier):
        return {"whole": why}
    now, then = earlier.now, earlier.then
    kept = [_is_kept(earlier, place) for place in range(len(then.slots))]
    over = [kept[place] and _start_s(now, place + 1) <= now_s for place in range(len(kept))]
    slots = [slot if is_kept else None for slot, is_kept in zip(then.slots, kept, strict=True)]
    return {
        "from_s": _start_s(now, 0),
        "step_s": now.slot_s,
        "rate": [slot and round(slot.runs / now.slot_s, 2) for slot in slots],
        "failed": None if waits else [slot and round(slot.failed * slot_s / now.slot_s, 3) for slot in slots],
        "p95": [slot and slot.p95_ms for slot in slots],
        "words": [
            _both(a, b, long_s=now.slot_s, earlier=earlier, waits=waits)
            if is_over
            else _unlike(earlier, is_kept=is_kept)
            for a, b, is_kept, is_over in zip(now.slots, then.slots, kept, over, strict=True)
        ],
        "whole": _whole(earlier, over, waits=waits),
    }


def earlier_quantiles(earlier: EarlierChart, durations: Mapping[int, int]) -> str:
    """ "Yesterday: p50 12 ms (+3 %) · p95 …" of a histogram of now; "" where nothing was measured."""
    wanted = (0.5, 0.95, 0.99)
    pairs = zip(quantiles_ms(durations, wanted), quantiles_ms(earlier.durations, wanted), strict=True)
    named = zip(("p50", "p95", "p99"), pairs, strict=True)
    told = [f"{name} {duration_ms_words(then)}{_more(now, then)}" for name, (now, then) in named if then is not None]
    return f"{_title(earlier)}: {' · '.join(told)}" if told else ""


def _why_nothing(earlier: EarlierChart) -> str:
    if not any(_is_kept(earlier, place) for place in range(len(earlier.then.slots))):
        return _unlike(earlier, is_kept=False)
    return f"{_title(earlier)}: nothing at all ran, or nobody watched" if earlier.is_silent else ""


def _unlike(earlier: EarlierChart, *, is_kept: bool) -> str:
    if is_kept:
        return f"{_title(earlier)}: not compared, this step is not over"
    begun = f"{datetime.fromtimestamp(earlier.begun_s, UTC):%Y-%m-%d %H:%M} UTC" if earlier.begun_s else "later"
    return f"{_title(earlier)}: not kept, history begins {begun}"


def _whole(earlier: EarlierChart, over: Sequence[bool], *, waits: bool) -> str:
    """Of the steps that are whole on both sides."""
    sides = [[slot for slot, is_over in zip(chart.slots, over, strict=True) if is_over] for chart in _sides(earlier)]
    if not sides[0]:
        return _unlike(earlier, is_kept=True)
    now, then = (
        ChartSlot(
            sum(slot.runs for slot in side), sum(slot.failed for slot in side), quantile_ms(chart.durations, 0.95)
        )
        for side, chart in zip(sides, _sides(earlier), strict=True)
    )
    return _both(now, then, long_s=len(sides[0]) * earlier.now.slot_s, earlier=earlier, waits=waits)


def _both(now: ChartSlot, then: ChartSlot, *, long_s: int, earlier: EarlierChart, waits: bool) -> str:
    """Two lines: what was in so many seconds now, and then with the difference."""
    rates, measured = (now.runs / long_s, then.runs / long_s), "wait p95" if waits else "p95"
    failed = "" if waits else f"{grouped(then.failed)} failed ({now.failed - then.failed:+,})".replace("-", "−")
    of_now = (rate_words(rates[0]), "" if waits else f"{grouped(now.failed)} failed", _p95(measured, now))
    of_then = (
        f"{rate_words(rates[1])}{_more(*rates)}",
        failed,
        f"{_p95(measured, then)}{_more(now.p95_ms, then.p95_ms)}",
    )
    sides = ((duration_words(long_s), of_now), (_title(earlier), of_then))
    return "\n".join(f"{name}: {' · '.join(filter(None, told))}" for name, told in sides)


def _more(now: float | None, then: float | None) -> str:
    """ " (+8 %)": by how much now is more; "" where one of them is nothing."""
    return f" ({100 * (now - then) / then:+.0f} %)".replace("-", "−") if now is not None and then else ""


def _p95(name: str, slot: ChartSlot) -> str:
    return f"{name} {duration_ms_words(slot.p95_ms)}"


def _title(earlier: EarlierChart) -> str:
    return earlier_name(earlier.back_s).capitalize()


def _sides(earlier: EarlierChart) -> tuple[PanelChart, PanelChart]:
    return earlier.now, earlier.then


def _is_kept(earlier: EarlierChart, place: int) -> bool:
    """A step in which history begins is not whole."""
    return earlier.begun_s is not None and earlier.begun_s <= _start_s(earlier.then, place)


def _start_s(chart: PanelChart, place: int) -> int:
    return chart.end_s - (len(chart.slots) - place) * chart.slot_s
