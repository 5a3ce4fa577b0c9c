"""Reading what every activity did just before a time, from history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from collector.models.resolution import WRITTEN_S, Resolution
from visualizer.core.activities_before import activities_before
from visualizer.core.history_steps import finest_kept
from visualizer.models.live import STATE_WINDOW_S, ActivityStats
from visualizer.repo.history_slots import read_slots
from visualizer.repo.node_details import read_keys_of


class Before(NamedTuple):
    """What activities did just before a time."""

    #: Those that did anything. `pending` is not known to history: 0.
    activities: list[ActivityStats]
    #: The time it is of, unix seconds: STATE_WINDOW_S, or one bucket where only wider ones are kept.
    from_s: int
    until_s: int


def read_before(resolutions: Sequence[Resolution], at_s: float, *, now_s: float) -> Before:
    """
    Every activity in the minute before a time.

    Raises:
        ValueError: a block of history is damaged.
        django.db.DatabaseError: the database does not answer.
    """
    width_s = max(WRITTEN_S[-1], finest_kept(resolutions, at_s - STATE_WINDOW_S, now_s=now_s))
    until_s = int(at_s) - int(at_s) % width_s
    from_s = until_s - max(STATE_WINDOW_S, width_s)
    slots = read_slots(resolutions, width_s, from_s=from_s, until_s=until_s, activities=None)
    keys = read_keys_of(np.unique(slots.activity).tolist())
    return Before(activities_before(slots, keys, from_s=from_s, until_s=until_s, width_s=width_s), from_s, until_s)
