"""
The wire form of a LogBatch: what a collector ships and a rollup counts. This file owns it, both ends import it.

A batch covers whole lines of one source, [start, end) in bytes. Its envelope (BatchEnvelope) travels as plain
fields of the Redis message, so that a repeat is recognised without decoding; the payload holds the counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any
from zlib import crc32

import msgspec

from collector.models.activity import ActivityKey, Server
from collector.models.count_table import ActivityCount, CountTable, PackedCounts, pack_counts, unpack_counts
from collector.models.errors import UnknownBatchVersion
from collector.models.open_run import OpenedRun, OtherRuns

#: Raised when a payload's shape changes; a rollup that meets a higher one stops its shard and says why.
BATCH_VERSION = 3
#: From this version on a batch tells the runs that it opens and closes.
_TELLS_OPEN = 3

#: Why a line is not an entry. Each is counted with its lines and bytes.
SKIP_REASONS = ("stats", "message", "continuation", "unparsable", "oversize", "too_old", "metrics", "crowded")


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
    #: How long it ran, ms; negative when the line does not say.
    duration_ms: float = -1.0
    #: value_hash of what its other tracked headers hold.
    tracked: tuple[int, ...] = ()


class Skipped(msgspec.Struct, array_like=True):
    """Lines that are no entries, under one reason."""

    #: How many lines.
    lines: int
    #: How many bytes, newlines included.
    size_bytes: int


class CallCount(msgspec.Struct, array_like=True):
    """Calls from one activity to another in one second, as spans or tracked fields show them."""

    #: Unix second of the calls' own time.
    second: int
    #: Index into LogBatch.keys: who called.
    caller: int
    #: Index into LogBatch.keys: who was called.
    callee: int
    #: How many calls began.
    count: int
    #: How many were found failed; they may have begun in another second, and another batch.
    failed: int = 0


class NewLine(msgspec.Struct, array_like=True):
    """One of the newest lines of an activity, for the page's live view. Redacted, printable, cut."""

    #: Unix time of the line, seconds.
    timestamp_s: float
    #: Index into LogBatch.keys.
    key: int
    #: Index into LogBatch.servers.
    server: int
    #: "INFO".
    level: str
    #: Without its time stamp, level and logger.
    text: str


@dataclass(slots=True)
class LogBatch:
    """What [start, end) of one source says."""

    #: Unix time when the bytes were read, seconds.
    received_s: float
    #: Distinct keys, in order of first appearance.
    keys: list[ActivityKey]
    #: Distinct servers, in order of first appearance.
    servers: list[Server]
    #: Sums of everything that is an entry: Σ size_bytes here + Σ skipped = end − start.
    counts: CountTable
    #: Reason (SKIP_REASONS) → lines and bytes.
    skipped: dict[str, Skipped]
    #: Failures kept whole: at most 10 a key, server and second.
    failures: list[KeptEntry] = field(default_factory=list)
    #: Entries of sampled operations (collector/lib/sampling.py), kept whole.
    samples: list[KeptEntry] = field(default_factory=list)
    #: Calls that were seen.
    calls: list[CallCount] = field(default_factory=list)
    #: Some of the newest lines; which ones depends on how busy the collector is.
    newest: list[NewLine] = field(default_factory=list)
    #: Runs that it opens and does not close.
    opened: list[OpenedRun] = field(default_factory=list)
    #: What else it opens, and what it closes that was opened before.
    other_runs: list[OtherRuns] = field(default_factory=list)
    #: False: it is of a version that says nothing of both.
    tells_open: bool = True

    @property
    def lines(self) -> int:
        """Lines in the batch, entries and skipped."""
        return self.counts.lines + sum([s.lines for s in self.skipped.values()])

    @property
    def size_bytes(self) -> int:
        """Bytes in the batch, newlines included: end − start of its span."""
        return self.counts.total_bytes + sum([s.size_bytes for s in self.skipped.values()])


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
    #: message_crc() of the message; 0 from a collector that gave none.
    crc: int = 0
    #: Who read it, as in its CollectorBeat; "" from a collector that does not say so.
    collector: str = ""


