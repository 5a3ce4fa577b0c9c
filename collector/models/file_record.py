"""
Identity of a log file and how far it is read: the FileRecord, kept in Redis beside the batches and in SQL.

File id = hash(host id, inode, first complete line ≤ 1 KiB): a rename keeps it, other content changes it.
Source id = (file id, generation).
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from zlib import crc32

import msgspec

#: The first line is hashed up to here; a longer one is told apart by its inode.
HEAD_BYTES = 1024
#: Bytes before the offset whose hash says "still the same file": enough to hold a time stamp and a name.
TAIL_BYTES = 64


class FileRecord(msgspec.Struct, frozen=True, kw_only=True):
    """How far one file is read. Numbers are bytes."""

    #: See the module.
    file_id: str
    #: Raised when the content is truncated or rewritten.
    generation: int = 0
    #: Raised by each rewind.
    epoch: int = 0
    #: The first byte not yet shipped; always at a line's start.
    offset: int = 0
    #: Where reading began in this generation (EVENTSCOPE_READ_FROM=end: the size then).
    first_offset: int = 0
    #: Length of the first line as hashed, ≤ HEAD_BYTES.
    head_bytes: int = 0
    #: Hash of those bytes.
    head_hash: str = ""
    #: Hash of the ≤ TAIL_BYTES bytes before `offset`; "" at offset 0.
    tail_hash: str = ""
    #: Where the file was last seen.
    path: str = ""
    #: The file is gone and was read to its end, or a copy goes on in its place: it takes no more batches.
    ended: bool = False
    #: Host id of the collector that made it; "" when it was restored from SQL. Only copies look at it.
    host_id: str = ""


def content_hash(data: bytes) -> str:
    """16 hex digits that stand for these bytes; "" for none."""
    return blake2b(data, digest_size=8).hexdigest() if data else ""


def make_file_id(*, host_id: str, inode: int, first_line: bytes) -> str:
    """
    The id of a file on one host.

    Args:
        first_line: its first complete line with the newline; only HEAD_BYTES of it count.
    """
    head = first_line[:HEAD_BYTES]
    return blake2b(b"%s\0%d\0%s" % (host_id.encode(), inode, head), digest_size=12).hexdigest()


def shard_of(file_id: str, shards: int) -> int:
    """The shard whose stream carries this file's batches."""
    return crc32(file_id.encode()) % shards


def record_to_fields(record: FileRecord) -> dict[str, str | int]:
    """The fields of the record's hash in Redis: the names above, `ended` as 0 or 1."""
    return {name: int(v) if isinstance(v := getattr(record, name), bool) else v for name in record.__struct_fields__}


def record_from_fields(fields: Mapping[bytes, bytes]) -> FileRecord | None:
    """
    The record of a Redis hash; None for an empty one.

    Raises:
        msgspec.ValidationError: a field is no number.
    """
    if not fields:
        return None
    values = {name.decode(): value.decode("utf-8", "replace") for name, value in fields.items()}
    known = {name: value for name, value in values.items() if name in FileRecord.__struct_fields__}
    return msgspec.convert(known, FileRecord, strict=False)
