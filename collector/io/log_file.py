"""
Reading one log file: whole lines from where its record stands, and whether the record still describes it.

Every read takes the bytes before the offset along and looks at them again afterwards, so that a file that is truncated
and written anew at this very moment is not taken for the old one.
"""

from __future__ import annotations

import errno
import os
import stat

import msgspec

from collector.models.file_record import HEAD_BYTES, TAIL_BYTES, FileRecord, content_hash
from collector.models.log_span import MAX_LINE_BYTES

#: What is read at once, at most: memory stays flat however much waits. The more it is, the fewer cells come twice.
CHUNK_BYTES = 2 * 1024 * 1024
#: Of a line that nobody reads, so much is looked through at once.
_SCANNED_BYTES = 1024 * 1024
#: More than this is not copied where that can be helped.
_COPIED_BYTES = 64 * 1024
#: Where reading would end a newline is looked for in so many bytes.
_PEEKED_BYTES = 4096
#: Enough to tell a copy from another file that begins alike.
_COMPARED_BYTES = 4096


class Lines(msgspec.Struct, frozen=True):
    """Whole lines, none over the limit."""

    #: The bytes from the record's offset on.
    data: bytes
    #: Hash of the ≤ TAIL_BYTES bytes before their end.
    tail_hash: str
    #: No complete line stands behind them (yet).
    is_last: bool


class Oversize(msgspec.Struct, frozen=True):
    """One line over the limit, from the record's offset on."""

    #: Byte after its newline.
    end: int
    #: Hash of the ≤ TAIL_BYTES bytes before it.
    tail_hash: str


class NoLine(msgspec.Struct, frozen=True):
    """No complete line stands at the offset."""

    #: Up to here an oversize line was looked through; look on from there.
    scanned_to: int
    #: The file goes on behind it.
    has_more: bool


class Changed(msgspec.Struct, frozen=True):
    """The content is not what the record describes: truncated, rewritten, or the record is of something else."""


def open_log(path: str) -> int:
    """
    A descriptor on a regular file.

    Raises:
        OSError: also for links and for what is no regular file; a FIFO or a device never blocks.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NOCTTY)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "no regular file", path)
    return descriptor


def read_head(descriptor: int) -> bytes | None:
    """The first line, HEAD_BYTES of it at most; None as long as it is neither complete nor that long."""
    data = os.pread(descriptor, HEAD_BYTES, 0)
    end = data.find(b"\n") + 1
    if end:
        return data[:end]
    return data if len(data) == HEAD_BYTES else None


def read_tail_hash(descriptor: int, offset: int) -> str:
    """What a record's tail_hash is at this offset."""
    begin = max(0, offset - TAIL_BYTES)
    return content_hash(os.pread(descriptor, offset - begin, begin)) if offset else ""


def describes(record: FileRecord, descriptor: int) -> bool:
    """Whether the file still has, before the record's offset, what the record says."""
    return _is_anchor(record, _read_anchor(descriptor, record))


def is_prefix(descriptor: int, of: int) -> bool:
    """Whether a file's content is, as far as it goes, the beginning of the other's: a copy made a moment ago."""
    size_bytes = os.fstat(descriptor).st_size
    if size_bytes > os.fstat(of).st_size:
        return False
    begin = max(0, size_bytes - _COMPARED_BYTES)
    return all(
        os.pread(descriptor, length, place) == os.pread(of, length, place)
        for place, length in ((0, min(size_bytes, _COMPARED_BYTES)), (begin, size_bytes - begin))
    )


def last_line_start(descriptor: int) -> int:
    """The byte after the last newline; 0 without one."""
    end = os.fstat(descriptor).st_size
    while end > 0:
        begin = max(0, end - MAX_LINE_BYTES)
        found = os.pread(descriptor, end - begin, begin).rfind(b"\n")
        if found >= 0:
            return begin + found + 1
        end = begin
    return 0


def read_beginning(descriptor: int, size_bytes: int) -> bytes:
    """The first bytes of a file, whatever lines they make."""
    return os.pread(descriptor, size_bytes, 0)


