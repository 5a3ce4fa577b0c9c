"""Makes a batch of a message of the stream, or says why it is none."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import msgspec

from collector.models.batch import (
    BATCH_VERSION,
    BatchEnvelope,
    LogBatch,
    decode_batch,
    envelope_from_fields,
    is_whole,
)
from collector.models.errors import UnknownBatchVersion
from visualizer.core.batch_check import check_batch
from visualizer.models.errors import DamagedBatch

#: Widths of the columns an envelope's texts go to.
_FILE_ID_CHARS, _HASH_CHARS, _COLLECTOR_CHARS = 32, 16, 160
#: More than any file has, and less than a column holds.
_MOST_BYTES = 2**60


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message that was read."""

    #: Its id in the stream.
    message_id: bytes
    #: Where its bytes stand; None when not even that can be read.
    envelope: BatchEnvelope | None
    #: What they say; None when it cannot be read.
    batch: LogBatch | None
    #: The payload as it came.
    payload: bytes
    #: Why it cannot be read; "" when it can.
    error: str = ""
    #: It is not what a collector sent: its lines are to be had once more. Nothing it says can be relied on.
    is_torn: bool = False


def read_incoming(message_id: bytes, fields: Mapping[bytes, bytes]) -> Incoming:
    """
    Decode and check a message.

    Raises:
        UnknownBatchVersion: a newer Eventscope wrote it; it must wait for one that can read it.
    """
    payload = fields.get(b"payload", b"")
    envelope = None
    if not is_whole(fields):
        with suppress(msgspec.ValidationError, DamagedBatch, UnknownBatchVersion):
            envelope = _checked(envelope_from_fields(fields))
        return Incoming(message_id, envelope, None, payload, error="it was damaged after it was sent", is_torn=True)
    try:
        envelope = _checked(envelope_from_fields(fields))
        batch = decode_batch(payload, version=envelope.version)
        check_batch(batch, size_bytes=envelope.end - envelope.start)
    except (msgspec.DecodeError, DamagedBatch, ValueError, RecursionError) as exc:
        return Incoming(message_id, envelope, None, payload, error=f"{type(exc).__name__}: {exc}"[:500])
    return Incoming(message_id, envelope, batch, payload)


def _checked(envelope: BatchEnvelope) -> BatchEnvelope:
    if envelope.version > BATCH_VERSION:
        raise UnknownBatchVersion(
            f"a batch has version {envelope.version}, this rollup reads up to {BATCH_VERSION}: update it"
        )
    numbers = (envelope.generation, envelope.epoch, envelope.start, envelope.lines, envelope.first_offset)
    if min(*numbers, envelope.head_bytes) < 0 or not envelope.start < envelope.end < _MOST_BYTES:
        raise DamagedBatch(f"expected start < end and no negative numbers, came {envelope.start}–{envelope.end}")
    if max(envelope.generation, envelope.epoch, envelope.head_bytes) >= 2**31 or envelope.lines > envelope.end:
        raise DamagedBatch("a number of the envelope is too large")
    if len(envelope.file_id) > _FILE_ID_CHARS or not envelope.file_id.isalnum():
        raise DamagedBatch("expected a file id of at most 32 letters and digits")
    if max(len(envelope.tail_hash), len(envelope.head_hash)) > _HASH_CHARS:
        raise DamagedBatch("a hash of the envelope is too long")
    if len(envelope.collector) > _COLLECTOR_CHARS or "\0" in envelope.collector:
        raise DamagedBatch("expected a collector's id of at most 160 characters")
    return envelope
