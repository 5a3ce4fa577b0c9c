"""
The live window of one shard: what ran in the last minute, what is still running, and what of it changed. Pure: the
clock comes in as an argument, so does everything that was seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, field

from collector.models.activity import ActivityKey, Status
from visualizer.core.counts import Counts
from visualizer.models.live import RATE_WINDOW_S, STATE_WINDOW_S, ActivityStats

#: (app key, server id): a server counts as gone for the apps it ran.
GoneServers = Set[tuple[str, int]]

#: Activities of the window: those that were seen first stay, until they have left it.
MOST_ACTIVITIES = 10_000


@dataclass(slots=True)
class _Activity:
    """What is known of one activity."""

    #: What it is.
    key: ActivityKey
    #: Second → what was seen in it; only of the window.
    slots: dict[int, Counts] = field(default_factory=dict)
    #: The sum of the slots, kept as they come and go: adding them up at each change would cost a minute's work.
    window: Counts = field(default_factory=Counts)
    #: Server id → started − ended since its files began; no zeros.
    open_runs: dict[int, int] = field(default_factory=dict)


class LiveWindow:
    """Sums of the last STATE_WINDOW_S seconds by activity."""

    def __init__(self) -> None:
        self._activities: dict[int, _Activity] = {}
        self._gone: GoneServers = frozenset()
        #: Activities whose numbers may differ from what was told.
        self._touched: set[int] = set()
        #: Activity id → what was told of it last.
        self._told: dict[int, ActivityStats] = {}
        self._now_s = 0

    def name(self, activity_id: int, key: ActivityKey) -> bool:
        """
        Say what an activity id stands for; needed before anything is added for it. False when there is no room: no
        picture shows so many, and each costs memory here, in Redis and in every browser. History has them all.
        """
        if activity_id not in self._activities:
            if len(self._activities) >= MOST_ACTIVITIES:
                return False
            self._activities[activity_id] = _Activity(key)
        return True

    def add_seen(self, activity_id: int, *, second: int, counts: Counts) -> None:
        """Add runs to the window, if they are of it; the window keeps `counts` and adds to it."""
        activity = self._activities[activity_id]
        if second > self._now_s - STATE_WINDOW_S:
            activity.window.add(counts)
            if second in activity.slots:
                activity.slots[second].add(counts)
            else:
                activity.slots[second] = counts
            self._touched.add(activity_id)

    def add_open(self, activity_id: int, server_id: int, *, runs: int) -> None:
        """Add started − ended alone, for all time."""
        if not runs:
            return
        open_runs = self._activities[activity_id].open_runs
        left = open_runs.pop(server_id, 0) + runs
        if left:
            open_runs[server_id] = left
        self._touched.add(activity_id)

    def slide(self, now_s: float) -> None:
        """Move the window's end to `now_s`; what is older than the window leaves it."""
        self._now_s = int(now_s)
        first = self._now_s - STATE_WINDOW_S + 1
        for activity_id, activity in self._activities.items():
            if activity.slots:
                # Not only what leaves the minute changes an activity: what leaves the rate's seconds does, too.
                self._touched.add(activity_id)
                for second in [second for second in activity.slots if second < first]:
                    activity.window.subtract(activity.slots.pop(second))

    def open_servers(self) -> set[tuple[str, int]]:
        """(app key, server id) of everything with a run that has not ended."""
        return {(a.key.app, server) for a in self._activities.values() for server, n in a.open_runs.items() if n > 0}

    def set_gone(self, gone: GoneServers) -> None:
        """Say which servers are no more: nothing runs on them."""
        if gone != self._gone:
            self._gone = gone
            self._touched.update(i for i, activity in self._activities.items() if activity.open_runs)

    def take_changes(self) -> list[ActivityStats]:
        """What is different from what was told before; it counts as told from now on."""
        changed = []
        for activity_id in sorted(self._touched):
            stats = self._stats(self._activities[activity_id])
            if stats != self._told.get(activity_id, ActivityStats(key=stats.key, last_s=stats.last_s)):
                changed.append(stats)
                self._told[activity_id] = stats
            if not _is_alive(stats):
                self._told.pop(activity_id, None)
                if not self._activities[activity_id].open_runs:
                    del self._activities[activity_id]
        self._touched.clear()
        return changed

    def told(self) -> Iterable[ActivityStats]:
        """Everything, as it was told."""
        return self._told.values()

    def _stats(self, activity: _Activity) -> ActivityStats:
        window, recent = activity.window, Counts()
        # One second of the future: a log's clock may be ahead of ours by a little.
        for second in range(self._now_s - RATE_WINDOW_S + 1, self._now_s + 2):
            if second in activity.slots:
                recent.add(activity.slots[second])
        gone, app = self._gone, activity.key.app
        return ActivityStats(
            key=activity.key,
            started=window.statuses[Status.START],
            done=window.statuses[Status.DONE],
            failed=window.statuses[Status.FAILED],
            ignored=window.statuses[Status.IGNORED],
            recent=recent.ended or recent.statuses[Status.START],
            pending=sum(n for server, n in activity.open_runs.items() if n > 0 and (app, server) not in gone),
            durations=dict(window.durations),
            stream_ages=dict(window.stream_ages),
            last_s=window.last_s,
        )


def _is_alive(stats: ActivityStats) -> bool:
    return bool(stats.started or stats.done or stats.failed or stats.ignored or stats.pending)