def read_lines(
    descriptor: int,
    record: FileRecord,
    *,
    limit_bytes: int = CHUNK_BYTES,
    max_line_bytes: int = MAX_LINE_BYTES,
    scanned_to: int = 0,
) -> Lines | Oversize | NoLine | Changed:
    """
    What stands at the record's offset.

    Args:
        limit_bytes: of whole lines to return; at least one line is, if there is one.
        max_line_bytes: a longer line, its newline counted, is Oversize.
        scanned_to: of an earlier NoLine.
    """
    if scanned_to > record.offset:
        return _scan_oversize(descriptor, record, scanned_to)
    anchor = _read_anchor(descriptor, record)
    if not _is_anchor(record, anchor):
        return Changed()
    wanted_bytes = _wanted_bytes(descriptor, record.offset, max(limit_bytes, HEAD_BYTES))
    data = os.pread(descriptor, wanted_bytes, record.offset)
    if len(data) == wanted_bytes <= max_line_bytes and data.find(b"\n") < 0:
        # One more than a line may have: it tells an oversize one.
        wanted_bytes = max_line_bytes + 1
        data = os.pread(descriptor, wanted_bytes, record.offset)
    end = _whole_lines_end(data, limit_bytes, max_line_bytes)
    if end < 0:
        return _scan_oversize(descriptor, record, record.offset + max_line_bytes)
    if not end:
        # Nothing that was read is used: it need not be looked at again.
        return NoLine(scanned_to=record.offset, has_more=False)
    if _read_anchor(descriptor, record) != anchor:
        return Changed()
    tail = data[max(0, end - TAIL_BYTES) : end]
    if record.offset and end < TAIL_BYTES:
        tail = (anchor + tail)[-TAIL_BYTES:]
    is_last = len(data) < wanted_bytes and data.find(b"\n", end) < 0
    return Lines(data[:end], content_hash(tail), is_last)


def _read_anchor(descriptor: int, record: FileRecord) -> bytes:
    """The bytes that the record knows: up to its offset, or the first line where it stands at the beginning."""
    begin = max(0, record.offset - TAIL_BYTES)
    return os.pread(descriptor, record.offset - begin or record.head_bytes, begin)


def _wanted_bytes(descriptor: int, offset: int, most_bytes: int) -> int:
    """Up to where whole lines go on, where that can be told beforehand: what is read then need not be copied."""
    if most_bytes < _COPIED_BYTES:
        return most_bytes
    peeked = os.pread(descriptor, _PEEKED_BYTES, offset + most_bytes - _PEEKED_BYTES)
    whole = peeked.rfind(b"\n") + 1
    return most_bytes - _PEEKED_BYTES + whole if whole and len(peeked) == _PEEKED_BYTES else most_bytes


def _is_anchor(record: FileRecord, anchor: bytes) -> bool:
    if record.offset == 0:
        return content_hash(anchor) == record.head_hash
    if len(anchor) < min(record.offset, TAIL_BYTES):
        return False
    # A record restored without a hash is believed.
    return not record.tail_hash or content_hash(anchor) == record.tail_hash


def _whole_lines_end(data: bytes, limit_bytes: int, max_line_bytes: int) -> int:
    """Where the whole lines end that the data begins with; 0 for none yet; -1 when an oversize line comes first."""
    newest = data.rfind(b"\n", 0, limit_bytes) + 1 or data.find(b"\n") + 1
    if not newest:
        return -1 if len(data) > max_line_bytes else 0
    place = 0
    while newest - place > max_line_bytes:
        line_end = data.rfind(b"\n", place, place + max_line_bytes) + 1
        if not line_end:
            return place or -1
        place = line_end
    return newest


def _scan_oversize(descriptor: int, record: FileRecord, scanned_to: int) -> Oversize | NoLine | Changed:
    data = os.pread(descriptor, _SCANNED_BYTES, scanned_to)
    if not describes(record, descriptor):
        return Changed()
    found = data.find(b"\n")
    if found < 0:
        return NoLine(scanned_to=scanned_to + len(data), has_more=len(data) == _SCANNED_BYTES)
    end = scanned_to + found + 1
    return Oversize(end, read_tail_hash(descriptor, end))