class _Payload(msgspec.Struct):
    """A LogBatch on the wire. Version 2 had no runs."""

    received_s: float
    keys: list[ActivityKey]
    servers: list[Server]
    counts: PackedCounts
    skipped: dict[str, Skipped]
    failures: list[KeptEntry] = []
    samples: list[KeptEntry] = []
    calls: list[CallCount] = []
    newest: list[NewLine] = []
    opened: list[OpenedRun] = []
    other_runs: list[OtherRuns] = []


class _PayloadV1(msgspec.Struct):
    """Version 1: a row a cell. A collector of that version may still run while others are updated."""

    received_s: float
    keys: list[ActivityKey]
    servers: list[Server]
    counts: list[ActivityCount]
    skipped: dict[str, Skipped]
    failures: list[KeptEntry] = []


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Payload)
_decoder_v1 = msgspec.msgpack.Decoder(_PayloadV1)


def encode_batch(batch: LogBatch) -> bytes:
    """The payload as MessagePack."""
    payload = _Payload(
        batch.received_s,
        batch.keys,
        batch.servers,
        pack_counts(batch.counts),
        batch.skipped,
        batch.failures,
        batch.samples,
        batch.calls,
        batch.newest,
        batch.opened,
        batch.other_runs,
    )
    return _encoder.encode(payload)


def decode_batch(payload: bytes, *, version: int) -> LogBatch:
    """
    The batch of a payload.

    Raises:
        UnknownBatchVersion: the payload was written by a newer Eventscope; it is not damaged.
        msgspec.DecodeError, msgspec.ValidationError: the payload is damaged.
    """
    if version > BATCH_VERSION:
        raise UnknownBatchVersion(f"a batch has version {version}, this rollup reads up to {BATCH_VERSION}")
    if version == 1:
        old = _decoder_v1.decode(payload)
        try:
            counts = CountTable.of(old.counts)
        except OverflowError as exc:
            raise msgspec.ValidationError("a count is too large") from exc
        return LogBatch(old.received_s, old.keys, old.servers, counts, old.skipped, old.failures, tells_open=False)
    new = _decoder.decode(payload)
    read = {name: getattr(new, name) for name in new.__struct_fields__}
    return LogBatch(**{**read, "counts": unpack_counts(new.counts)}, tells_open=version >= _TELLS_OPEN)


def envelope_to_fields(envelope: BatchEnvelope) -> dict[str, str | int]:
    """The fields of the Redis message, beside "payload"."""
    return {name: getattr(envelope, name) for name in BatchEnvelope.__struct_fields__}


# What message_crc() reads of a message with all fields, on both sides of the payload, in two pieces of text.
_NAMES_BEFORE = sorted(name for name in BatchEnvelope.__struct_fields__ if name < "payload" and name != "crc")
_NAMES_BEHIND = sorted(name for name in BatchEnvelope.__struct_fields__ if name > "payload")
_FIELDS_BEFORE, _FIELDS_BEHIND = attrgetter(*_NAMES_BEFORE), attrgetter(*_NAMES_BEHIND)
_TEXT_BEFORE = "".join(f"{name}%s" for name in _NAMES_BEFORE) + "payload"
_TEXT_BEHIND = "".join(f"{name}%s" for name in _NAMES_BEHIND)


def sealed(envelope: BatchEnvelope, payload: bytes) -> BatchEnvelope:
    """The envelope with the CRC of its message."""
    before, behind = _TEXT_BEFORE % _FIELDS_BEFORE(envelope), _TEXT_BEHIND % _FIELDS_BEHIND(envelope)
    crc = crc32(behind.encode(), crc32(payload, crc32(before.encode())))
    return msgspec.structs.replace(envelope, crc=crc or 1)


def message_crc(fields: Mapping[bytes, bytes]) -> int:
    """CRC-32 of a Redis message, of all fields but "crc"; never 0. Redis itself checks no value it keeps on disk."""
    crc = 0
    for name in sorted(fields):
        if name != b"crc":
            crc = crc32(fields[name], crc32(name, crc))
    return crc or 1


def is_whole(fields: Mapping[bytes, bytes]) -> bool:
    """Whether a Redis message is as it was sent, as far as that can be told."""
    return fields.get(b"crc", b"0") in (b"0", str(message_crc(fields)).encode())


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
