"""RunCounts: the runs of a chunk, gathered window by window and counted in one go, for most cells go on in the next."""

from __future__ import annotations

import numpy as np

from collector.core.batch_builder import BatchBuilder
from collector.core.cell_columns import CellColumns
from collector.core.hopeit_route_table import RouteTable
from collector.core.hopeit_runs import Runs
from collector.models.count_table import CountTable
from collector.models.packed_column import Column


class RunCounts:
    """Of one chunk."""

    def __init__(self, batch: BatchBuilder) -> None:
        self._batch = batch
        self._table: RouteTable | None = None
        #: By window: second, place of the table, size, duration and stream age of each run.
        self._windows: list[tuple[Column, ...]] = []

    def add(self, table: RouteTable, runs: Runs, *, second: Column, sizes: Column) -> None:
        """
        Args:
            second: of each line of the window.
            sizes: of each line, bytes.
        """
        if self._table is not None and self._table.places is not table.places:
            self.close()
        self._table = table
        where = second.take(runs.line), table.place.take(runs.route)
        self._windows.append((*where, sizes.take(runs.line), runs.duration_us, runs.stream_age_us))

    def close(self) -> None:
        """Add what was gathered to the batch."""
        if self._table is None:
            return
        # The newest table knows the places of those before it.
        table, self._table = self._table, None
        second, place, size, duration_us, stream_age_us = map(np.concatenate, zip(*self._windows, strict=True))
        self._windows.clear()
        cells = CellColumns(second, place, len(table.place_key))
        counts = CountTable(
            second=cells.second,
            key=table.place_key[cells.place],
            server=table.place_server[cells.place],
            status=table.place_status[cells.place],
            count=cells.count,
            size_bytes=cells.sums(size),
            durations=cells.histograms(duration_us),
            stream_ages=cells.histograms(stream_age_us),
        )
        self._batch.add(counts, table.keys, table.servers)
