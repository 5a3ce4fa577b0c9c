"""
Adds batches to history: claims and counts in one transaction, so that either both are there or neither.
docs/delivery.md has the protocol and why it is exact.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from collector.lib.failpoint import failpoint
from collector.models.activity import Server
from collector.models.batch import BatchEnvelope, LogBatch, NewLine
from collector.models.file_record import FileRecord
from collector.models.name_caps import NameCaps
from collector.models.resolution import DEFAULT_RESOLUTIONS, Resolution
from visualizer.core.feed_news import FeedNews
from visualizer.core.incoming import Incoming
from visualizer.core.open_runs import OpenRuns
from visualizer.core.roll_up import ClaimedBatch, Sums, roll_up
from visualizer.core.sampling_threshold import bounded
from visualizer.core.seen_hours import SeenSlots
from visualizer.core.seen_processes import ROOM_S, SeenProcesses
from visualizer.core.slot_table import CellTable, SlotTable, slots_of, totals_of
from visualizer.models.seen_hour import SLOT_S
from visualizer.models.seen_process import ProcessSight
from visualizer.repo.activities import Activities
from visualizer.repo.buckets import add_buckets, add_totals, lock_shard
from visualizer.repo.calls import add_calls, read_call_pairs
from visualizer.repo.failures import add_failures
from visualizer.repo.feeds import add_feeds
from visualizer.repo.open_runs import read_open_runs, write_open_runs
from visualizer.repo.passed_limits import add_passed_limits
from visualizer.repo.processes import add_processes, read_places
from visualizer.repo.samples import add_samples
from visualizer.repo.seen_hours import add_seen_hours
from visualizer.repo.sources import Mark, Sources, add_dead_letter, add_fates, add_lost
from visualizer.repo.stale_buckets import mark_stale
from visualizer.repo.tracked_values import add_tracked

#: Width of the buckets that all wider ones are made of, seconds; those of 1 s are for what is new.
WIDE_S = SLOT_S
#: Caps that are passed are told so often.
LIMITS_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class Counted:
    """What a transaction added."""

    #: Runs by second, activity and server: what the live window adds, too.
    cells: CellTable
    #: The same runs by activity and server alone.
    totals: SlotTable
    #: Batches that do not begin at their source's mark, and the mark: a gap, to be read again from there.
    gaps: Sequence[tuple[BatchEnvelope, Mark]]
    #: Sampled entries that came, before any were left out.
    sampled: int
    #: (activity id, server, line), some of the newest.
    newest: Sequence[tuple[int, Server, NewLine]]


class HistoryWriter:
    """Writes one shard's history."""

    def __init__(
        self,
        shard: int,
        *,
        retention_s: float,
        caps: NameCaps,
        resolutions: Sequence[Resolution] = DEFAULT_RESOLUTIONS,
        claims: bool = True,
    ) -> None:
        """Args: claims: False is the tests' negative control: repeats are counted, too."""
        self._shard = shard
        self._retention_s = retention_s
        fine, _, coarse = resolutions[:3]
        self._fine_s, self._coarse_s = fine.keep_s, coarse.width_s
        self._limits_told_s = float("-inf")
        self.sources = Sources(shard, claims=claims)
        self.activities = Activities(caps)
        #: (id of the caller, of the callee) of every call that was ever seen.
        self.calls: set[tuple[int, int]] = set()
        #: Runs that began and did not end.
        self.open_runs = OpenRuns()
        self._slots = SeenSlots()
        self._processes = SeenProcesses(caps.processes)
        self._feeds = FeedNews()

    def forget(self) -> None:
        """Believe nothing about rows any more."""
        self.sources.forget()
        self.activities.load()
        self.calls = read_call_pairs()
        self.open_runs = OpenRuns()
        self.open_runs.take(read_open_runs(shard=self._shard))
        self._slots.forget()
        self._processes.forget(read_places(shard=self._shard, within_s=ROOM_S))
        self._feeds.forget()

    def count(self, incoming: Sequence[Incoming], *, now_s: float) -> Counted:
        """
        Add what is new of these batches. One that could not be decoded is counted as dropped and kept.

        Raises:
            django.db.DatabaseError: nothing was added.
        """
        self.activities.find_room(now_s=now_s)
        known = [(message, message.envelope) for message in incoming if message.envelope is not None]
        with transaction.atomic():
            lock_shard(self._shard)
            claims = self.sources.claim([envelope for _, envelope in known], now_s=now_s)
            claimed: list[ClaimedBatch] = []
            damaged: list[tuple[int, Incoming, BatchEnvelope]] = []
            for (message, envelope), source_id in zip(known, claims.source_ids, strict=True):
                if source_id is not None and message.batch is not None:
                    claimed.append(self._with_ids(source_id, message.batch, envelope.collector, now_s))
                elif source_id is not None:
                    damaged.append((source_id, message, envelope))
            sums = roll_up(claimed, now_s=now_s, retention_s=self._retention_s)
            for source_id, message, envelope in damaged:
                _drop(source_id, message, envelope, sums, now_s)
            wide = slots_of(sums.cells, width_s=WIDE_S)
            seen = self._slots.news(wide, sums.call_seconds)
            add_seen_hours(seen, shard=self._shard)
            processes = self._seen_processes(sums, wide, now_s)
            add_processes(processes, shard=self._shard)
            feeds = self._feeds.of(claimed, now_s=now_s)
            add_feeds(feeds, shard=self._shard)
            totals = self._write(sums, wide, now_s)
            open_runs = self.open_runs.after(claimed, now_s=now_s)
            write_open_runs(open_runs, shard=self._shard)
            failpoint("before_commit")
        self._slots.note(seen)
        self._processes.note(processes)
        self._feeds.note(feeds)
        self.open_runs.take(open_runs)
        self.calls.update(sums.calls)
        newest = [(activity_id, self.activities.servers[server], line) for activity_id, server, line in sums.newest]
        return Counted(sums.cells, totals, claims.gaps, len(sums.samples), newest)

    def add_files(
        self, records: Iterable[FileRecord], lost: Mapping[tuple[str, int, str], int], *, now_s: float
    ) -> None:
        """Make rows for files that collectors found, and remember what they found lost."""
        with transaction.atomic():
            lock_shard(self._shard)
            self.sources.add_records(records, now_s=now_s)
            add_lost(lost)

    def end_open_runs(self, gone: Collection[tuple[str, int]], *, now_s: float) -> None:
        """Let go of runs that will never end, as their process is gone, (app key, server id) each, or too long ago."""
        places = {place for _, place, _ in self.open_runs if (self.activities.keys[place[0]].app, place[1]) in gone}
        changed = self.open_runs.without(places, now_s=now_s)
        if changed:
            with transaction.atomic():
                lock_shard(self._shard)
                write_open_runs(changed, shard=self._shard)
            self.open_runs.take(changed)

    def _seen_processes(self, sums: Sums, wide: SlotTable, now_s: float) -> list[ProcessSight]:
        keys, servers = self.activities.keys, self.activities.servers
        sights, beyond = self._processes.news(wide, sums.cells, keys=keys, servers=servers, now_s=now_s)
        for app, server in beyond:
            self.activities.names.pass_process(app, servers[server], now_s=now_s)
        return sights

    def _with_ids(self, source_id: int, batch: LogBatch, collector: str, now_s: float) -> ClaimedBatch:
        return ClaimedBatch(
            source_id,
            batch,
            self.activities.activity_ids(batch.keys, now_s=now_s),
            self.activities.server_ids(batch.servers, now_s=now_s),
            collector,
        )

    def _write(self, sums: Sums, wide: SlotTable, now_s: float) -> SlotTable:
        add_buckets(wide, width_s=WIDE_S, shard=self._shard)
        mark_stale(set(wide.start_s.tolist()), width_s=self._coarse_s, shard=self._shard)
        fine = sums.cells.where(sums.cells.second >= now_s - self._fine_s)
        if len(fine):
            add_buckets(slots_of(fine, width_s=1), width_s=1, shard=self._shard)
        totals = totals_of(wide)
        add_totals(totals, shard=self._shard)
        add_fates(sums.fates)
        if sums.failures:
            add_failures(sums.failures)
        samples = bounded(sums.samples)
        add_samples(samples)
        add_tracked(entry for _, _, entry in (*sums.failures, *samples))
        add_calls(sums.calls, shard=self._shard)
        if not 0 <= now_s - self._limits_told_s < LIMITS_EVERY_S:
            self._limits_told_s = now_s
            add_passed_limits(self.activities.names.passed(), shard=self._shard)
        return totals


def _drop(source_id: int, message: Incoming, envelope: BatchEnvelope, sums: Sums, now_s: float) -> None:
    size_bytes = envelope.end - envelope.start
    sums.add_fate(source_id, "dropped", "dead_letter", lines=envelope.lines, size_bytes=size_bytes)
    add_dead_letter(source_id, envelope, payload=message.payload, error=message.error, now_s=now_s)
