"""
Runs of a large chunk: those of windows that are counted by column, and those of its other lines, put together. Only
what has no other half in its window is looked at by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np

from collector.core.batch_builder import BatchBuilder
from collector.core.hopeit_open_runs import LoneRun
from collector.core.hopeit_route_table import RouteTable
from collector.core.hopeit_runs import Runs
from collector.core.left_runs import LeftRuns
from collector.core.line_index import LineIndex, Mask, Words
from collector.core.run_identity import hash_runs, run_hashes
from collector.core.unpaired_runs import find_unpaired
from collector.models.packed_column import Column


@dataclass(frozen=True, slots=True)
class _Rows:
    """Starts and ends of runs, one a line."""

    #: Offset of the line in its source.
    offset: Column
    #: Whether it begins its run; else it ends it.
    is_start: Mask
    #: place_mark() of where it counts.
    mark: Words
    #: run_hash() and mark, added: tells its run apart from all others of the chunk.
    name: Words

    def take(self, rows: Column) -> _Rows:
        """Some of them."""
        return _Rows(*(getattr(self, column.name).take(rows) for column in fields(self)))


class OpenColumns:
    """Of one chunk."""

    def __init__(self, batch: BatchBuilder) -> None:
        self._batch = batch
        #: Mark → key and server, as indices into those of the batch.
        self._places: dict[int, tuple[int, int]] = {}
        #: By window, what has no other half in it.
        self._unpaired: list[_Rows] = []

    def add_lines(self, lone: Sequence[LoneRun]) -> None:
        """Add the runs of a window all of whose lines were read by themselves."""
        if lone:
            self._unpaired.append(_unpaired(self._rows_of(lone)))

    def add_window(
        self, index: LineIndex, table: RouteTable, runs: Runs, lone: Sequence[LoneRun], *, offset: int
    ) -> None:
        """
        Add the runs of a window that was counted by column.

        Args:
            lone: those of its lines that were read by themselves.
            offset: of the index's place 0 in the source.
        """
        mark = table.mark[runs.route]
        # Where it counts tells a run apart, too.
        names = run_hashes(index, runs.track) + mark
        rows = _Rows(index.starts[runs.line] + offset, table.starts[runs.route], mark, names)
        if lone:
            rows = _joined([rows, self._rows_of(lone)])
            rows = rows.take(np.argsort(rows.offset, kind="stable"))
        rows = _unpaired(rows)
        self._unpaired.append(rows)
        for each in {*rows.mark.tolist()} - self._places.keys():
            key, server = table.where[each]
            self._places[each] = self._batch.key_index(key), self._batch.server_index(server)

    def left(self) -> Iterable[LeftRuns]:
        """What the chunk leaves."""
        if not self._unpaired:
            return ()
        rows = self._unpaired[0] if len(self._unpaired) == 1 else _unpaired(_joined(self._unpaired))
        left: dict[int, LeftRuns] = {}
        hashes = (rows.name - rows.mark).tolist()
        for mark, run, is_start, offset in zip(
            rows.mark.tolist(), hashes, rows.is_start.tolist(), rows.offset.tolist(), strict=True
        ):
            runs = left.get(mark)
            if runs is None:
                runs = left[mark] = LeftRuns(*self._places[mark], [], [])
            if is_start:
                runs.opened.append((run, offset))
            else:
                runs.closed.append(run)
        return left.values()

    def _rows_of(self, lone: Sequence[LoneRun]) -> _Rows:
        for run in lone:
            self._places[run.place.mark] = run.place.key, run.place.server
        mark = np.array([run.place.mark for run in lone], np.uint64)
        return _Rows(
            offset=np.array([run.offset for run in lone], np.int64),
            is_start=np.array([run.is_start for run in lone], np.bool_),
            mark=mark,
            name=np.array(hash_runs([run.identity for run in lone]), np.uint64) + mark,
        )


def _joined(parts: Sequence[_Rows]) -> _Rows:
    return _Rows(*(np.concatenate([getattr(part, column.name) for part in parts]) for column in fields(_Rows)))


def _unpaired(rows: _Rows) -> _Rows:
    return rows.take(find_unpaired(rows.name, rows.is_start))
