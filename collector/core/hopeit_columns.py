"""
A window of hopeit lines, counted by column: all lines that are just like known ones, in one go. Every other line is
left to be read by itself, and so are the few of which more is kept than their count.
"""

from __future__ import annotations

import numpy as np

from collector.core.batch_builder import MAX_FAILURES, BatchBuilder
from collector.core.caller_columns import UNKNOWN_CALLER, count_calls, find_callers
from collector.core.cell_columns import CellColumns
from collector.core.hopeit_head import TIMESTAMP_BYTES
from collector.core.hopeit_route_table import RouteTable
from collector.core.hopeit_runs import Runs, find_runs
from collector.core.hopeit_seconds import read_seconds
from collector.core.line_index import LineIndex, Mask, rows_of, word_of
from collector.core.run_counts import RunCounts
from collector.core.sample_columns import sample_hashes
from collector.models.log_span import MAX_LINE_BYTES
from collector.models.packed_column import Column

#: Of the failures in a window, so many are read whole: one of each key, server and second before a second of any.
MAX_WINDOW_FAILURES = 4
#: Of the runs in a window that are sampled, so many are read whole: those with the lowest hashes.
MAX_WINDOW_SAMPLES = 64
#: What begins a text that is no message: an execution's or STATS. Others may begin so, too: they are left.
_NO_MESSAGES = np.array([word_of(word) for word in (b"STAR", b"STAT", b"DONE", b"FAIL", b"IGNO")])
_FOUR_BYTES = np.uint64(0xFFFFFFFF)


def count_columns(
    index: LineIndex, table: RouteTable, batch: BatchBuilder, counts: RunCounts, *, sample_below: int
) -> tuple[Column, int, Runs]:
    """
    Add what the table knows to the batch, runs to its counts.

    Returns:
        The lines that are left to be read one by one, how many of them the table did not know, and the runs that were
        counted.
    """
    second, dated = read_seconds(index)
    lines = rows_of(dated & (index.sizes <= MAX_LINE_BYTES))
    left = np.ones(len(dated), np.bool_)
    runs = find_runs(index, table, lines)
    left[runs.line] = False
    messages, last_of_engine = _find_messages(index, table, lines[left[lines]])
    left[messages] = False
    stats = _find_stats(index, table, lines[left[lines]])
    left[stats] = False
    unknown = int(np.count_nonzero(left))

    kept = _kept_failures(table, runs, second[runs.line]) | _kept_samples(index, runs, sample_below)
    callers = find_callers(index, table, runs)
    strangers = callers == UNKNOWN_CALLER
    unknown += int(np.count_nonzero(strangers))
    kept |= strangers
    left[runs.line[kept]] = True
    left[last_of_engine] = True
    counted = runs.only(~kept)
    if len(counted.line):
        counts.add(table, counted, second=second, sizes=index.sizes)
        count_calls(table, batch, counted, second[counted.line], callers[~kept])
    for reason, found in (("message", messages[~left[messages]]), ("stats", stats)):
        if len(found):
            batch.skip(reason, int(index.sizes[found].sum()), lines=len(found))
    return rows_of(left), unknown, counted


def _find_messages(index: LineIndex, table: RouteTable, lines: Column) -> tuple[Column, Column]:
    """Lines that are messages; of those that tell the engine's version the last one, for it is to be read."""
    places = index.starts[lines] + TIMESTAMP_BYTES
    number = table.messages.find(index, places)
    known = rows_of(number >= 0)
    lines, number, places = lines[known], number[known], places[known]
    begins = index.words(places + table.messages.sizes[number]) & _FOUR_BYTES
    fits = (begins[:, None] != _NO_MESSAGES).all(axis=1)
    lines, number = lines[fits], number[fits]
    return lines, lines[table.tells_version[number]][-1:]


def _find_stats(index: LineIndex, table: RouteTable, lines: Column) -> Column:
    return lines[table.stats.find(index, index.starts[lines] + TIMESTAMP_BYTES) >= 0]


def _kept_failures(table: RouteTable, runs: Runs, second: Column) -> Mask:
    kept = np.zeros(len(runs.line), np.bool_)
    failed = rows_of(table.failed[runs.route])
    if len(failed):
        cells = CellColumns(second[failed], table.place[runs.route[failed]], len(table.place_key))
        rank = cells.rank()
        few = np.lexsort((failed, rank))[:MAX_WINDOW_FAILURES]
        kept[failed[few[rank[few] < MAX_FAILURES]]] = True
    return kept


def _kept_samples(index: LineIndex, runs: Runs, sample_below: int) -> Mask:
    if not sample_below:
        return np.zeros(len(runs.line), np.bool_)
    hashes, plain = sample_hashes(index, runs.track)
    sampled = rows_of(plain & (hashes < sample_below))
    if len(sampled) > MAX_WINDOW_SAMPLES:
        sampled = sampled[np.argsort(hashes[sampled], kind="stable")[:MAX_WINDOW_SAMPLES]]
    # Where ids are not as usual, only reading a line tells whether it is sampled.
    kept = ~plain
    kept[sampled] = True
    return kept
