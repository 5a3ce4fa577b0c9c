"""Adds up what the shards' rollups tell: activities are sums, so those of several shards are added by key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from collector.lib.log_buckets import merge_counts
from collector.models.activity import ActivityKey
from visualizer.core.live_graph import is_over
from visualizer.models.live import ActivityStats, LiveUpdate


class LiveSums:
    """Every activity of the live window, by shard."""

    def __init__(self) -> None:
        self._shards: defaultdict[int, dict[ActivityKey, ActivityStats]] = defaultdict(dict)

    def take(self, shard: int, updates: Iterable[LiveUpdate]) -> list[ActivityStats]:
        """Take updates of a shard in, in their order; returns the new sum of every activity they touch."""
        mine, touched = self._shards[shard], set[ActivityKey]()
        for update in updates:
            if update.reset:
                touched.update(mine)
                mine.clear()
            for stats in update.changed:
                touched.add(stats.key)
                if is_over(stats):
                    mine.pop(stats.key, None)
                else:
                    mine[stats.key] = stats
        return [self._sum(key) for key in touched]

    def all(self) -> list[ActivityStats]:
        """The sum of every activity."""
        return [self._sum(key) for key in {key for shard in self._shards.values() for key in shard}]

    def _sum(self, key: ActivityKey) -> ActivityStats:
        parts = [shard[key] for shard in self._shards.values() if key in shard]
        if len(parts) == 1:
            return parts[0]
        total = ActivityStats(key=key)
        for part in parts:
            total.started += part.started
            total.done += part.done
            total.failed += part.failed
            total.ignored += part.ignored
            total.recent += part.recent
            total.pending += part.pending
            total.last_s = max(total.last_s, part.last_s)
            merge_counts(total.durations, part.durations)
            merge_counts(total.stream_ages, part.stream_ages)
        return total
