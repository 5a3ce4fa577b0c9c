"""
Tells whether a batch can be counted. It is checked whole before anything of it is added, so that a damaged one leaves
no half of itself behind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain
from math import isfinite

import numpy as np
from msgspec.structs import astuple

from collector.lib.log_buckets import LARGEST_INDEX, SMALLEST_INDEX
from collector.models.batch import KeptEntry, LogBatch, NewLine
from collector.models.count_table import CountTable, HistogramTable
from collector.models.open_run import OpenedRun, OtherRuns
from collector.models.packed_column import Column
from visualizer.models.errors import DamagedBatch

#: A reason is a word of ours (SKIP_REASONS) or of another format's; it becomes a label and a column.
_REASON = re.compile(r"[a-z][a-z0-9_]{0,23}")

#: Collectors cut names at less than half of it.
_NAME_CHARS = 512
#: What a collector keeps whole of a batch is far less.
_MOST_KEPT = 100_000


def check_batch(batch: LogBatch, *, size_bytes: int) -> None:
    """
    Refuse a batch that cannot be counted.

    Raises:
        DamagedBatch: an index points nowhere, a number is negative or has no end, a name is longer than any collector
            makes it, or the bytes do not add up to `size_bytes`.
    """
    if max(map(len, chain.from_iterable(map(astuple, (*batch.keys, *batch.servers)))), default=0) > _NAME_CHARS:
        raise DamagedBatch(f"a name has more than {_NAME_CHARS} characters")
    counts, keys, servers = batch.counts, len(batch.keys), len(batch.servers)
    for column, end in ((counts.key, keys), (counts.server, servers), (counts.status, 4)):
        if not _within(column, 0, end - 1):
            raise DamagedBatch("a count points outside the batch's tables")
    # Each on its own first: sums of what is far too large would wrap around.
    if not (_within(counts.size_bytes, 1, size_bytes) and _within(counts.count, 1, size_bytes)):
        raise DamagedBatch("a count has no lines, or more than its batch has bytes")
    if len(counts) > size_bytes or not (counts.count <= counts.size_bytes).all():
        raise DamagedBatch("a count says more lines than it has bytes")
    if len(counts) * size_bytes >= 2**63 and sum(counts.size_bytes.tolist()) > size_bytes:
        raise DamagedBatch(f"expected counts for {size_bytes} bytes, there are more")
    for histogram in (counts.durations, counts.stream_ages):
        _check_histogram(histogram, counts)
    total = counts.total_bytes
    for reason, skipped in batch.skipped.items():
        if not _REASON.fullmatch(reason) or not 0 <= skipped.lines <= skipped.size_bytes:
            raise DamagedBatch("lines were skipped for no proper reason, or a negative number of them")
        total += skipped.size_bytes
    if total != size_bytes:
        raise DamagedBatch(f"expected counts for {size_bytes} bytes, they add up to {total}")
    _check_kept(batch)
    _check_open(batch)


def _check_kept(batch: LogBatch) -> None:
    keys, servers, most = len(batch.keys), len(batch.servers), batch.size_bytes
    kept: tuple[KeptEntry | NewLine, ...] = (*batch.failures, *batch.samples, *batch.newest)
    if len(kept) + len(batch.calls) > _MOST_KEPT:
        raise DamagedBatch(f"expected at most {_MOST_KEPT} entries and calls kept whole, came {len(kept)}")
    if not (
        _between([entry.key for entry in kept], 0, keys - 1)
        and _between([entry.server for entry in kept], 0, servers - 1)
    ):
        raise DamagedBatch("a kept entry points outside the batch's tables")
    if not _between([entry.status for entry in (*batch.failures, *batch.samples)], 0, 3):
        raise DamagedBatch("a kept entry has no known status")
    if any(
        not (0 <= c.caller < keys and 0 <= c.callee < keys and 0 <= c.failed <= c.count <= most) for c in batch.calls
    ):
        raise DamagedBatch("a call points outside the batch's tables, or there are more than can be")


def _check_open(batch: LogBatch) -> None:
    keys, servers, most = len(batch.keys), len(batch.servers), batch.size_bytes
    told: tuple[OpenedRun | OtherRuns, ...] = (*batch.opened, *batch.other_runs)
    if not (_between([each.key for each in told], 0, keys - 1) and _between([e.server for e in told], 0, servers - 1)):
        raise DamagedBatch("an open run points outside the batch's tables")
    if not all(isfinite(run.timestamp_s) and 0 <= run.run < 2**64 for run in batch.opened):
        raise DamagedBatch("an open run has no proper time or hash")
    if max((len(text) for run in batch.opened for text in (run.operation_id, run.request_id)), default=0) > _NAME_CHARS:
        raise DamagedBatch(f"an id of an open run has more than {_NAME_CHARS} characters")
    for other in batch.other_runs:
        if not (_between(other.closed, 0, 2**64 - 1) and min(other.more_closed, other.more_opened) >= 0):
            raise DamagedBatch("a closed run has no proper hash, or a negative number of runs were left out")
    lines = sum(len(other.closed) + other.more_closed + other.more_opened for other in batch.other_runs)
    if lines + len(batch.opened) > most:
        raise DamagedBatch("more runs were opened and closed than the batch has bytes")


def _check_histogram(histogram: HistogramTable, counts: CountTable) -> None:
    if not len(histogram):
        return
    # No more than the largest count first: sums of what is far too large would wrap around.
    fits = _within(histogram.bucket, SMALLEST_INDEX, LARGEST_INDEX) and _within(histogram.count, 1, counts.lines)
    if not fits or (np.bincount(histogram.cell, histogram.count, len(counts)) > counts.count).any():
        raise DamagedBatch("a histogram counts more than its lines, or lies outside its range")


def _between(numbers: Sequence[int], least: int, most: int) -> bool:
    return not numbers or (least <= min(numbers) and max(numbers) <= most)


def _within(column: Column, least: int, most: int) -> bool:
    return not len(column) or bool(least <= column.min() and column.max() <= most)
