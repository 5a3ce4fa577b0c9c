"""
JsonReader: reads a chunk of JSON lines into columns.

All lines are decoded in one go where they are as expected; else one by one, and a line that is odd costs its
neighbours nothing but time. What a line is found to be depends on the line alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

import numpy as np

from collector.core.json_columns import JsonColumns, durations_us, sample_hashes
from collector.core.json_fields import UNREADABLE, JsonFields, decode_object
from collector.core.json_time import NO_TIME, unix_seconds
from collector.core.json_verdicts import NOWHERE, VerdictTable
from collector.core.line_index import rows_of
from collector.models.packed_column import Column

#: From so many lines of a shape it is learned which fields they have.
MANY_LINES = 100
_RETURN, _OPEN, _CLOSE = b"\r{}"


class JsonReader:
    """Reads lines of some shapes."""

    def __init__(self, table: VerdictTable, zones: Sequence[tzinfo], *, max_line_bytes: int) -> None:
        """
        Args:
            zones: of each shape of the table, for time stamps that tell none.
            max_line_bytes: a longer line is not read.
        """
        self._table = table
        self._zones = zones
        self._max_line_bytes = max_line_bytes
        self._leaner: dict[int, JsonFields] = {}

    def read(self, chunk: bytes, *, with_hash: bool) -> JsonColumns:
        """
        Args:
            with_hash: whether the hash of request ids is wanted.
        """
        columns = JsonColumns.of(chunk)
        left = rows_of(columns.size <= self._max_line_bytes)
        if len(left):
            first = self._shape_of(decode_object(columns.text(int(left[0])))) or 0
            for shape in (first, *(n for n in range(len(self._zones)) if n != first)):
                if len(left):
                    left = self._read_shape(columns, left, shape, with_hash)
        for line in left.tolist():
            self._read_lenient(columns, line, with_hash)
        return columns

    def _shape_of(self, line: dict[str, Any] | None) -> int | None:
        if line is None:
            return None
        return next((number for number, each in enumerate(self._table.shapes) if each.has_mark(line)), None)

    def _read_shape(self, columns: JsonColumns, left: Column, shape: int, with_hash: bool) -> Column:
        """Fill in the lines of one shape; returns those that are none of it."""
        fields, rows = self._decode_all(columns, shape) if len(left) == len(columns.start) else (None, None)
        lines = left
        if fields is None or rows is None:
            fields = self._table.shapes[shape]
            each = [_decode(columns.text(line), fields) for line in left.tolist()]
            rows = [row for row in each if row is not None]
            lines = left[[row is not None for row in each]]
        if not rows:
            return left
        second = unix_seconds(fields.times(rows), self._zones[shape])
        verdict = self._table.numbers(shape, fields, fields.routes(rows))
        ours = second != NO_TIME
        lines = lines[ours]
        columns.verdict[lines] = verdict[ours]
        columns.second[lines] = second[ours]
        columns.duration_us[lines] = durations_us(fields.durations(rows), len(rows))[ours]
        if with_hash:
            columns.sample_hash[lines] = sample_hashes(fields.request_ids(rows))[ours]
        if len(rows) > MANY_LINES and fields is self._table.shapes[shape]:
            self._leaner[shape] = fields.leaner(self._table.known(fields))
        still: Column = left[columns.verdict[left] == NOWHERE]
        return still

    def _decode_all(self, columns: JsonColumns, shape: int) -> tuple[JsonFields | None, list[Any] | None]:
        """A row a line, and what made them; None when a line is not as expected."""
        if not _is_a_value_a_line(columns):
            return None, None
        for fields in (self._leaner.get(shape), self._table.shapes[shape]):
            try:
                rows = fields.decode_lines(columns.chunk) if fields else []
            except UNREADABLE:
                continue
            if len(rows) == len(columns.start):
                return fields, rows
        return None, None

    def _read_lenient(self, columns: JsonColumns, place: int, with_hash: bool) -> None:
        line = decode_object(columns.text(place))
        shape = self._shape_of(line)
        if line is None or shape is None:
            return
        fields = self._table.shapes[shape]
        route, time, durations = fields.lenient(line)
        second = unix_seconds([time], self._zones[shape])[0]
        if second != NO_TIME:
            columns.verdict[place] = self._table.numbers(shape, fields, [route])[0]
            columns.second[place] = second
            columns.duration_us[place] = durations_us(durations, 1)[0]
            if with_hash:
                columns.sample_hash[place] = sample_hashes([fields.text(line, "request_id")])[0]


def _is_a_value_a_line(columns: JsonColumns) -> bool:
    """Whether as many values as lines are a value a line."""
    if not columns.chunk.endswith((b"}\n", b"}\r\n")):
        return False
    # A line break between } and { is always one between two values: so no value spans lines, and each line has at
    # least one.
    data = np.frombuffer(columns.chunk, np.uint8)
    newline = columns.start + columns.size - 1
    last = np.where(data[newline - 1] == _RETURN, data[newline - 2], data[newline - 1])
    return bool((data[columns.start] == _OPEN).all() and (last == _CLOSE).all())


def _decode(line: bytes, fields: JsonFields) -> Any:
    if not line.startswith(b"{"):
        return None
    try:
        return fields.decode_line(line)
    except UNREADABLE:
        return None
