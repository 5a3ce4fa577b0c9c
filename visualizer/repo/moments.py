"""Reading what every activity did just before a time, from history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from collector.models.activity import ActivityKey
from collector.models.resolution import WRITTEN_S, Resolution
from visualizer.core.history_steps import finest_kept
from visualizer.core.slot_sums import slots_where, summed
from visualizer.models.live import RATE_WINDOW_S, STATE_WINDOW_S, ActivityStats
from visualizer.repo.history_slots import read_slots


class Before(NamedTuple):
    """What activities did just before a time."""

    #: Those that did anything. `pending` is not known to history: 0.
    activities: list[ActivityStats]
    #: The time it is of, unix seconds: STATE_WINDOW_S, or one bucket where only wider ones are kept.
    from_s: int
    until_s: int


def read_before(
    resolutions: Sequence[Resolution], keys: Mapping[int, ActivityKey], at_s: float, *, now_s: float
) -> Before:
    """
    Every activity in the minute before a time.

    Args:
        keys: every activity by its id.

    Raises:
        ValueError: a block of history is damaged.
        django.db.DatabaseError: the database does not answer.
    """
    width_s = max(WRITTEN_S[-1], finest_kept(resolutions, at_s - STATE_WINDOW_S, now_s=now_s))
    until_s = int(at_s) - int(at_s) % width_s
    from_s = until_s - max(STATE_WINDOW_S, width_s)
    slots = read_slots(resolutions, width_s, from_s=from_s, until_s=until_s, activities=None)
    # The rate is of the last seconds where these stand apart, else of all of them.
    rate_s = max(RATE_WINDOW_S, width_s)
    newest = summed(slots_where(slots, slots.start_s >= until_s - rate_s), width_s=1, over_servers=True)
    ended = newest.statuses[:, 1:].sum(axis=1) * RATE_WINDOW_S / rate_s
    recent = dict(zip(newest.activity.tolist(), np.rint(ended).astype(int).tolist(), strict=True))
    found = []
    for (start_s, activity, _), counts in summed(slots, width_s=until_s - from_s, from_s=from_s, over_servers=True):
        if key := keys.get(activity):
            started, done, failed, ignored = counts.statuses
            found.append(
                ActivityStats(
                    key=key,
                    started=started,
                    done=done,
                    failed=failed,
                    ignored=ignored,
                    recent=recent.get(activity, 0),
                    durations=counts.durations,
                    stream_ages=counts.stream_ages,
                    last_s=start_s,
                )
            )
    return Before(found, from_s, until_s)
