"""Which of many starts and ends of runs have no other half. As with brackets, an end closes the last start."""

from __future__ import annotations

import numpy as np

from collector.core.line_index import Mask, Words, rows_of
from collector.models.packed_column import Column

#: Bits of a run's name that give way to the number of its row.
_ROW_BITS = 16
_ROWS = np.uint64(2**_ROW_BITS - 1)


def find_unpaired(runs: Words, is_start: Mask) -> Column:
    """
    Args:
        runs: what tells each row's run apart, in the order of the lines.
        is_start: whether a row begins its run; else it ends it.

    Returns:
        Rows of ends without a start before them and of starts without an end behind them, in order. Taken together in
        this order, those of several pieces leave what the whole would.
    """
    # Where one runs at a time, its end is the next line; and nearly all runs begin once and end once.
    lone = rows_of(_not_paired(runs, is_start))
    rows = lone[_by_run(runs[lone])]
    names, opens = runs[rows], is_start[rows]
    few = rows_of(_not_paired(names, opens))
    return np.sort(rows[few[_unpaired(names[few], opens[few])]])


def _not_paired(names: Words, opens: Mask) -> Mask:
    """Which rows are no start before its end, and no end behind its start."""
    pairs = (names[:-1] == names[1:]) & (opens[:-1] > opens[1:])
    left = np.ones(len(names), np.bool_)
    left[:-1] = ~pairs
    left[1:] &= ~pairs
    return left


def _by_run(runs: Words) -> Column:
    """The rows by run, those of one run in their order."""
    if len(runs) <= _ROWS:
        # To sort numbers takes a quarter of what sorting rows by them does.
        packed = np.sort((runs & ~_ROWS) | np.arange(len(runs), dtype=np.uint64))
        rows = (packed & _ROWS).view(np.int64)
        same, names = (packed[:-1] ^ packed[1:]) <= _ROWS, runs[rows]
        if np.array_equal(same, names[:-1] == names[1:]):
            return rows
    return np.argsort(runs, kind="stable")


def _unpaired(runs: Words, opens: Mask) -> Mask:
    """The same for rows that are sorted by run."""
    if not len(runs):
        return opens
    group = np.cumsum(np.append(False, runs[1:] != runs[:-1]))
    # How deep each run is in, behind each of its rows; and each group far above, or far below, those before it.
    depth = np.cumsum(np.where(opens, 1, -1))
    depth -= np.append(0, depth[:-1])[np.searchsorted(group, np.arange(group[-1] + 1))][group]
    apart = group * (2 * len(runs) + 2)
    above, below = depth + apart, depth - apart
    lowest_behind = np.append(np.minimum.accumulate(above[::-1])[::-1][1:], above[-1])
    lowest_before = np.minimum(np.append(0, np.minimum.accumulate(below)[:-1]), -apart)
    unpaired: Mask = np.where(opens, above <= lowest_behind, below < lowest_before)
    return unpaired
