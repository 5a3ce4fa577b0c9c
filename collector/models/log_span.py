"""Where whole lines stand: the part of one source that is read, parsed and shipped as one batch."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from collector.models.file_record import FileRecord

#: A line longer than this, its newline counted, is counted as oversize and not read: nobody holds it in memory.
MAX_LINE_BYTES = 64 * 1024


class LogSpan(msgspec.Struct, frozen=True):
    """[record.offset, end) of one source; both are at a line's start."""

    #: The source as it is before these bytes.
    record: FileRecord
    #: Shard whose stream carries the source.
    shard: int
    #: Byte after the last one; > record.offset.
    end: int
    #: Hash of the ≤ TAIL_BYTES bytes before `end` (collector/models/file_record.py).
    tail_hash: str

    @property
    def start(self) -> int:
        """First byte."""
        return self.record.offset

    @property
    def source_id(self) -> tuple[str, int]:
        """(file id, generation): what parsers and marks belong to."""
        return self.record.file_id, self.record.generation

    @property
    def record_behind(self) -> FileRecord:
        """The source as it is once these bytes are shipped."""
        return replace(self.record, offset=self.end, tail_hash=self.tail_hash)
