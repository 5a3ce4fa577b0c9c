"""A chunk of JSON lines by column: what each line is, when it was, how long it took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from collector.core.json_fields import Name, Number
from collector.core.json_time import NO_TIME
from collector.core.json_verdicts import NOWHERE
from collector.core.line_index import rows_of
from collector.lib.sampling import EVERYTHING, WORD_BYTES, sample_hash, word_factor
from collector.models.packed_column import Column

#: Hash of what is never sampled.
NEVER = EVERYTHING
_NEWLINE = ord("\n")
_BOM = b"\xef\xbb\xbf"
# What is known of a line before it is read. np.full would take as long as reading a line.
_UNKNOWN = [np.array([value], np.int64) for value in (NOWHERE, NO_TIME, -1, NEVER)]
#: Longer ids are hashed one by one: a column is as wide as its longest text.
_MAX_ID_CHARS = 64


@dataclass(frozen=True, slots=True)
class JsonColumns:
    """A chunk, a row a line; filled in by a JsonReader."""

    #: The lines.
    chunk: bytes
    #: First byte of each line in the chunk.
    start: Column
    #: Bytes of each line, its newline included.
    size: Column
    #: Its verdict (VerdictTable); NOWHERE when it cannot be read.
    verdict: Column
    #: Unix second of its own time.
    second: Column
    #: How long it took, µs; negative when it does not say.
    duration_us: Column
    #: sample_hash of its request id; NEVER without one, and where nobody asked for it.
    sample_hash: Column

    @classmethod
    def of(cls, chunk: bytes) -> JsonColumns:
        """Nothing is known of the lines yet. What stands behind the last newline is one, too."""
        end = rows_of(np.frombuffer(chunk, np.uint8) == _NEWLINE) + 1
        if chunk and not chunk.endswith(b"\n"):
            end = np.append(end, len(chunk))
        start = np.concatenate((np.zeros(1, np.int64), end[:-1])) if len(end) else end
        unknown = [column.repeat(len(end)) for column in _UNKNOWN]
        return cls(chunk, start, end - start, *unknown)

    def text(self, line: int) -> bytes:
        """One line without what is no part of it."""
        start = int(self.start[line])
        # NULs are what `copytruncate` leaves under a writer that does not append.
        return self.chunk[start : start + int(self.size[line])].lstrip(b"\0").removeprefix(_BOM).strip()


def durations_us(fields: Sequence[tuple[float, list[Number]]], rows: int) -> Column:
    """
    The duration of each row, µs; -1 for none.

    Args:
        fields: (milliseconds of the unit, values), the first that says something counts.
    """
    found = np.full(rows, -1, np.int64)
    for unit_ms, values in fields:
        if values.count(None) < rows:
            us = _numbers(values) * (unit_ms * 1000)
            # A duration of more than a hundred thousand years is none.
            told = rows_of((us >= 0) & (us < 2**62) & (found < 0))
            found[told] = np.rint(us[told]).astype(np.int64)
    return found


def sample_hashes(ids: Sequence[Name]) -> Column:
    """sample_hash of each id; NEVER for none."""
    texts = ["" if each is None else str(each) for each in ids]
    width = -(-max(map(len, texts), default=0) // WORD_BYTES)
    if not width:
        return np.full(len(texts), NEVER, np.int64)
    try:
        if width > _MAX_ID_CHARS // WORD_BYTES:
            raise ValueError("too long")
        words = np.array(texts, f"S{width * WORD_BYTES}").view("<u8").reshape(len(texts), width)
    except ValueError:
        encoded = (text.encode("utf-8", "backslashreplace") for text in texts)
        return np.array([sample_hash(text) if text else NEVER for text in encoded], np.int64)
    factors = np.array([word_factor(place) for place in range(width)], np.uint64)
    hashes = (words @ factors >> np.uint64(32)).astype(np.int64)
    hashes[[not text for text in texts]] = NEVER
    return hashes


def _numbers(values: Sequence[Number]) -> npt.NDArray[np.float64]:
    try:
        return np.array([np.nan if each is None else each for each in values], np.float64)
    except (ValueError, OverflowError):
        return np.array([_number(each) for each in values], np.float64)


def _number(value: Number) -> float:
    try:
        return float("nan" if value is None else value)
    except (ValueError, OverflowError):
        return float("nan")
