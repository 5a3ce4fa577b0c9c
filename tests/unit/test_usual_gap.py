"""How long a thing is usually quiet, learnt from when it was seen."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visualizer.core.seen_hours import join_hours, seen_hours
from visualizer.core.usual_gap import FLOOR_S, UsualGap
from visualizer.models.seen_hour import HOUR_S, SLOT_S, SeenHour

#: A Monday, 00:00 UTC.
MONDAY = int(datetime(2026, 11, 2, tzinfo=UTC).timestamp())
DAY = 86400
MINUTE = 60


def every(step_s: int, begin_s: int, end_s: int) -> list[int]:
    return list(range(begin_s, end_s, step_s))


def nightly(days: Iterable[int], *, jitter: Random | None = None) -> list[int]:
    """A job at two in the night, ten minutes long."""
    slots = []
    for day in days:
        late = SLOT_S * jitter.randint(-30, 30) if jitter else 0
        slots += every(SLOT_S, MONDAY + day * DAY + 2 * HOUR_S + late, MONDAY + day * DAY + 2 * HOUR_S + late + 600)
    return slots


def workdays(days: Iterable[int]) -> list[int]:
    """Seen each minute from nine to five, on workdays."""
    return [
        slot
        for day in days
        if day % 7 < 5
        for slot in every(MINUTE, MONDAY + day * DAY + 9 * HOUR_S, MONDAY + day * DAY + 17 * HOUR_S)
    ]


def by_chance(seconds: int, *, mean_s: int) -> list[int]:
    chance, at_s, slots = Random(1), float(MONDAY), set[int]()
    while at_s < MONDAY + seconds:
        slots.add(int(at_s) - int(at_s) % SLOT_S)
        at_s += chance.expovariate(1 / mean_s)
    return sorted(slots)


def alarms(slots: list[int], *, until_s: int, step_s: int = 300) -> list[int]:
    """The moments at which it is missed, of what was seen up to each of them."""
    missed, learnt, known = [], -1, UsualGap([])
    for now_s in range(slots[0], until_s, step_s):
        seen = slots[: bisect_right(slots, now_s)]
        if now_s - seen[-1] <= FLOOR_S:
            continue
        if len(seen) != learnt:
            learnt, known = len(seen), UsualGap(seen_hours(seen))
        allowed_s = known.allowed_s(now_s)
        if allowed_s is not None and now_s - seen[-1] > allowed_s:
            missed.append(now_s)
    return missed


@pytest.mark.parametrize(
    "slots",
    [
        nightly(range(15)),
        nightly(range(15), jitter=Random(7)),
        workdays(range(15)),
        every(6 * HOUR_S, MONDAY, MONDAY + 15 * DAY),
        every(7 * DAY, MONDAY, MONDAY + 15 * DAY),
        every(MINUTE, MONDAY, MONDAY + 15 * DAY),
        by_chance(12 * DAY, mean_s=1200),
    ],
    ids=["nightly", "nightly, not on the minute", "workdays", "six-hourly", "weekly", "each minute", "by chance"],
)
def test_what_comes_as_usual_is_never_missed(slots: list[int]) -> None:
    assert alarms(slots, until_s=slots[-1], step_s=1200) == []


@pytest.mark.parametrize(
    ("slots", "most_s"),
    [
        # Seen last at 02:10; its hour and the one behind it are waited for.
        (nightly(range(10)), 86400 + 2 * HOUR_S),
        # On a Tuesday evening: all day of Wednesday was allowed for, for its night is usual.
        (workdays(range(9)), 18 * HOUR_S + 2 * MINUTE),
        (every(MINUTE, MONDAY, MONDAY + 8 * DAY), 15 * MINUTE),
        # Known for two days: the longest silence ever, ten times.
        (every(MINUTE, MONDAY, MONDAY + 2 * DAY), 20 * MINUTE),
    ],
)
def test_what_stops_is_missed(slots: list[int], most_s: int) -> None:
    found = alarms(slots, until_s=slots[-1] + 3 * DAY)
    assert slots[-1] + FLOOR_S < found[0] <= slots[-1] + most_s


def test_what_was_seen_for_less_than_a_day_is_not_judged() -> None:
    slots = every(SLOT_S, MONDAY, MONDAY + DAY - SLOT_S)
    assert UsualGap(seen_hours(slots)).allowed_s(MONDAY + 40 * DAY) is None
    assert UsualGap([]).allowed_s(MONDAY) is None


def test_a_first_weekend_is_no_reason_to_miss_what_runs_on_workdays() -> None:
    assert alarms(workdays(range(12)), until_s=MONDAY + 12 * DAY - 12 * HOUR_S, step_s=1800) == []


instants = st.lists(st.integers(0, 30_000), min_size=1, max_size=60, unique=True).map(
    lambda slots: sorted(MONDAY + SLOT_S * slot for slot in slots)
)


@given(instants, st.randoms(use_true_random=False))
def test_joined_hours_tell_no_silence_shorter_than_it_was(slots: list[int], chance: Random) -> None:
    parts: list[list[int]] = [[], [], []]
    for slot in slots:
        parts[chance.randrange(3)].append(slot)
    whole, joined = seen_hours(slots), join_hours(hour for part in parts for hour in seen_hours(part))
    assert [hour[:3] for hour in joined] == [hour[:3] for hour in whole]
    assert all(one.gap_s >= other.gap_s for one, other in zip(joined, whole, strict=True))


@given(instants)
def test_the_longest_silence_is_that_between_two_sights(slots: list[int]) -> None:
    longest = max((after - before for before, after in pairwise(slots)), default=0)
    known = UsualGap(seen_hours(slots))
    assert (known.longest_s, known.known_s) == (longest, slots[-1] - slots[0])


def test_hours_of_one_thing_are_one_hour_each() -> None:
    one, other = SeenHour(MONDAY, MONDAY, MONDAY + 60, 20), SeenHour(MONDAY, MONDAY + 600, MONDAY + 900, 10)
    assert join_hours([other, one]) == [SeenHour(MONDAY, MONDAY, MONDAY + 900, 540)]
