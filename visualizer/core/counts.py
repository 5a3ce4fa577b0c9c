"""Runs by status with their histograms: what the live window adds up and takes away."""

from __future__ import annotations

from collector.lib.log_buckets import merge_counts
from collector.models.activity import Status


class Counts:
    """Runs by status and their histograms. Mutable: it is summed into."""

    __slots__ = ("durations", "last_s", "statuses", "stream_ages")

    def __init__(self) -> None:
        #: How many lines of each Status, by its value.
        self.statuses = [0, 0, 0, 0]
        #: Duration bucket → count.
        self.durations: dict[int, int] = {}
        #: Stream age bucket → count.
        self.stream_ages: dict[int, int] = {}
        #: Unix time of the newest entry, as fine as is known.
        self.last_s = 0.0

    def add(self, other: Counts) -> None:
        """Add another one's sums."""
        mine, more = self.statuses, other.statuses
        for status in range(4):
            mine[status] += more[status]
        if other.durations:
            merge_counts(self.durations, other.durations)
        if other.stream_ages:
            merge_counts(self.stream_ages, other.stream_ages)
        self.last_s = max(self.last_s, other.last_s)

    def subtract(self, other: Counts) -> None:
        """Take another one's sums away again; `last_s` stays."""
        mine, less = self.statuses, other.statuses
        for status in range(4):
            mine[status] -= less[status]
        for histogram, gone in ((self.durations, other.durations), (self.stream_ages, other.stream_ages)):
            for index, count in gone.items():
                left = histogram[index] - count
                if left:
                    histogram[index] = left
                else:
                    del histogram[index]

    @property
    def ended(self) -> int:
        """Runs that ended, in whatever way."""
        return self.statuses[Status.DONE] + self.statuses[Status.FAILED] + self.statuses[Status.IGNORED]
