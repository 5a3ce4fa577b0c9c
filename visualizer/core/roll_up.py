"""
Makes sums from batches: how often what ran, by second, activity and server. Pure; ids are those of the tables.

A batch is checked whole before anything of it is added, so that a damaged one leaves no half of itself behind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite

import numpy as np

from collector.lib.log_buckets import LARGEST_INDEX, SMALLEST_INDEX, merge_counts
from collector.models.activity import Status
from collector.models.batch import KeptEntry, LogBatch, NewLine
from collector.models.count_table import Column, CountTable, HistogramTable
from visualizer.models.errors import DamagedBatch

#: A line this far in the future has a broken clock; it is counted at the time it was read.
FUTURE_S = 300
#: A reason is a word of ours (SKIP_REASONS) or of another format's; it becomes a label and a column.
_REASON = re.compile(r"[a-z][a-z0-9_]{0,23}")
#: (second, activity id, server id)
SlotKey = tuple[int, int, int]
#: (activity id, server id)
TotalKey = tuple[int, int]


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


@dataclass(slots=True)
class Sums:
    """What a tick adds to history."""

    #: Runs by second, activity and server.
    slots: dict[SlotKey, Counts] = field(default_factory=dict)
    #: (source id, fate, reason) → [lines, bytes].
    fates: dict[tuple[int, str, str], list[int]] = field(default_factory=dict)
    #: (activity id, server id, entry) of failed runs.
    failures: list[tuple[int, int, KeptEntry]] = field(default_factory=list)

    def add_fate(self, source_id: int, fate: str, reason: str, *, lines: int, size_bytes: int) -> None:
        """Say what became of lines of a source; nothing is written for none."""
        if lines or size_bytes:
            sums = self.fates.setdefault((source_id, fate, reason), [0, 0])
            sums[0] += lines
            sums[1] += size_bytes


def check_batch(batch: LogBatch, *, size_bytes: int) -> None:
    """
    Refuse a batch that cannot be counted.

    Raises:
        DamagedBatch: an index points nowhere, a number is negative, or the bytes do not add up to `size_bytes`.
    """
    counts, keys, servers = batch.counts, len(batch.keys), len(batch.servers)
    for column, end in ((counts.key, keys), (counts.server, servers), (counts.status, 4)):
        if not _within(column, 0, end - 1):
            raise DamagedBatch("a count points outside the batch's tables")
    # Each on its own first: sums of what is far too large would wrap around.
    if not (_within(counts.size_bytes, 1, size_bytes) and _within(counts.count, 1, size_bytes)):
        raise DamagedBatch("a count has no lines, or more than its batch has bytes")
    if len(counts) > size_bytes or not (counts.count <= counts.size_bytes).all():
        raise DamagedBatch("a count says more lines than it has bytes")
    for histogram in (counts.durations, counts.stream_ages):
        _check_histogram(histogram, counts)
    total = counts.total_bytes
    for reason, skipped in batch.skipped.items():
        if not _REASON.fullmatch(reason) or not 0 <= skipped.lines <= skipped.size_bytes:
            raise DamagedBatch("lines were skipped for no proper reason, or a negative number of them")
        total += skipped.size_bytes
    if total != size_bytes:
        raise DamagedBatch(f"expected counts for {size_bytes} bytes, they add up to {total}")
    kept: tuple[KeptEntry | NewLine, ...] = (*batch.failures, *batch.samples, *batch.newest)
    if any(not (0 <= entry.key < keys and 0 <= entry.server < servers) for entry in kept):
        raise DamagedBatch("a kept entry points outside the batch's tables")
    if any(not (0 <= c.caller < keys and 0 <= c.callee < keys and 0 <= c.failed <= c.count) for c in batch.calls):
        raise DamagedBatch("a call points outside the batch's tables, or fails more often than it happens")


def roll_up(
    batch: LogBatch,
    sums: Sums,
    *,
    source_id: int,
    activity_ids: Sequence[int],
    server_ids: Sequence[int],
    now_s: float,
    retention_s: float,
) -> None:
    """
    Add a checked batch to the sums.

    Args:
        activity_ids, server_ids: ids of batch.keys and batch.servers, in their order.
        now_s: decides what is too old to be kept and what lies in the future.
    """
    oldest, newest = now_s - retention_s, now_s + FUTURE_S
    received_s = batch.received_s if oldest < batch.received_s <= newest else now_s
    parsed, too_old, skewed = [0, 0], [0, 0], [0, 0]
    slots = sums.slots
    for c in batch.counts:
        second, fate = c.second, parsed
        if second > newest:
            second = int(received_s)
            skewed[0] += c.count
            skewed[1] += c.size_bytes
        elif second < oldest:
            fate = too_old
        fate[0] += c.count
        fate[1] += c.size_bytes
        if fate is too_old:
            continue
        slot_key = (second, activity_ids[c.key], server_ids[c.server])
        slot = slots.get(slot_key)
        if slot is None:
            slot = slots[slot_key] = Counts()
        slot.statuses[c.status] += c.count
        if c.durations:
            merge_counts(slot.durations, c.durations)
        if c.stream_ages:
            merge_counts(slot.stream_ages, c.stream_ages)
        # Finer than a second where the line was read within its own: two runs in one second are two pulses.
        slot.last_s = max(slot.last_s, min(received_s, second + 1))
    sums.add_fate(source_id, "parsed", "", lines=parsed[0], size_bytes=parsed[1])
    sums.add_fate(source_id, "skipped", "too_old", lines=too_old[0], size_bytes=too_old[1])
    sums.add_fate(source_id, "skewed", "", lines=skewed[0], size_bytes=skewed[1])
    for reason, skipped in batch.skipped.items():
        sums.add_fate(source_id, "skipped", reason, lines=skipped.lines, size_bytes=skipped.size_bytes)
    for failure in batch.failures:
        if isfinite(failure.timestamp_s) and failure.timestamp_s >= oldest:
            sums.failures.append((activity_ids[failure.key], server_ids[failure.server], failure))


def by_width(slots: Mapping[SlotKey, Counts], *, width_s: int, from_s: float = float("-inf")) -> dict[SlotKey, Counts]:
    """The same runs in buckets of this width; seconds before `from_s` are left out."""
    if width_s == 1:
        return {key: counts for key, counts in slots.items() if key[0] >= from_s}
    wide: dict[SlotKey, Counts] = {}
    for (second, activity_id, server_id), counts in slots.items():
        if second >= from_s:
            wide.setdefault((second - second % width_s, activity_id, server_id), Counts()).add(counts)
    return wide


def totals(slots: Mapping[SlotKey, Counts]) -> dict[TotalKey, Counts]:
    """The same runs by activity and server alone."""
    sums: dict[TotalKey, Counts] = {}
    for (_, activity_id, server_id), counts in slots.items():
        sums.setdefault((activity_id, server_id), Counts()).add(counts)
    return sums


def _check_histogram(histogram: HistogramTable, counts: CountTable) -> None:
    if not len(histogram):
        return
    # No more than the largest count first: sums of what is far too large would wrap around.
    fits = _within(histogram.bucket, SMALLEST_INDEX, LARGEST_INDEX) and _within(histogram.count, 1, counts.lines)
    if not fits or (np.bincount(histogram.cell, histogram.count, len(counts)) > counts.count).any():
        raise DamagedBatch("a histogram counts more than its lines, or lies outside its range")


def _within(column: Column, least: int, most: int) -> bool:
    return not len(column) or bool(least <= column.min() and column.max() <= most)
