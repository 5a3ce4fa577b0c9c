"""JsonKept: which lines of a chunk are kept whole, and putting them into its batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import tzinfo

import numpy as np

from collector.core.batch_builder import MAX_FAILURES, BatchBuilder
from collector.core.cell_columns import CellColumns
from collector.core.json_columns import JsonColumns
from collector.core.json_fields import JsonFields
from collector.core.json_time import unix_time_s
from collector.core.json_verdicts import NOWHERE, VerdictTable
from collector.core.json_whole import RecentErrors, WholeLine
from collector.core.line_index import rows_of
from collector.models.activity import Status
from collector.models.batch import KeptEntry, NewLine
from collector.models.keep import Keep
from collector.models.packed_column import Column

#: Of the failures in a chunk, so many are read whole: one of each key, server and second before a second of any.
MAX_CHUNK_FAILURES = 16
#: Of the runs in a chunk that are sampled, so many are kept.
MAX_CHUNK_SAMPLES = 64
MAX_NEWEST_OF_ACTIVITY = 20


class JsonKept:
    """For one source: what it remembers of errors goes from chunk to chunk."""

    def __init__(self, table: VerdictTable, zones: Sequence[tzinfo]) -> None:
        self._table = table
        self._zones = zones
        self._errors = RecentErrors()

    def forget(self) -> None:
        """What was read before has nothing to do with what comes."""
        self._errors = RecentErrors()

    def add(self, lines: JsonColumns, place: Column, batch: BatchBuilder, *, offset: int, keep: Keep) -> None:
        """
        Keep failures, sampled runs and the newest lines of a chunk.

        Args:
            place: of each line in the table; NOWHERE for one that is no run.
            offset: of the chunk in its source.
        """
        read = _Lines(lines, self._table, self._zones)
        self._keep_failures(read, place, batch, offset)
        if keep.sample_below:
            self._keep_samples(read, place, batch, offset, keep.sample_below)
        if keep.newest_lines:
            self._keep_newest(read, place, batch, keep.newest_lines)
        self._errors.trim()

    def _keep_failures(self, read: _Lines, place: Column, batch: BatchBuilder, offset: int) -> None:
        kept = set(self._failures(read.lines, place).tolist())
        known = rows_of((read.lines.verdict != NOWHERE) & (place == NOWHERE))
        errors = known[self._table.column("is_error", read.lines.verdict[known]) > 0] if len(known) else known
        for line in sorted({*kept, *errors.tolist()}):
            if line not in kept:
                self._errors.add(read.text(line), read.fields(line))
                continue
            whole = WholeLine(read.text(line), read.fields(line))
            entry = self._entry(read, whole, line, int(place[line]), batch, offset)
            told = whole
            if not whole.cause:
                told = self._errors.of_request(whole.raw_id("request_id")) or whole
            entry.cause = told.cause or told.message
            entry.traceback = told.traceback
            batch.keep(entry)

    def _failures(self, lines: JsonColumns, place: Column) -> Column:
        runs = rows_of(place != NOWHERE)
        if not len(runs):
            return runs
        failed: Column = runs[self._table.place_column("status", place[runs]) == Status.FAILED]
        if not len(failed):
            return failed
        rank = CellColumns(lines.second[failed], place[failed], self._table.places).rank()
        few = np.lexsort((failed, rank))[:MAX_CHUNK_FAILURES]
        kept: Column = failed[few[rank[few] < MAX_FAILURES]]
        return kept

    def _keep_samples(self, read: _Lines, place: Column, batch: BatchBuilder, offset: int, below: int) -> None:
        sampled = rows_of((place != NOWHERE) & (read.lines.sample_hash < below))
        lowest = np.argsort(read.lines.sample_hash[sampled], kind="stable")[:MAX_CHUNK_SAMPLES]
        for line in np.sort(sampled[lowest]).tolist():
            whole = WholeLine(read.text(line), read.fields(line))
            batch.sample(self._entry(read, whole, line, int(place[line]), batch, offset))

    def _keep_newest(self, read: _Lines, place: Column, batch: BatchBuilder, most: int) -> None:
        of_activity: Counter[int] = Counter()
        for line in rows_of(place != NOWHERE)[-most:][::-1].tolist():
            key, server = self._places(int(place[line]), batch)
            of_activity[key] += 1
            if of_activity[key] <= MAX_NEWEST_OF_ACTIVITY:
                whole = WholeLine(read.text(line), read.fields(line))
                batch.newest(NewLine(read.timestamp_s(line, whole), key, server, whole.level, whole.message))

    def _entry(
        self, read: _Lines, whole: WholeLine, line: int, place: int, batch: BatchBuilder, offset: int
    ) -> KeptEntry:
        key, server = self._places(place, batch)
        duration_us = int(read.lines.duration_us[line])
        return KeptEntry(
            timestamp_s=read.timestamp_s(line, whole),
            key=key,
            server=server,
            status=self._of_place("status", place),
            offset=offset + int(read.lines.start[line]),
            request_id=whole.id("request_id"),
            operation_id=whole.id("operation_id"),
            message_id=whole.id("message_id"),
            duration_ms=duration_us / 1000 if duration_us >= 0 else -1.0,
        )

    def _places(self, place: int, batch: BatchBuilder) -> tuple[int, int]:
        key, server = self._of_place("key", place), self._of_place("server", place)
        return batch.key_index(self._table.keys[key]), batch.server_index(self._table.servers[server])

    def _of_place(self, name: str, place: int) -> int:
        return int(self._table.place_column(name, np.array([place]))[0])


class _Lines:
    """Single lines of a chunk."""

    def __init__(self, lines: JsonColumns, table: VerdictTable, zones: Sequence[tzinfo]) -> None:
        self.lines = lines
        self._table = table
        self._zones = zones

    def text(self, line: int) -> bytes:
        return self.lines.text(line)

    def fields(self, line: int) -> JsonFields:
        return self._table.shapes[self._shape(line)]

    def timestamp_s(self, line: int, whole: WholeLine) -> float:
        """With its fraction, as far as that can be read."""
        exact_s = unix_time_s(whole.time, self._zones[self._shape(line)])
        second = int(self.lines.second[line])
        return exact_s if second <= exact_s < second + 1 else float(second)

    def _shape(self, line: int) -> int:
        return int(self._table.column("shape", self.lines.verdict[[line]])[0])
