"""
Adds batches to history: claims and counts in one transaction, so that either both are there or neither.
docs/delivery.md has the protocol and why it is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from collector.lib.failpoint import failpoint
from collector.models.batch import BatchEnvelope
from collector.models.file_record import FileRecord
from visualizer.core.incoming import Incoming
from visualizer.core.roll_up import Counts, SlotKey, Sums, by_width, roll_up, totals
from visualizer.repo.activities import Activities
from visualizer.repo.buckets import FINE_S, add_buckets, add_totals, lock_shard
from visualizer.repo.failures import add_failures
from visualizer.repo.sources import Mark, Sources, add_dead_letter, add_fates, add_lost

#: Widths of the buckets in SQL, seconds; the first is kept for FINE_S only.
WIDTHS_S = (1, 10)


@dataclass(frozen=True, slots=True)
class Counted:
    """What a transaction added."""

    #: Runs by second, activity and server: what the live window adds, too.
    slots: Mapping[SlotKey, Counts]
    #: Batches that do not begin at their source's mark, and the mark: a gap, to be read again from there.
    gaps: Sequence[tuple[BatchEnvelope, Mark]] = field(default=())


class HistoryWriter:
    """Writes one shard's history."""

    def __init__(self, shard: int, *, retention_s: float, claims: bool = True) -> None:
        """Args: claims: False is the tests' negative control: repeats are counted, too."""
        self._shard = shard
        self._retention_s = retention_s
        self.sources = Sources(shard, claims=claims)
        self.activities = Activities()

    def forget(self) -> None:
        """Believe nothing about rows any more."""
        self.sources.forget()
        self.activities.forget()

    def count(self, incoming: Sequence[Incoming], *, now_s: float) -> Counted:
        """
        Add what is new of these batches. One that could not be decoded is counted as dropped and kept.

        Raises:
            django.db.DatabaseError: nothing was added.
        """
        sums = Sums()
        off_the_mark: list[BatchEnvelope] = []
        with transaction.atomic():
            lock_shard(self._shard)
            for message in incoming:
                if message.envelope is None:
                    continue  # it says of nothing what it is; its bytes will be missed, and read again
                source_id = self.sources.claim(message.envelope, now_s=now_s)
                if source_id is None:
                    off_the_mark.append(message.envelope)
                elif message.batch is None:
                    self._drop(source_id, message.envelope, message, sums, now_s)
                else:
                    roll_up(
                        message.batch,
                        sums,
                        source_id=source_id,
                        activity_ids=self.activities.activity_ids(message.batch.keys, now_s=now_s),
                        server_ids=self.activities.server_ids(message.batch.servers),
                        now_s=now_s,
                        retention_s=self._retention_s,
                    )
            # After all claims: the mark to go back to is the one that will be committed.
            gaps = [(envelope, mark) for envelope in off_the_mark if (mark := self._gap(envelope))]
            self._write(sums, now_s)
            failpoint("before_commit")
        return Counted(sums.slots, gaps)

    def add_files(
        self, records: Iterable[FileRecord], lost: Mapping[tuple[str, int, str], int], *, now_s: float
    ) -> None:
        """Make rows for files that collectors found, and remember what they found lost."""
        with transaction.atomic():
            lock_shard(self._shard)
            self.sources.add_records(records, now_s=now_s)
            add_lost(lost)

    def _drop(self, source_id: int, envelope: BatchEnvelope, message: Incoming, sums: Sums, now_s: float) -> None:
        size_bytes = envelope.end - envelope.start
        sums.add_fate(source_id, "dropped", "dead_letter", lines=envelope.lines, size_bytes=size_bytes)
        add_dead_letter(source_id, envelope, payload=message.payload, error=message.error, now_s=now_s)

    def _gap(self, envelope: BatchEnvelope) -> Mark | None:
        mark = self.sources.mark(envelope.file_id, envelope.generation)
        return mark if envelope.end > mark.high_water else None  # else a repeat

    def _write(self, sums: Sums, now_s: float) -> None:
        for width_s in WIDTHS_S:
            from_s = now_s - FINE_S if width_s == 1 else float("-inf")
            add_buckets(by_width(sums.slots, width_s=width_s, from_s=from_s), width_s=width_s, shard=self._shard)
        add_totals(totals(sums.slots), shard=self._shard)
        add_fates(sums.fates)
        if sums.failures:
            add_failures(sums.failures)
