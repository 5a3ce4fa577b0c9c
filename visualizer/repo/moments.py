"""Reading what activities did just before a time, or before each of several, from history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from collector.models.activity import ActivityKey
from collector.models.resolution import Resolution
from visualizer.core.activities_before import activities_before
from visualizer.core.moment_times import moment_step_s
from visualizer.core.slot_sums import slots_where
from visualizer.models.live import STATE_WINDOW_S, ActivityStats
from visualizer.repo.history_slots import read_slots
from visualizer.repo.node_details import read_keys_of

#: More activities than this are not asked for by name: reading everybody's buckets is faster then.
_MOST_NAMED = 2000


class Before(NamedTuple):
    """What activities did just before a time."""

    #: Those that did anything. `pending` is not known to history: 0.
    activities: list[ActivityStats]
    #: The time it is of, unix seconds: STATE_WINDOW_S, or one bucket where only wider ones are kept.
    from_s: int
    until_s: int


def read_before(
    resolutions: Sequence[Resolution], at_s: float, *, now_s: float, keys: Mapping[int, ActivityKey] | None = None
) -> Before:
    """
    Activities in the minute before a time.

    Args:
        keys: those that are asked for, by their ids; None: every one.

    Raises:
        ValueError: a block of history is damaged.
        django.db.DatabaseError: the database does not answer.
    """
    step_s = moment_step_s(resolutions, at_s, now_s=now_s)
    until_s = int(at_s) - int(at_s) % step_s
    (before,) = read_before_each(resolutions, range(until_s, until_s + step_s, step_s), keys=keys)
    return before


def read_before_each(
    resolutions: Sequence[Resolution], times: range, *, keys: Mapping[int, ActivityKey] | None = None
) -> Iterator[Before]:
    """
    What read_before() tells of each of these times, which are as far apart as the buckets that are read are wide: these
    are read once.

    Raises:
        ValueError: a block of history is damaged.
        django.db.DatabaseError: the database does not answer.
    """
    window_s = max(STATE_WINDOW_S, times.step)
    named = list(keys) if keys is not None and len(keys) <= _MOST_NAMED else None
    slots = read_slots(resolutions, times.step, from_s=times.start - window_s, until_s=times[-1], activities=named)
    if keys is None:
        keys = read_keys_of(np.unique(slots.activity).tolist())
    elif named is None:
        slots = slots_where(slots, np.isin(slots.activity, list(keys)))
    for at_s in times:
        from_s = at_s - window_s
        within = slots_where(slots, (slots.start_s >= from_s) & (slots.start_s < at_s))
        yield Before(activities_before(within, keys, from_s=from_s, until_s=at_s, width_s=times.step), from_s, at_s)
