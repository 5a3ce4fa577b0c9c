"""
How long something is usually quiet, learnt from the hours in which it was seen; so that a nightly job is not missed at
noon, and is in the morning after the night it did not run.

What is learnt is how long the silence had lasted, at its longest, in each hour of the day, UTC, on workdays and on
weekends: the 99th percentile over all such hours that were lived through. The hour before counts as well, for what runs
an hour late, as all that follows a local clock does twice a year. Beyond FACTOR times the longer of both it has gone
quiet.

That takes a week. What was seen for a day at least is judged by the longest silence there ever was, in any hour, and
with more patience; what was seen for less is not judged at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from math import ceil

from visualizer.models.seen_hour import HOUR_S, SLOT_S, SeenHour

#: Between the first and the last time it was seen.
LEAST_S = 86400
ENOUGH_S = 7 * 86400
#: Times the usual gap. Of things that come by chance, one silence in 10⁵ lasts twice the longest of a week.
FACTOR = 2
#: The same while a weekend, or a whole week, was never lived through.
PATIENT_FACTOR = 10
#: Nothing is missed for less: a restart takes a while.
FLOOR_S = 60
SHARE = 0.99
_DAY_HOURS = 24


class UsualGap:
    """Of one thing."""

    def __init__(self, hours: Sequence[SeenHour]) -> None:
        """Args: hours: in which it was seen, in order, each once."""
        #: (is it a weekend's, hour of the day) → usual silence, seconds.
        self.by_hour: dict[tuple[bool, int], int] = {}
        #: The longest silence there ever was, seconds.
        self.longest_s = 0
        #: From the first time it was seen to the last, seconds.
        self.known_s = hours[-1].last_s - hours[0].first_s if hours else 0
        peaks = _peaks(hours)
        samples: defaultdict[tuple[bool, int], list[int]] = defaultdict(list)
        for start_s, silence_s in peaks:
            samples[_kind_of(start_s)].append(silence_s)
            self.longest_s = max(self.longest_s, silence_s)
        if self.known_s >= ENOUGH_S:
            self.by_hour = {kind: _percentile(found) for kind, found in samples.items()}

    def allowed_s(self, at_s: float) -> float | None:
        """How long it may be quiet at this moment before it is missed; None while too little is known."""
        if self.known_s < LEAST_S:
            return None
        usual_s = self.usual_s(at_s)
        if usual_s is None:
            return max(FLOOR_S, PATIENT_FACTOR * (self.longest_s + SLOT_S))
        return max(FLOOR_S, FACTOR * (usual_s + SLOT_S))

    def usual_s(self, at_s: float) -> int | None:
        """Its usual silence at this time of day; None where that was not lived through often enough."""
        hour_s = int(at_s) - int(at_s) % HOUR_S
        found = [self.by_hour.get(_kind_of(start_s)) for start_s in (hour_s, hour_s - HOUR_S)]
        known = [usual_s for usual_s in found if usual_s is not None]
        return max(known) if len(known) == len(found) else None


def _peaks(hours: Sequence[SeenHour]) -> list[tuple[int, int]]:
    """(start of an hour, longest silence at any moment in it) of every hour from the first to the last."""
    longest = {hour.start_s: hour.gap_s for hour in hours}
    for hour, after in pairwise(hours):
        for start_s in range(hour.start_s, after.start_s, HOUR_S):
            longest[start_s] = max(longest.get(start_s, 0), start_s + HOUR_S - hour.last_s)
        longest[after.start_s] = max(longest[after.start_s], after.first_s - hour.last_s)
    return sorted(longest.items())


def _kind_of(start_s: int) -> tuple[bool, int]:
    # 1970-01-01 was a Thursday.
    return (start_s // 86400 + 3) % 7 >= 5, start_s // HOUR_S % _DAY_HOURS


def _percentile(values: Sequence[int]) -> int:
    return sorted(values)[ceil(SHARE * len(values)) - 1]
