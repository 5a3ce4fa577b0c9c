"""Who called, for many runs at once: what collector/core/hopeit_callers.py says of each."""

from __future__ import annotations

import numpy as np

from collector.core.batch_builder import BatchBuilder
from collector.core.cell_columns import CellColumns
from collector.core.hopeit_callers import CALLER_MARK, caller_text, is_call
from collector.core.hopeit_extras import TRACK
from collector.core.hopeit_route_table import RouteTable
from collector.core.hopeit_runs import Runs
from collector.core.id_layout import ID, IdLayout
from collector.core.line_index import WORD_BYTES, LineIndex, Mask, rows_of, word_of
from collector.models.packed_column import Column

#: Nobody.
NO_CALLER = -1
#: Somebody whom only reading the line tells.
UNKNOWN_CALLER = -2

_TEXT = b"operation_id=" + ID + TRACK
_LAYOUT = IdLayout(_TEXT)
_ID_END = len(_TEXT) - len(TRACK)
_SEPARATOR = word_of(TRACK[:WORD_BYTES])
_BEGINS = word_of(CALLER_MARK.removeprefix(TRACK)[:WORD_BYTES])


def find_callers(index: LineIndex, table: RouteTable, runs: Runs) -> Column:
    """
    The number of each run's caller in the table, NO_CALLER, or UNKNOWN_CALLER. Who sends an operation id of 36
    characters with separators in it is not looked for.
    """
    callers = np.full(len(runs.line), NO_CALLER)
    telling = rows_of(table.takes_calls[runs.route])
    if not len(telling):
        return callers
    track = runs.track[telling]
    # Two words tell of most lines that nobody called; the rest is looked at more closely.
    behind_id = index.words(track + _ID_END) == _SEPARATOR
    called = rows_of(behind_id & (index.words(track + len(_TEXT)) == _BEGINS))
    if len(called):
        found = table.callers.find(index, track[called] + len(_TEXT))
        found[~_LAYOUT.stands_at(index, track[called])] = NO_CALLER
        callers[telling[called]] = np.where(found < 0, UNKNOWN_CALLER, found)
    for row in rows_of(~behind_id).tolist():
        place = int(track[row]) - len(TRACK)
        if caller_text(index.text(place, int(index.ends[runs.line[telling[row]]]) - place)):
            callers[telling[row]] = UNKNOWN_CALLER
    return callers


def count_calls(table: RouteTable, batch: BatchBuilder, runs: Runs, second: Column, callers: Column) -> None:
    """
    Add the calls of those whose caller is known, and that they failed.

    Args:
        second: of each run.
        callers: of each run, as find_callers() tells them.
    """
    known: Mask = callers >= 0
    if not known.any():
        return
    routes, most = runs.route[known], len(table.caller_keys)
    pairs = table.place_key[table.place[routes]] * most + callers[known]
    cells = CellColumns(second[known], 2 * pairs + table.failed[routes], 2 * len(table.keys) * most)
    for at_s, place, count in zip(cells.second.tolist(), cells.place.tolist(), cells.count.tolist(), strict=True):
        pair, fails = divmod(place, 2)
        caller, callee = table.caller_keys[pair % most], table.keys[pair // most]
        if is_call(caller, callee):
            batch.call(at_s, caller, callee, failed=count if fails else 0, count=0 if fails else count)
