"""
JSON lines of known shapes → LogBatch.

Every byte of a chunk is counted once: under a run, or under the reason why its line is none. A line that only tells
the end of a run counts its start as well; its bytes are then split over the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from zoneinfo import ZoneInfo

import numpy as np

from collector.core.batch_builder import BatchBuilder, measure
from collector.core.cell_columns import CellColumns
from collector.core.json_columns import JsonColumns
from collector.core.json_fields import JsonFields
from collector.core.json_kept import JsonKept
from collector.core.json_reader import JsonReader
from collector.core.json_shape import JsonShape
from collector.core.json_verdicts import NOWHERE, VerdictTable
from collector.core.line_index import rows_of
from collector.models.count_table import CountTable, HistogramTable
from collector.models.keep import COUNTS_ONLY, Keep
from collector.models.packed_column import Column
from collector.models.parsed_chunk import ParsedChunk

#: So many are counted sooner one by one than by column.
FEW_LINES = 100


class JsonLines:
    """Reads the lines of one source, chunk by chunk. The sums do not depend on where chunks begin."""

    def __init__(self, shapes: Sequence[JsonFields], *, zone: tzinfo, max_line_bytes: int) -> None:
        """
        Args:
            shapes: see `make_fields`; parsers share them, for making them takes time and memory.
            zone: of time stamps that tell none.
        """
        self._table = VerdictTable(shapes)
        zones = [ZoneInfo(each.shape.time_zone) if each.shape.time_zone else zone for each in shapes]
        self._reader = JsonReader(self._table, zones, max_line_bytes=max_line_bytes)
        self._max_line_bytes = max_line_bytes
        self._end = 0
        self._kept = JsonKept(self._table, zones)

    def parse(self, chunk: bytes, *, offset: int, received_s: float, keep: Keep = COUNTS_ONLY) -> ParsedChunk:
        """See collector/kernel/format.py. What stands behind the last newline counts as a line, too."""
        if offset != self._end:
            self._kept.forget()
        self._end = offset + len(chunk)
        self._table.trim()
        batch = BatchBuilder(received_s)
        lines = self._reader.read(chunk, with_hash=keep.sample_below > 0)
        place = self._places(lines)
        runs = rows_of(place != NOWHERE)
        if len(runs) > FEW_LINES:
            self._count(lines, place, runs, batch)
        else:
            self._count_few(lines, place, runs.tolist(), batch)
        oversize = lines.size > self._max_line_bytes
        unreadable = lines.verdict == NOWHERE
        for reason, odd in (
            ("oversize", oversize),
            ("unparsable", unreadable & ~oversize),
            ("message", ~unreadable & (place == NOWHERE)),
        ):
            if odd.any():
                batch.skip(reason, int(lines.size[odd].sum()), lines=int(odd.sum()))
        self._kept.add(lines, place, batch, offset=offset, keep=keep)
        return ParsedChunk(batch.build())

    def _places(self, lines: JsonColumns) -> Column:
        place = np.full(len(lines.start), NOWHERE, np.int64)
        known = rows_of(lines.verdict != NOWHERE)
        if len(known):
            verdict = lines.verdict[known]
            timed, untimed = self._table.column("timed", verdict), self._table.column("untimed", verdict)
            place[known] = np.where(lines.duration_us[known] >= 0, timed, untimed)
        return place

    def _count_few(self, lines: JsonColumns, place: Column, runs: list[int], batch: BatchBuilder) -> None:
        for line in runs:
            second, size, duration_us = int(lines.second[line]), int(lines.size[line]), int(lines.duration_us[line])
            start = self._table.start_of(int(place[line]))
            if start != NOWHERE:
                count = batch.count(second, self._table.route(start))
                count.count += 1
                count.size_bytes += size // 2
                size -= size // 2
            count = batch.count(second, self._table.route(int(place[line])))
            count.count += 1
            count.size_bytes += size
            measure(count, duration_us / 1000 if duration_us >= 0 else None, None)

    def _count(self, lines: JsonColumns, place: Column, runs: Column, batch: BatchBuilder) -> None:
        start = self._table.place_column("start", place[runs])
        with_start = rows_of(start != NOWHERE)
        size, second = lines.size[runs], lines.second[runs]
        start_size = size[with_start] // 2
        size[with_start] -= start_size
        untimed = np.full(len(with_start), -1, np.int64)
        self._add(
            np.concatenate((second, second[with_start])),
            np.concatenate((place[runs], start[with_start])),
            np.concatenate((size, start_size)),
            np.concatenate((lines.duration_us[runs], untimed)),
            batch,
        )

    def _add(self, second: Column, place: Column, size: Column, duration_us: Column, batch: BatchBuilder) -> None:
        cells = CellColumns(second, place, self._table.places)
        counts = CountTable(
            second=cells.second,
            key=self._table.place_column("key", cells.place),
            server=self._table.place_column("server", cells.place),
            status=self._table.place_column("status", cells.place),
            count=cells.count,
            size_bytes=cells.sums(size),
            durations=cells.histograms(duration_us),
            stream_ages=HistogramTable.of([]),
        )
        batch.add(counts, self._table.keys, self._table.servers)


def make_fields(shapes: Sequence[JsonShape]) -> list[JsonFields]:
    """Readers of shapes, in the order in which a line is compared with them; each knows the marks of those before."""
    return [
        JsonFields(shape, other_marks=[mark for before in shapes[:place] for mark in before.marks])
        for place, shape in enumerate(shapes)
    ]
