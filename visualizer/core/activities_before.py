"""What activities did before a time, from the slots of history: as the live window would have told it then."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from collector.models.activity import ActivityKey
from visualizer.core.slot_sums import slots_where, summed
from visualizer.core.slot_table import SlotTable
from visualizer.models.live import RATE_WINDOW_S, ActivityStats


def activities_before(
    slots: SlotTable, keys: Mapping[int, ActivityKey], *, from_s: int, until_s: int, width_s: int
) -> list[ActivityStats]:
    """
    Those that did anything in [from_s, until_s), which all of the slots begin in. `pending` is not known to history: 0.

    Args:
        keys: every activity by its id.
        width_s: of the slots.
    """
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
    return found
