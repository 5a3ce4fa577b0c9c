"""
Lines as hopeit.engine writes them → LogBatch.

Every byte of a chunk is counted once: under an execution, or under the reason why its line is none. Windows of a
chunk are counted by column (hopeit_columns.py), what is left of them and small windows line by line
(hopeit_line_reader.py). The sums do not depend on the way. What is kept whole does a little: of a small window up to
10 failures of each key, server and second and all sampled runs; of a larger one no more than the limits that
hopeit_columns.py says.
"""

from __future__ import annotations

from itertools import accumulate

from collector.core.batch_builder import BatchBuilder
from collector.core.hopeit_columns import count_columns
from collector.core.hopeit_failures import RecentErrors
from collector.core.hopeit_line_reader import LineReader
from collector.core.hopeit_newest import keep_newest
from collector.core.hopeit_open_columns import OpenColumns
from collector.core.hopeit_open_runs import read_start
from collector.core.hopeit_routes import HopeitRoutes
from collector.core.left_runs import tell_runs
from collector.core.line_index import PAD_BYTES, LineIndex, LineIndexer
from collector.core.open_runs import OpenRuns
from collector.core.run_counts import RunCounts
from collector.models.keep import COUNTS_ONLY, Keep
from collector.models.packed_column import Column
from collector.models.parsed_chunk import ParsedChunk

#: The engine's name on the bus.
ENGINE = "hopeit.engine"
#: Below, columns cost more than they save: each of their operations costs as much as half a line.
MIN_COLUMN_BYTES = 96 * 1024
#: Of a source that is new, so much is read line by line, to know the routes of what follows.
FIRST_WINDOW_BYTES = 16 * 1024
#: Some 9,000 lines: what an operation costs by itself hardly counts any more, and more memory would count.
MAX_WINDOW_BYTES = 2 * 1024 * 1024


class HopeitLines:
    """
    Reads the lines of one source, chunk by chunk. What it remembers between chunks makes it faster and explains
    failures; the sums do not depend on it, nor on where chunks begin.
    """

    def __init__(self, indexer: LineIndexer | None = None, *, min_column_bytes: int = MIN_COLUMN_BYTES) -> None:
        """
        Args:
            indexer: shared with other sources that are read in turns; its own by default.
            min_column_bytes: smaller windows are read line by line.
        """
        self._indexer = indexer or LineIndexer()
        self._min_column_bytes = min_column_bytes
        # A source that is new is read in smaller windows, so that most of it is read knowing its routes.
        self._window_bytes = min(min_column_bytes, FIRST_WINDOW_BYTES) or MIN_COLUMN_BYTES
        self._end = 0
        self._routes = HopeitRoutes()
        self._errors = RecentErrors()

    def parse(self, chunk: bytes, *, offset: int, received_s: float, keep: Keep = COUNTS_ONLY) -> ParsedChunk:
        """
        Count whole lines. What stands behind the last newline counts as a line, too.

        Args:
            offset: of the chunk's first byte in its source.
            received_s: unix time when it was read, seconds.
            keep: what is kept whole beside the counts.

        Returns:
            Its batch, with Σ counts.size_bytes + Σ skipped.size_bytes == len(chunk).
        """
        if offset != self._end:
            self._errors = RecentErrors()
        self._end = offset + len(chunk)
        batch = BatchBuilder(received_s)
        counts = RunCounts(batch)
        open_runs, columns = OpenRuns(), OpenColumns(batch)
        is_small = len(chunk) < self._min_column_bytes
        reader = LineReader(
            batch, self._routes, self._errors, open_runs, pairs_runs=is_small, sample_below=keep.sample_below
        )
        whole = chunk.rfind(b"\n") + 1
        begin = 0
        while begin < whole:
            end = self._window_end(chunk, begin, whole)
            if end - begin < self._min_column_bytes:
                self._read_lines(chunk[begin:end], reader, offset=offset + begin)
                columns.add_lines(reader.take_lone())
            else:
                # A view: to copy a window takes as long as to find its lines.
                index = self._indexer.index(memoryview(chunk)[begin:end])
                table = self._routes.table()
                left, unknown, runs = count_columns(index, table, batch, counts, sample_below=keep.sample_below)
                self._routes.miss(unknown)
                self._read_left(chunk, index, left, reader, begin=begin, offset=offset)
                columns.add_window(index, table, runs, reader.take_lone(), offset=offset + begin - PAD_BYTES)
            begin = end
        counts.close()
        if whole < len(chunk):
            reader.read_line(chunk[whole:], size_bytes=len(chunk) - whole, offset=offset + whole)
            columns.add_lines(reader.take_lone())
        left_runs = open_runs.left() if is_small else columns.left()
        tell_runs(batch, left_runs, lambda start: read_start(chunk, start - offset))
        keep_newest(chunk, self._routes, batch, most=keep.newest_lines)
        self._errors.trim()
        return ParsedChunk(batch.build(), {ENGINE: reader.engine_version} if reader.engine_version else {})

    def _window_end(self, chunk: bytes, begin: int, whole: int) -> int:
        window_bytes, smallest_bytes = self._window_bytes, self._min_column_bytes
        if whole - begin >= window_bytes:
            self._window_bytes = min(2 * max(window_bytes, smallest_bytes), MAX_WINDOW_BYTES)
        if smallest_bytes <= window_bytes and whole - begin < window_bytes + smallest_bytes:
            # What would be left is too little for a window of its own.
            return whole
        return chunk.rfind(b"\n", begin, begin + window_bytes) + 1 or chunk.find(b"\n", begin) + 1

    def _read_lines(self, window: bytes, reader: LineReader, *, offset: int) -> None:
        """Read a small window."""
        lines = window.split(b"\n")
        lines.pop()
        offsets = accumulate((len(line) + 1 for line in lines[:-1]), initial=offset)
        reader.read_lines(lines, offsets, behind=offset)
        self._routes.miss(len(lines))

    def _read_left(
        self, chunk: bytes, index: LineIndex, left: Column, reader: LineReader, *, begin: int, offset: int
    ) -> None:
        """Read the lines of a large window that columns left, which begins at `begin`."""
        begins = (index.starts[left] + (begin - PAD_BYTES)).tolist()
        ends = (index.ends[left] + (begin - PAD_BYTES)).tolist()
        lines = [chunk[start:end] for start, end in zip(begins, ends, strict=True)]
        reader.read_lines(lines, [offset + start for start in begins], behind=offset + begin)
        if not len(left) or left[-1] != len(index.starts) - 1:
            self._errors.close()
