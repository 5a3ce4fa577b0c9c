"""Ingest: one batch and the new place of its record in one step, or neither. docs/delivery.md, item 3."""

from __future__ import annotations

import msgspec
from redis.asyncio import Redis

from collector.lib.failpoint import failpoint
from collector.models import redis_keys
from collector.models.batch import BatchEnvelope, envelope_to_fields
from collector.models.ingest_answer import Answer, IngestAnswer
from collector.models.log_span import LogSpan
from collector.repo.file_records import parse_record
from collector.repo.script import Script, flat_fields

#: Batches that may wait in a shard: with the payload's limit, 16 MiB.
MAX_WAITING = 64
#: One payload: a message that Redis moves in well under a millisecond.
MAX_PAYLOAD_BYTES = 256 * 1024

# SEEK before BUSY: a repeat is told so at once, however much waits.
_INGEST = Script(
    """
    local ready, batches, record = KEYS[1], KEYS[2], KEYS[3]
    local generation, epoch, first, last, tail, path, most = unpack(ARGV, 1, 7)
    if redis.call('EXISTS', ready) == 0 then return {'WAIT', {}} end
    local now = redis.call('HMGET', record, 'generation', 'epoch', 'offset', 'ended')
    if now[1] ~= generation or now[2] ~= epoch or now[3] ~= first or now[4] == '1' then
        return {'SEEK', redis.call('HGETALL', record)}
    end
    if redis.call('XLEN', batches) >= tonumber(most) then return {'BUSY', {}} end
    redis.call('XADD', batches, '*', unpack(ARGV, 8))
    redis.call('HSET', record, 'offset', last, 'tail_hash', tail, 'path', path)
    return {'OK', {}}
    """
)


async def ingest(redis: Redis, *, span: LogSpan, payload: bytes, lines: int) -> IngestAnswer:
    """
    Hand over the batch of a span.

    Args:
        payload: encode_batch() of what the span says.
        lines: how many lines it has.

    Returns:
        OK with the record behind the batch; SEEK with the record to go on from (None: Redis has none); BUSY, WAIT
        or TOO_LARGE without one.

    Raises:
        StoreUnavailable: no answer; it may have happened. Asking again is safe and answered with SEEK.
    """
    if len(payload) > MAX_PAYLOAD_BYTES:
        return IngestAnswer(Answer.TOO_LARGE)
    record, shard = span.record, span.shard
    fields: list[str | int | bytes] = [*flat_fields(envelope_to_fields(_envelope(span, lines))), "payload", payload]
    place = (record.generation, record.epoch, span.start, span.end, span.tail_hash, record.path, MAX_WAITING)
    keys = [redis_keys.ready(shard), redis_keys.batches(shard), redis_keys.file_record(shard, record.file_id)]
    word, flat = await _INGEST.run(redis, keys=keys, args=[*place, *fields])
    failpoint("after_ingest")
    answer = Answer(word.decode())
    if answer is Answer.OK:
        return IngestAnswer(answer, msgspec.structs.replace(record, offset=span.end, tail_hash=span.tail_hash))
    return IngestAnswer(answer, parse_record(flat))


def _envelope(span: LogSpan, lines: int) -> BatchEnvelope:
    record = span.record
    return BatchEnvelope(
        file_id=record.file_id,
        generation=record.generation,
        epoch=record.epoch,
        start=span.start,
        end=span.end,
        lines=lines,
        tail_hash=span.tail_hash,
        first_offset=record.first_offset,
        head_bytes=record.head_bytes,
        head_hash=record.head_hash,
        path=record.path,
    )
