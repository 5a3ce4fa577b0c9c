"""Makes SeenHours of what a tick counted, and joins those of several shards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, pairwise

from visualizer.core.slot_table import SlotTable
from visualizer.models.seen_hour import HOUR_S, SLOT_S, Pair, SeenHour


class SeenSlots:
    """
    What was told already: a slot is told once, however many ticks add to it. Telling it again would change nothing, so
    that what is forgotten costs a row and no more.
    """

    def __init__(self) -> None:
        self._told: dict[Pair, int] = {}

    def news(self, wide: SlotTable, calls: Iterable[tuple[Pair, int]]) -> dict[Pair, list[int]]:
        """
        Pair → the slots in which it was seen and which were not told last, in order.

        Args:
            wide: runs in slots of 10 s.
            calls: calls, with their seconds.
        """
        seen: defaultdict[Pair, set[int]] = defaultdict(set)
        for activity, start_s in zip(wide.activity.tolist(), wide.start_s.tolist(), strict=True):
            seen[Pair(activity)].add(start_s)
        for pair, second in calls:
            seen[pair].add(second - second % SLOT_S)
        return {pair: sorted(slots) for pair, slots in seen.items() if slots != {self._told.get(pair)}}

    def note(self, told: Mapping[Pair, Sequence[int]]) -> None:
        """These are kept now."""
        for pair, slots in told.items():
            self._told[pair] = slots[-1]

    def forget(self) -> None:
        """Believe nothing about rows any more."""
        self._told.clear()


def seen_hours(slots: Sequence[int]) -> list[SeenHour]:
    """The hours of slots that are in order, each once."""
    hours = []
    for start_s, group in groupby(slots, lambda slot: slot - slot % HOUR_S):
        within = list(group)
        gap_s = max((after - before for before, after in pairwise(within)), default=0)
        hours.append(SeenHour(start_s, within[0], within[-1], gap_s))
    return hours


def join_hours(hours: Iterable[SeenHour]) -> list[SeenHour]:
    """
    One hour each, in order, of hours of several shards or pairs that stand for one thing. A gap is the longest of any
    of them, so that it may be told longer than it was, never shorter.
    """
    joined: dict[int, SeenHour] = {}
    for hour in sorted(hours):
        known = joined.get(hour.start_s)
        if known is None:
            joined[hour.start_s] = hour
            continue
        between = max(0, hour.first_s - known.last_s)
        joined[hour.start_s] = SeenHour(
            hour.start_s,
            min(known.first_s, hour.first_s),
            max(known.last_s, hour.last_s),
            max(known.gap_s, hour.gap_s, between),
        )
    return list(joined.values())
