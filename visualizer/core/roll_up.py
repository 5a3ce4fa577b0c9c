"""Makes sums from checked batches: how often what ran, by second, activity and server. Pure; ids are the tables'."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite

import numpy as np
import numpy.typing as npt

from collector.models.batch import KeptEntry, LogBatch, NewLine
from collector.models.count_table import CountTable
from collector.models.packed_column import Column
from visualizer.core.slot_table import CellTable, Times
from visualizer.models.seen_hour import Pair

#: A line this far in the future has a broken clock; it is counted at the time it was read.
FUTURE_S = 300
#: Sampled entries are kept for this long.
SAMPLES_S = 86400
_Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ClaimedBatch:
    """A checked batch and the rows its tables stand for."""

    #: Id of its source.
    source_id: int
    #: What it says.
    batch: LogBatch
    #: Ids of batch.keys, in their order.
    activity_ids: Sequence[int]
    #: Ids of batch.servers, in their order.
    server_ids: Sequence[int]
    #: Who read it; "" where nobody said so.
    collector: str = ""


@dataclass(slots=True)
class CallSum:
    """Calls of one activity to another."""

    #: How many, and how many of them failed.
    count: int
    failed: int
    #: Unix second of the oldest and the newest.
    first_s: int
    last_s: int


@dataclass(slots=True)
class Sums:
    """What a tick adds to history."""

    #: Runs by second, activity, server and status.
    cells: CellTable
    #: (source id, fate, reason) → [lines, bytes].
    fates: dict[tuple[int, str, str], list[int]] = field(default_factory=dict)
    #: (activity id, server id, entry) of failed runs.
    failures: list[tuple[int, int, KeptEntry]] = field(default_factory=list)
    #: (activity id, server id, entry) of sampled operations.
    samples: list[tuple[int, int, KeptEntry]] = field(default_factory=list)
    #: (activity id of the caller, of the callee) → calls.
    calls: dict[tuple[int, int], CallSum] = field(default_factory=dict)
    #: When calls were seen: the same ids, and the second.
    call_seconds: set[tuple[Pair, int]] = field(default_factory=set)
    #: (activity id, server id, line), some of the newest.
    newest: list[tuple[int, int, NewLine]] = field(default_factory=list)

    def add_fate(self, source_id: int, fate: str, reason: str, *, lines: int, size_bytes: int) -> None:
        """Say what became of lines of a source; nothing is written for none."""
        if lines or size_bytes:
            sums = self.fates.setdefault((source_id, fate, reason), [0, 0])
            sums[0] += lines
            sums[1] += size_bytes


def roll_up(claimed: Sequence[ClaimedBatch], *, now_s: float, retention_s: float) -> Sums:
    """
    Add up checked batches.

    Args:
        now_s: decides what is too old to be kept and what lies in the future.
    """
    oldest, newest = now_s - retention_s, now_s + FUTURE_S
    tables = [each.batch.counts for each in claimed]
    counts = CountTable.joined(tables) if tables else CountTable.of([])
    of = np.repeat(np.arange(len(tables)), [len(table) for table in tables])
    received_s = _received(claimed, oldest, newest, now_s)[of]
    is_skewed = counts.second > newest
    second = np.where(is_skewed, received_s.astype(np.int64), counts.second)
    is_kept = is_skewed | (second >= oldest)
    cells = CellTable(
        second,
        _ids(counts.key, of, [each.activity_ids for each in claimed]),
        _ids(counts.server, of, [each.server_ids for each in claimed]),
        counts.status,
        counts.count,
        # Finer than a second where the line was read within its own: two runs in one second are two pulses.
        np.minimum(received_s, second + 1),
        counts.durations,
        counts.stream_ages,
    )
    sums = Sums(cells.where(is_kept))
    _add_fates(sums, claimed, counts, is_kept=is_kept, is_skewed=is_skewed)
    for each in claimed:
        for kept, entries, from_s in (
            (sums.failures, each.batch.failures, oldest),
            (sums.samples, each.batch.samples, max(oldest, now_s - SAMPLES_S)),
        ):
            kept += (
                (each.activity_ids[entry.key], each.server_ids[entry.server], entry)
                for entry in entries
                if isfinite(entry.timestamp_s) and entry.timestamp_s >= from_s
            )
        sums.newest += ((each.activity_ids[new.key], each.server_ids[new.server], new) for new in each.batch.newest)
        _add_calls(sums, each, oldest=oldest, newest=newest, now_s=now_s)
    return sums


def _add_calls(kept: Sums, claimed: ClaimedBatch, *, oldest: float, newest: float, now_s: float) -> None:
    ids = claimed.activity_ids
    for call in claimed.batch.calls:
        second = call.second if call.second <= newest else int(now_s)
        if second >= oldest:
            sums = kept.calls.setdefault((ids[call.caller], ids[call.callee]), CallSum(0, 0, second, second))
            sums.count += call.count
            sums.failed += call.failed
            sums.first_s, sums.last_s = min(sums.first_s, second), max(sums.last_s, second)
            if call.count:
                kept.call_seconds.add((Pair(ids[call.callee], ids[call.caller]), second))


def _received(claimed: Sequence[ClaimedBatch], oldest: float, newest: float, now_s: float) -> Times:
    """When each batch was read; now, where it says what cannot be."""
    times = (each.batch.received_s for each in claimed)
    return np.array([at_s if oldest < at_s <= newest else now_s for at_s in times], np.float64)


def _ids(local: Column, of: Column, ids: Sequence[Sequence[int]]) -> Column:
    """Ids of the tables for places in the tables of many batches; `of` says which batch a row is of."""
    starts = np.cumsum([0, *map(len, ids)])
    joined: Column = np.fromiter((each for part in ids for each in part), np.int64, int(starts[-1]))
    found: Column = joined[local + starts[of]]
    return found


def _add_fates(
    sums: Sums, claimed: Sequence[ClaimedBatch], counts: CountTable, *, is_kept: _Mask, is_skewed: _Mask
) -> None:
    ends = np.cumsum([0, *(len(each.batch.counts) for each in claimed)])
    for fate, reason, chosen in (
        ("parsed", "", is_kept),
        ("skipped", "too_old", ~is_kept),
        ("skewed", "", is_skewed),
    ):
        if chosen.any():
            lines, sizes = _by_batch(counts.count, chosen, ends), _by_batch(counts.size_bytes, chosen, ends)
            for each, n, size_bytes in zip(claimed, lines, sizes, strict=True):
                sums.add_fate(each.source_id, fate, reason, lines=n, size_bytes=size_bytes)
    for each in claimed:
        for reason, skipped in each.batch.skipped.items():
            sums.add_fate(each.source_id, "skipped", reason, lines=skipped.lines, size_bytes=skipped.size_bytes)


def _by_batch(column: Column, chosen: _Mask, ends: Column) -> list[int]:
    """Sums of the chosen rows of each batch."""
    running = np.concatenate(([0], np.cumsum(np.where(chosen, column, 0))))
    sums: list[int] = np.diff(running[ends]).tolist()
    return sums
