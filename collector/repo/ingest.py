"""
Ingest: the batches of one wake-up and the new places of their records in one step; of each batch both or neither.
docs/delivery.md, items 2 and 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha1
from typing import Any

import msgspec

from collector.lib.failpoint import failpoint
from collector.models import redis_keys
from collector.models.batch import BatchEnvelope, sealed
from collector.models.errors import RecordDamaged
from collector.models.ingest_answer import Answer, IngestAnswer
from collector.models.log_span import LogSpan
from collector.repo.file_records import parse_record
from collector.repo.ingest_connections import IngestConnections

#: Batches that may wait in a shard: with the payload's limit, 16 MiB.
MAX_WAITING = 64
#: Where a payload is smaller more may wait, 16 MiB again: the more a rollup adds up at once, the less it writes.
MAX_MIDDLE_WAITING = 256
MIDDLE_PAYLOAD_BYTES = 64 * 1024
#: A trickle over many files is no burden, 4 MiB.
MAX_SMALL_WAITING = 1024
SMALL_PAYLOAD_BYTES = 4 * 1024
#: One payload: a message that Redis moves in well under a millisecond.
MAX_PAYLOAD_BYTES = 256 * 1024

_FIELDS = BatchEnvelope.__struct_fields__
_STRIDE = len(_FIELDS) + 1
_PLACE = {name: place + 1 for place, name in enumerate(_FIELDS)}

# KEYS: ready, batches, then a record a batch. ARGV: for each batch the envelope's values and the payload.
# SEEK before BUSY: a repeat is told so at once, however much waits.
_INGEST = f"""
if redis.call('EXISTS', KEYS[1]) == 0 then return 'WAIT' end
local waiting = redis.call('XLEN', KEYS[2])
local answers = {{}}
for batch = 3, #KEYS do
    local at = (batch - 3) * {_STRIDE}
    local record = KEYS[batch]
    local now = redis.call('HMGET', record, 'generation', 'epoch', 'offset', 'ended')
    local size, most = #ARGV[at + {_STRIDE}], {MAX_WAITING}
    if size <= {MIDDLE_PAYLOAD_BYTES} then most = {MAX_MIDDLE_WAITING} end
    if size <= {SMALL_PAYLOAD_BYTES} then most = {MAX_SMALL_WAITING} end
    if now[1] ~= ARGV[at + {_PLACE["generation"]}] or now[2] ~= ARGV[at + {_PLACE["epoch"]}]
        or now[3] ~= ARGV[at + {_PLACE["start"]}] or now[4] == '1' then
        answers[#answers + 1] = redis.call('HGETALL', record)
    elseif waiting >= most then
        answers[#answers + 1] = 'BUSY'
    else
        redis.call('XADD', KEYS[2], '*',
            {", ".join(f"'{name}', ARGV[at + {place}]" for name, place in _PLACE.items())},
            'payload', ARGV[at + {_STRIDE}])
        redis.call('HSET', record, 'offset', ARGV[at + {_PLACE["end"]}],
            'tail_hash', ARGV[at + {_PLACE["tail_hash"]}], 'path', ARGV[at + {_PLACE["path"]}])
        waiting = waiting + 1
        answers[#answers + 1] = 'OK'
    end
end
return answers
"""
_SHA = sha1(_INGEST.encode()).hexdigest()  # noqa: S324 – the name Redis gives it


class ShippedBatch(msgspec.Struct, frozen=True):
    """One batch on its way."""

    #: Where its lines stand.
    span: LogSpan
    #: encode_batch() of what they say.
    payload: bytes
    #: How many they are.
    lines: int
    #: Who read them (CollectorBeat.collector_id).
    collector: str = ""


async def ingest(connections: IngestConnections, batches: Sequence[ShippedBatch]) -> list[IngestAnswer]:
    """
    Hand over batches of one shard, at most one of a source.

    Returns:
        For each: OK with the record behind the batch; SEEK with the record to go on from (None: Redis has none
        that can be read); BUSY, WAIT or TOO_LARGE without one.

    Raises:
        StoreUnavailable: no answer; it may have happened. Asking again is safe and answered with SEEK.
    """
    sent = [batch for batch in batches if len(batch.payload) <= MAX_PAYLOAD_BYTES]
    answers = iter(await _ingest(connections, sent) if sent else ())
    return [
        next(answers) if len(batch.payload) <= MAX_PAYLOAD_BYTES else IngestAnswer(Answer.TOO_LARGE)
        for batch in batches
    ]


async def _ingest(connections: IngestConnections, batches: Sequence[ShippedBatch]) -> list[IngestAnswer]:
    shard = batches[0].span.shard
    keys = [redis_keys.ready(shard), redis_keys.batches(shard)]
    values: list[str | int | bytes] = []
    for batch in batches:
        keys.append(redis_keys.file_record(shard, batch.span.record.file_id))
        values += msgspec.structs.astuple(sealed(_envelope(batch), batch.payload))
        values.append(batch.payload)
    words = await connections.run(_INGEST, _SHA, keys=keys, args=values)
    failpoint("after_ingest")
    if words == b"WAIT":
        return [IngestAnswer(Answer.WAIT)] * len(batches)
    return [_answer(batch.span, word) for batch, word in zip(batches, words, strict=True)]


def _answer(span: LogSpan, word: Any) -> IngestAnswer:
    if word == b"OK":
        return IngestAnswer(Answer.OK, span.record_behind)
    if word == b"BUSY":
        return IngestAnswer(Answer.BUSY)
    try:
        return IngestAnswer(Answer.SEEK, parse_record(word))
    except RecordDamaged:
        # Whoever goes on from it reads it again, and is told.
        return IngestAnswer(Answer.SEEK)


def _envelope(batch: ShippedBatch) -> BatchEnvelope:
    span, record = batch.span, batch.span.record
    return BatchEnvelope(
        file_id=record.file_id,
        generation=record.generation,
        epoch=record.epoch,
        start=span.start,
        end=span.end,
        lines=batch.lines,
        tail_hash=span.tail_hash,
        first_offset=record.first_offset,
        head_bytes=record.head_bytes,
        head_hash=record.head_hash,
        path=record.path,
        collector=batch.collector,
    )
