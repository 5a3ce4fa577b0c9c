"""Which of many hopeit lines are runs of known routes, and what they measured."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from collector.core.decimal_columns import read_decimals
from collector.core.hopeit_extras import REQUEST_ELAPSED, STREAM_AGE, TRACK
from collector.core.hopeit_head import SEPARATOR, TIMESTAMP_BYTES
from collector.core.hopeit_route_table import RouteTable
from collector.core.line_index import LineIndex, Mask, rows_of
from collector.core.run_identity import LAST
from collector.models.packed_column import Column

#: Instead of a time that a run does not have.
NO_TIME = -1
#: Metrics that may stand behind a duration, in the order in which the engine writes them.
_AGE, _ELAPSED = SEPARATOR + STREAM_AGE, SEPARATOR + REQUEST_ELAPSED


@dataclass(slots=True)
class Runs:
    """Runs by column."""

    #: Line of the window.
    line: Column
    #: Number in the RouteTable.
    route: Column
    #: Place of the first track id, behind " | track.".
    track: Column
    #: µs; NO_TIME where the line has none.
    duration_us: Column
    stream_age_us: Column

    def only(self, which: Mask) -> Runs:
        """Some of them."""
        rows = rows_of(which)
        return Runs(*(getattr(self, column.name).take(rows) for column in fields(self)))


def find_runs(index: LineIndex, table: RouteTable, lines: Column) -> Runs:
    """
    Those of the lines that are runs of a known route, from their first byte to their last. What is not just as the
    engine writes it is left out, whatever it may mean.

    Args:
        lines: which ones to look at; they have a time stamp.
    """
    route = table.runs.find(index, index.starts[lines] + TIMESTAMP_BYTES)
    known = rows_of(route >= 0)
    lines, route = lines[known], route[known]
    track = index.starts[lines] + TIMESTAMP_BYTES + table.runs.sizes[route]
    duration_us, stream_age_us = np.full((2, len(lines)), NO_TIME)
    fits = np.ones(len(lines), np.bool_)
    timed = rows_of(table.timed[route])
    if len(timed):
        duration_us[timed], stream_age_us[timed], track[timed], fits[timed] = _read_metrics(index, track[timed])
    end = table.end[route]
    end_places = index.ends[lines] - table.ends.sizes[end]
    # With all that tells a run apart: the next line's bytes are none of it.
    fits &= track + LAST <= end_places
    fits &= table.ends.are_at(index, end_places, end)
    runs = Runs(lines, route, track, duration_us, stream_age_us)
    return runs if fits.all() else runs.only(fits)


def _read_metrics(index: LineIndex, places: Column) -> tuple[Column, Column, Column, Mask]:
    duration_us, places, fits = read_decimals(index, places)
    stream_age_us = np.full(len(places), NO_TIME)
    tracked = index.holds(places, TRACK)
    more = rows_of(fits & ~tracked)
    if len(more):
        ages_us, behind, aged = _read_metric(index, places[more], _AGE)
        _, behind, elapsed = _read_metric(index, behind, _ELAPSED)
        stream_age_us[more], places[more] = ages_us, behind
        tracked[more] = aged & elapsed & index.holds(behind, TRACK)
    return duration_us, stream_age_us, places + len(TRACK), fits & tracked


def _read_metric(index: LineIndex, places: Column, name: bytes) -> tuple[Column, Column, Mask]:
    """Its value where it is there, the place behind it, and whether this is a number or nothing at all."""
    there = index.holds(places, name)
    value_us, behind, fits = read_decimals(index, places + len(name))
    return np.where(there, value_us, NO_TIME), np.where(there, behind, places), fits | ~there
