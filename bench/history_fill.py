"""Fills history for the bench: what a fleet whose series are busy for a while of each day would have left."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

import numpy as np
from django.core.management import call_command
from django.db import connection, transaction

from collector.models.count_table import HistogramTable
from collector.models.packed_column import Column
from collector.models.resolution import DEFAULT_RESOLUTIONS, WRITTEN_S, Resolution
from visualizer.core.slot_block import encode_blocks
from visualizer.core.slot_sums import summed
from visualizer.core.slot_table import SlotTable
from visualizer.models.history_series import HistorySeries
from visualizer.repo.blocks import write_blocks
from visualizer.repo.buckets import add_buckets
from visualizer.repo.history_models import Bucket, BucketBlock, StaleBucket
from visualizer.repo.history_series import read_series
from visualizer.repo.models import Activity, SeenServer
from visualizer.repo.moments import Before, read_before
from visualizer.repo.stale_buckets import mark_stale

DAY_S = 86_400
#: Histograms that rows take turns with, by width: drawing each would take longer than all else.
_TEMPLATES = 50
#: Spread of durations, in buckets of 4 %: two thirds lie within a factor of 1.6.
_SPREAD = 12.0


class Filling:
    """A database that is filled."""

    def __init__(self, path: Path, *, series: int, busy_s: int, now_s: int) -> None:
        #: The database.
        self.path = path
        self._series, self._now_s = series, now_s
        #: For how much of a day each series is busy.
        self.busy_s = busy_s
        self._dice = np.random.default_rng(7)
        #: When each series begins to be busy, in a day.
        self._begins = self._dice.integers(0, DAY_S, series)
        call_command("migrate", verbosity=0)
        SeenServer.objects.create(id=1, host_name="vm", pid="1")
        rows = [
            Activity(id=number + 1, app="shop", event=f"e{number}", kind="request", first_seen_s=0)
            for number in range(series)
        ]
        Activity.objects.bulk_create(rows, batch_size=500)
        #: Makes buckets, and lets none go.
        self.only_fold = tuple(each._replace(keep_s=each.keep_s + 3650 * DAY_S) for each in DEFAULT_RESOLUTIONS[:3])

    def measure(self, resolution: Resolution) -> tuple[int, int, float]:
        """(rows written, bytes they take, rows that are kept)."""
        before = self._bytes()
        if resolution.width_s in WRITTEN_S:
            length_s = 60 * resolution.width_s
            for start_s in range(self._now_s - length_s, self._now_s, resolution.width_s):
                self._write_rows(resolution.width_s, start_s)
            rows = Bucket.objects.filter(width_s=resolution.width_s).count()
            kept = rows / length_s * resolution.keep_s
        else:
            newest = self._now_s - self._now_s % resolution.block_s
            starts = [
                newest - number * resolution.block_s for number in range(1, 25 if resolution.width_s == 60 else 3)
            ]
            for start_s in starts:
                self._write_block(resolution, start_s, self._series)
            rows = BucketBlock.objects.filter(width_s=resolution.width_s).count()
            kept = rows / len(starts) * resolution.keep_s / resolution.block_s
        return rows, self._bytes() - before, kept

    def mark_minutes(self, minutes: int) -> int:
        """Say that the last minutes are to be made; returns the time at which they are over."""
        StaleBucket.objects.all().delete()
        for start_s in range(self._now_s - 600, self._now_s, 10):
            if not Bucket.objects.filter(width_s=10, start_s=start_s).exists():
                self._write_rows(10, start_s)
        if minutes > 10:
            for start_s in range(self._now_s - 60 * minutes, self._now_s - 600, 10):
                self._write_rows(10, start_s)
        mark_stale(range(self._now_s - 60 * minutes, self._now_s, 60), width_s=60, shard=0)
        return self._now_s

    def fill_all(self, series: int, *, most_s: int = 3650 * DAY_S) -> None:
        """All that is kept from 1 min on, of the last so many seconds at most, for so many of the series."""
        BucketBlock.objects.filter(width_s__gt=60).delete()
        StaleBucket.objects.all().delete()
        for resolution in DEFAULT_RESOLUTIONS[2:]:
            newest = self._now_s - self._now_s % resolution.block_s
            for start_s in range(newest, self._now_s - min(resolution.keep_s, most_s), -resolution.block_s):
                if not BucketBlock.objects.filter(width_s=resolution.width_s, start_s=start_s).exists():
                    self._write_block(resolution, start_s, series)
        connection.cursor().execute("ANALYZE")

    def fill_day(self, agos_s: Collection[int], *, ahead_s: int) -> None:
        """All series for a while from so long ago on: in 10 s where such are kept, else in minutes."""
        ten, minute = DEFAULT_RESOLUTIONS[1:3]
        for ago_s in agos_s:
            begin_s, end_s = self._now_s - ago_s - 120, min(self._now_s, self._now_s - ago_s + ahead_s)
            if ago_s < ten.keep_s:
                for start_s in range(begin_s - begin_s % 10, end_s, 10):
                    self._write_rows(10, start_s)
            else:
                for start_s in range(begin_s - begin_s % minute.block_s, end_s, minute.block_s):
                    self._write_block(minute, start_s, self._series)
        connection.cursor().execute("ANALYZE")

    def chart(self, activities: Collection[int], length_s: int) -> HistorySeries:
        """One that ends now, or at a time at random before."""
        until_s = self._now_s - int(self._dice.integers(0, 3600))
        return read_series(
            DEFAULT_RESOLUTIONS, activities, since_s=until_s - length_s, until_s=until_s, now_s=self._now_s
        )

    def moment(self, at_s: int) -> Before:
        """What everybody did in the minute before, as a moment of the graph asks for it."""
        return read_before(DEFAULT_RESOLUTIONS, at_s, now_s=self._now_s)

    def _write_rows(self, width_s: int, start_s: int) -> None:
        slots = self._slots(width_s, range(start_s, start_s + width_s, width_s), self._series)
        with transaction.atomic():
            add_buckets(slots, width_s=width_s, shard=0)

    def _write_block(self, resolution: Resolution, start_s: int, series: int) -> None:
        slots = self._slots(
            resolution.width_s, range(start_s, start_s + resolution.block_s, resolution.width_s), series
        )
        of_all = summed(slots, width_s=1, over_servers=True, over_activities=True)
        with transaction.atomic():
            for each in (slots, of_all):
                blocks = encode_blocks(each, start_s=start_s, width_s=resolution.width_s)
                write_blocks(blocks, width_s=resolution.width_s, start_s=start_s, shard=0)

    def _slots(self, width_s: int, starts: Iterable[int], series: int) -> SlotTable:
        """Who is busy in these buckets, and for how much of them."""
        start_s = np.array(list(starts), np.int64)
        since = (start_s[:, None] % DAY_S - self._begins[None, :series]) % DAY_S
        # Busy from its begin on, which may lie within the bucket.
        busy_s = np.clip(self.busy_s - since, 0, width_s) + np.clip(since + width_s - DAY_S, 0, width_s)
        slot, who = np.nonzero(busy_s)
        runs = np.minimum(busy_s[slot, who], width_s).astype(np.int64)
        failed = self._dice.binomial(runs, 0.01)
        statuses = np.stack([runs, runs - failed, failed, np.zeros_like(runs)], axis=1)
        return SlotTable(
            start_s[slot],
            who + 1,
            np.ones_like(who),
            statuses,
            np.zeros(len(who)),
            self._histograms(len(who), width_s),
            HistogramTable.of([]),
        )

    def _histograms(self, rows: int, width_s: int) -> HistogramTable:
        drawn = [
            np.unique(self._dice.normal(0, _SPREAD, width_s).round(), return_counts=True) for _ in range(_TEMPLATES)
        ]
        which = self._dice.integers(0, _TEMPLATES, rows)
        middle: Column = self._dice.integers(50, 150, rows)
        sizes = np.array([len(buckets) for buckets, _ in drawn])[which]
        if not rows:
            return HistogramTable.of([])
        buckets = np.concatenate([drawn[each][0] for each in which.tolist()]).astype(np.int64)
        counts = np.concatenate([drawn[each][1] for each in which.tolist()]).astype(np.int64)
        cell = np.repeat(np.arange(rows), sizes)
        return HistogramTable(cell, buckets + middle[cell], counts)

    def _bytes(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA page_count")
            pages = cursor.fetchone()[0]
            cursor.execute("PRAGMA page_size")
            return int(pages * cursor.fetchone()[0])
