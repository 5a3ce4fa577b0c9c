"""Adds lines up to a LogBatch, whatever format they came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec
import numpy as np

from collector.core.summed_counts import sum_counts
from collector.lib.log_buckets import bucket_index
from collector.models.activity import ActivityKey, Server
from collector.models.batch import CallCount, KeptEntry, LogBatch, NewLine, Skipped
from collector.models.count_table import ActivityCount, CountTable
from collector.models.open_run import OpenedRun, OtherRuns

#: Failures kept whole for each key, server and second: enough to see whether they are alike.
MAX_FAILURES = 10
#: Characters of everything kept whole in one batch: with its counts it stays below a payload's 256 KiB. Beyond, lines
#: are still counted; they are only not kept whole.
MAX_KEPT_CHARS = 128 * 1024
#: What an entry takes beside its texts.
KEPT_ENTRY_CHARS = 40
#: What each hash of a tracked header takes.
_TRACKED_CHARS = 9
_NO_COUNTS = CountTable.of([])
#: No traceback goes beyond this, so that causes have room.
MAX_TRACEBACK_CHARS = 64 * 1024


class Route(msgspec.Struct, frozen=True, eq=False):
    """Where an execution is counted. The same object stands for the same route: it is looked up by identity."""

    #: What ran.
    key: ActivityKey
    #: On which process.
    server: Server
    #: A Status, as a plain number: hashing an enum costs as much as the rest of counting a line.
    status: int


def oversize_batch(size_bytes: int, *, received_s: float) -> LogBatch:
    """
    The batch of one line too long to be read, from its size alone: nobody has to hold it in memory.

    Args:
        size_bytes: with its newline.
    """
    skipped = {"oversize": Skipped(1, size_bytes)}
    return LogBatch(received_s=received_s, keys=[], servers=[], counts=CountTable.of([]), skipped=skipped)


class BatchBuilder:
    """One batch in the making."""

    def __init__(self, received_s: float) -> None:
        self._batch = LogBatch(received_s, [], [], _NO_COUNTS, {})
        self._key_index: dict[ActivityKey, int] = {}
        self._server_index: dict[Server, int] = {}
        self._places: dict[Route, tuple[int, int]] = {}
        self._counts: dict[tuple[int, int, int, int], ActivityCount] = {}
        self._tables: list[CountTable] = []
        self._calls: dict[tuple[int, int, int], CallCount] = {}
        self._kept_chars = 0

    def count(self, second: int, route: Route) -> ActivityCount:
        """The count, still to be added to, of this route in this second."""
        key, server = self._places.get(route) or self._place(route)
        place = (second, key, server, route.status)
        count = self._counts.get(place)
        if count is None:
            count = self._counts[place] = ActivityCount(second, key, server, route.status, 0, 0)
        return count

    def add(self, table: CountTable, keys: Sequence[ActivityKey], servers: Sequence[Server]) -> None:
        """
        Add cells that are counted already.

        Args:
            keys: what the table's keys count: its own, of which it may use a few.
            servers: the same for its servers.
        """
        key_places, server_places = np.zeros(len(keys), np.int64), np.zeros(len(servers), np.int64)
        key_places[table.key] = server_places[table.server] = 1
        for number in np.flatnonzero(key_places).tolist():
            key_places[number] = self.key_index(keys[number])
        for number in np.flatnonzero(server_places).tolist():
            server_places[number] = self.server_index(servers[number])
        self._tables.append(replace(table, key=key_places[table.key], server=server_places[table.server]))

    def skip(self, reason: str, size_bytes: int, *, lines: int = 1) -> None:
        """Count lines that are no entries."""
        skipped = self._batch.skipped.get(reason)
        if skipped is None:
            skipped = self._batch.skipped[reason] = Skipped(0, 0)
        skipped.lines += lines
        skipped.size_bytes += size_bytes

    def keep(self, failure: KeptEntry) -> None:
        """Keep a failure whole, while the batch has room for it."""
        if self._kept_chars + len(failure.traceback) > MAX_TRACEBACK_CHARS:
            failure.traceback = ""
        texts = (failure.request_id, failure.operation_id, failure.message_id, failure.cause, failure.traceback)
        self._kept_chars += KEPT_ENTRY_CHARS + sum(map(len, texts)) + _TRACKED_CHARS * len(failure.tracked)
        if self._kept_chars <= MAX_KEPT_CHARS:
            self._batch.failures.append(failure)

    def sample(self, entry: KeptEntry) -> None:
        """Keep an entry of a sampled operation, while the batch has room for it."""
        self._kept_chars += KEPT_ENTRY_CHARS + len(entry.request_id) + len(entry.operation_id) + len(entry.message_id)
        self._kept_chars += _TRACKED_CHARS * len(entry.tracked)
        if self._kept_chars <= MAX_KEPT_CHARS:
            self._batch.samples.append(entry)

    def call(
        self, second: int, caller: ActivityKey, callee: ActivityKey, *, failed: bool | int, count: int = 1
    ) -> None:
        """Count calls from one activity to another."""
        place = (second, self.key_index(caller), self.key_index(callee))
        call = self._calls.get(place)
        if call is None:
            call = self._calls[place] = CallCount(*place, 0)
        call.count += count
        call.failed += failed

    def newest(self, line: NewLine) -> None:
        """Keep one of the newest lines, while the batch has room for it."""
        self._kept_chars += KEPT_ENTRY_CHARS + len(line.text)
        if self._kept_chars <= MAX_KEPT_CHARS:
            self._batch.newest.append(line)

    def opened(self, run: OpenedRun) -> None:
        """Tell a run that the lines open and do not close."""
        self._batch.opened.append(run)

    def other_runs(self, runs: OtherRuns) -> None:
        """Tell what else they open, and what they close."""
        self._batch.other_runs.append(runs)

    def key_index(self, key: ActivityKey) -> int:
        """Its place in the batch's keys."""
        return self._key_index.setdefault(key, len(self._key_index))

    def server_index(self, server: Server) -> int:
        """Its place in the batch's servers."""
        return self._server_index.setdefault(server, len(self._server_index))

    def build(self) -> LogBatch:
        """The batch; the builder is not to be used any more."""
        self._batch.keys.extend(self._key_index)
        self._batch.servers.extend(self._server_index)
        self._batch.counts = CountTable.lazily(self._counts.values())
        if self._tables:
            counts = CountTable.joined([self._batch.counts, *self._tables])
            # A few rows that come again beside a table cost less than looking for them.
            self._batch.counts = sum_counts(counts) if len(self._tables) > 1 else counts
        self._batch.calls = list(self._calls.values())
        return self._batch

    def _place(self, route: Route) -> tuple[int, int]:
        self._places[route] = place = self.key_index(route.key), self.server_index(route.server)
        return place


def measure(count: ActivityCount, duration_ms: float | None, stream_age_ms: float | None) -> None:
    """Add what one execution measured to its count."""
    if duration_ms is not None:
        bucket = bucket_index(duration_ms)
        count.durations[bucket] = count.durations.get(bucket, 0) + 1
    if stream_age_ms is not None:
        bucket = bucket_index(stream_age_ms)
        count.stream_ages[bucket] = count.stream_ages.get(bucket, 0) + 1
