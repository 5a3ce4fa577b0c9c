"""
The wire form of a LogBatch: what a collector ships and a rollup counts. This file owns it, both ends import it.

A batch covers whole lines of one source, [start, end) in bytes. Its envelope (BatchEnvelope) travels as plain
fields of the Redis message, so that a repeat is recognised without decoding; the payload holds the counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from collector.models.activity import ActivityKey, Server
from collector.models.errors import UnknownBatchVersion

#: Raised when a payload's shape changes; a rollup that meets a higher one stops its shard and says why.
BATCH_VERSION = 1

#: Why a line is not an entry. Each is counted with its lines and bytes.
SKIP_REASONS = ("stats", "message", "continuation", "unparsable", "oversize", "too_old")


class ActivityCount(msgspec.Struct, array_like=True):
    """Runs of one activity on one server in one second with one status."""

    #: Unix second of the lines' own time.
    second: int
    #: Index into LogBatch.keys.
    key: int
    #: Index into LogBatch.servers.
    server: int
    #: A Status.
    status: int
    #: How many lines.
    count: int
    #: How many bytes those lines have, newlines included (so that lines found too old move their bytes, too).
    size_bytes: int
    #: Duration bucket index (collector/lib/log_buckets.py) → count; only what carried a duration.
    durations: dict[int, int] = {}
    #: The same for metrics.stream_age: how long the message waited in its stream, ms.
    stream_ages: dict[int, int] = {}


class KeptEntry(msgspec.Struct, array_like=True):
    """One entry kept whole: a failure, or one of the newest. Texts are redacted and cut before they get here."""

    #: Unix time of the line, seconds.
    timestamp_s: float
    #: Index into LogBatch.keys.
    key: int
    #: Index into LogBatch.servers.
    server: int
    #: A Status.
    status: int
    #: Byte offset of the line in its source.
    offset: int
    #: The line's own ids; empty when it has none.
    request_id: str = ""
    operation_id: str = ""
    #: Stream message id, when it read one.
    message_id: str = ""
    #: For a failure: the text of the ERROR line before it (same operation), e.g. "ValueError: no stock".
    cause: str = ""
    #: For a failure: the traceback of that line, unquoted.
    traceback: str = ""


class Skipped(msgspec.Struct, array_like=True):
    """Lines that are no entries, under one reason."""

    #: How many lines.
    lines: int
    #: How many bytes, newlines included.
    size_bytes: int


class LogBatch(msgspec.Struct):
    """What [start, end) of one source says."""

    #: Unix time when the bytes were read, seconds.
    received_s: float
    #: Distinct keys, in order of first appearance.
    keys: list[ActivityKey]
    #: Distinct servers, in order of first appearance.
    servers: list[Server]
    #: Sums of everything that is an entry: Σ size_bytes here + Σ skipped = end − start.
    counts: list[ActivityCount]
    #: Reason (SKIP_REASONS) → lines and bytes.
    skipped: dict[str, Skipped]
    #: At most 10 failures a key, server and second.
    failures: list[KeptEntry] = []

    @property
    def lines(self) -> int:
        """Lines in the batch, entries and skipped."""
        return sum(c.count for c in self.counts) + sum(s.lines for s in self.skipped.values())

    @property
    def size_bytes(self) -> int:
        """Bytes in the batch, newlines included: end − start of its span."""
        return sum(c.size_bytes for c in self.counts) + sum(s.size_bytes for s in self.skipped.values())


class BatchEnvelope(msgspec.Struct, frozen=True):
    """What stands outside the payload, as fields of the Redis message."""

    #: Hex id of the file (collector/models/file_record.py).
    file_id: str
    #: Counts the contents a file had: raised when it is truncated or rewritten.
    generation: int
    #: Counts the rewinds of the record: a batch of an older epoch must not rewind again.
    epoch: int
    #: First byte of the batch in its source.
    start: int
    #: Byte after its last; always > start.
    end: int
    #: Lines in the payload.
    lines: int
    #: Hash of the ≤ 64 bytes before `end`.
    tail_hash: str
    #: What SQL needs to know a source it has never seen: see FileRecord.
    first_offset: int = 0
    head_bytes: int = 0
    head_hash: str = ""
    path: str = ""
    #: BATCH_VERSION of the payload.
    version: int = BATCH_VERSION


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(LogBatch)


def encode_batch(batch: LogBatch) -> bytes:
    """The payload as MessagePack."""
    return _encoder.encode(batch)


def decode_batch(payload: bytes, *, version: int) -> LogBatch:
    """
    The batch of a payload.

    Raises:
        UnknownBatchVersion: the payload was written by a newer Eventscope; it is not damaged.
        msgspec.DecodeError, msgspec.ValidationError: the payload is damaged.
    """
    if version > BATCH_VERSION:
        raise UnknownBatchVersion(f"a batch has version {version}, this rollup reads up to {BATCH_VERSION}")
    return _decoder.decode(payload)


def envelope_to_fields(envelope: BatchEnvelope) -> dict[str, str | int]:
    """The fields of the Redis message, beside "payload"."""
    return {name: getattr(envelope, name) for name in BatchEnvelope.__struct_fields__}


def envelope_from_fields(fields: Mapping[bytes, bytes]) -> BatchEnvelope:
    """
    The envelope of a Redis message.

    Raises:
        msgspec.ValidationError: a field is missing or no number.
    """
    return msgspec.convert(_text_fields(fields, BatchEnvelope), BatchEnvelope, strict=False)


def _text_fields(fields: Mapping[bytes, bytes], struct: type[msgspec.Struct]) -> dict[str, Any]:
    names = struct.__struct_fields__
    return {n: fields[n.encode()].decode("utf-8", "replace") for n in names if n.encode() in fields}
