"""Runs of a window that are counted by column, and those of its other lines, put together: what of them stays open."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from collector.core.hopeit_open_runs import LoneRun
from collector.core.hopeit_route_table import RouteTable
from collector.core.hopeit_runs import Runs
from collector.core.line_index import LineIndex
from collector.core.open_runs import OpenRuns, PlaceRuns
from collector.core.run_identity import FIRST, LAST, run_hash, run_hashes
from collector.core.unpaired_runs import find_unpaired
from collector.models.count_table import Column

_MASK = 2**64 - 1


class OpenColumns:
    """Of one chunk."""

    def __init__(self, open_runs: OpenRuns) -> None:
        self._open_runs = open_runs

    def settle(self, index: LineIndex, table: RouteTable, runs: Runs, lone: list[LoneRun], *, offset: int) -> None:
        """
        Add a window's runs.

        Args:
            runs: those counted by column.
            lone: those read by themselves, in order.
            offset: of the index's place 0 in the source.
        """
        # Where it counts tells a run apart, too.
        names = run_hashes(index, runs.track) + table.mark[runs.route]
        is_start = table.starts[runs.route]
        rows: Column | None = None
        if lone:
            at = np.searchsorted(index.starts[runs.line] + offset, [run.offset for run in lone])
            names = np.insert(names, at, np.array([_name(run) for run in lone], np.uint64))
            is_start = np.insert(is_start, at, [bool(run.line) for run in lone])
            rows = np.insert(np.arange(len(runs.line)), at, np.arange(-len(lone), 0))
        found = find_unpaired(names, is_start)
        unpaired = found if rows is None else rows[found]
        counted = self._counted(index, table, runs, unpaired[unpaired >= 0])
        for row in unpaired.tolist():
            place, identity, line = next(counted) if row >= 0 else lone[row][1:]
            if line:
                place.open(identity, line)
            else:
                place.close(identity)

    def _counted(
        self, index: LineIndex, table: RouteTable, runs: Runs, rows: Column
    ) -> Iterator[tuple[PlaceRuns, bytes, bytes]]:
        """Place, identity and, of those that begin, the line of each of these rows."""
        route, line = runs.route[rows], runs.line[rows]
        where, tracks = table.place[route].tolist(), (runs.track[rows] + FIRST).tolist()
        starts, sizes = index.starts[line].tolist(), np.where(table.starts[route], index.sizes[line] - 1, 0).tolist()
        places: dict[int, PlaceRuns] = {}
        for number, track, start, size in zip(where, tracks, starts, sizes, strict=True):
            place = places.get(number)
            if place is None:
                key, server = table.place_key[number], table.place_server[number]
                place = places[number] = self._open_runs.of(table.keys[key], table.servers[server])
            yield place, index.text(track, LAST - FIRST), index.text(start, size)


def _name(run: LoneRun) -> int:
    return (run_hash(run.identity) + run.place.mark) & _MASK
