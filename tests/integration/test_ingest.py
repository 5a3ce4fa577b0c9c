"""The ingest script and the records of files, on a real Valkey."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import redis
from msgspec.structs import replace
from redis.asyncio import Redis

from collector.models import redis_keys
from collector.models.batch import envelope_from_fields
from collector.models.errors import StoreUnavailable
from collector.models.file_record import FileRecord
from collector.models.ingest_answer import Answer, IngestAnswer
from collector.models.log_span import LogSpan
from collector.repo.file_records import FileRecords
from collector.repo.ingest import (
    MAX_MIDDLE_WAITING,
    MAX_PAYLOAD_BYTES,
    MAX_SMALL_WAITING,
    MAX_WAITING,
    MIDDLE_PAYLOAD_BYTES,
    SMALL_PAYLOAD_BYTES,
    ShippedBatch,
    ingest,
)
from collector.repo.ingest_connections import IngestConnections

NEW = FileRecord(file_id="f" * 24, head_bytes=10, head_hash="aa", path="/logs/a.log", host_id="h")
RECORD = redis_keys.file_record(0, NEW.file_id)


@pytest.fixture
async def client(valkey: redis.Redis, valkey_url: str) -> AsyncIterator[Redis]:
    """A client on a Valkey that a rollup has made ready and that has the record NEW."""
    client = Redis.from_url(valkey_url, socket_timeout=60)
    valkey.set(redis_keys.ready(0), "1")
    await FileRecords(client).make(0, NEW)
    yield client
    await client.aclose()


async def ship(client: Redis, record: FileRecord, end: int, payload: bytes = b"p") -> IngestAnswer:
    """Ingest [record.offset, end)."""
    (answer,) = await ship_all(client, [batch_of(record, end, payload)])
    return answer


async def ship_all(client: Redis, batches: list[ShippedBatch]) -> list[IngestAnswer]:
    """Ingest batches in one go."""
    connections = IngestConnections(client)
    try:
        return await ingest(connections, batches)
    finally:
        await connections.close()


def batch_of(record: FileRecord, end: int, payload: bytes = b"p") -> ShippedBatch:
    """The batch of [record.offset, end)."""
    return ShippedBatch(LogSpan(record, 0, end, f"tail{end}"), payload, 1)


async def test_a_batch_that_fits_waits_and_moves_its_record(client: Redis, valkey: redis.Redis) -> None:
    answer = await ship(client, NEW, 100)
    assert answer == IngestAnswer(Answer.OK, replace(NEW, offset=100, tail_hash="tail100"))
    messages: Any = valkey.xrange(redis_keys.batches(0))
    ((_, fields),) = messages
    envelope = envelope_from_fields(fields)
    assert (envelope.start, envelope.end, envelope.lines, envelope.path) == (0, 100, 1, "/logs/a.log")
    assert fields[b"payload"] == b"p"
    assert (await FileRecords(client).read(0, [NEW.file_id])) == [answer.record]


async def test_a_repeat_is_told_to_seek_and_adds_nothing(client: Redis, valkey: redis.Redis) -> None:
    first = await ship(client, NEW, 100)
    assert await ship(client, NEW, 100) == IngestAnswer(Answer.SEEK, first.record)
    assert valkey.xlen(redis_keys.batches(0)) == 1


async def test_of_two_rivals_one_wins_and_the_other_goes_on_from_there(client: Redis, valkey: redis.Redis) -> None:
    await ship(client, NEW, 100)
    rival = await ship(client, NEW, 70)
    assert rival.record is not None
    assert (rival.answer, rival.record.offset) == (Answer.SEEK, 100)
    assert (await ship(client, rival.record, 170)).answer is Answer.OK
    assert valkey.xlen(redis_keys.batches(0)) == 2


@pytest.mark.parametrize("field", ["generation", "epoch"])
async def test_a_batch_from_before_a_rewind_or_a_truncation_is_told_to_seek(
    client: Redis, valkey: redis.Redis, field: str
) -> None:
    valkey.hincrby(RECORD, field, 1)
    answer = await ship(client, NEW, 100)
    assert answer.answer is Answer.SEEK
    assert getattr(answer.record, field) == 1


async def test_a_record_that_is_gone_is_said_to_be_gone(client: Redis, valkey: redis.Redis) -> None:
    valkey.delete(RECORD)
    assert await ship(client, NEW, 100) == IngestAnswer(Answer.SEEK, None)


async def test_a_closed_record_takes_nothing_more(client: Redis) -> None:
    assert (await FileRecords(client).set_ended(0, NEW, ended=True)).answer is Answer.OK
    answer = await ship(client, NEW, 100)
    assert answer == IngestAnswer(Answer.SEEK, replace(NEW, ended=True))


async def test_nothing_is_taken_before_a_rollup_has_made_redis_ready(client: Redis, valkey: redis.Redis) -> None:
    valkey.delete(redis_keys.ready(0))
    assert (await ship(client, NEW, 100)).answer is Answer.WAIT
    assert (await FileRecords(client).make(0, replace(NEW, file_id="other"))).answer is Answer.WAIT
    assert (await FileRecords(client).raise_generation(0, NEW, path="")).answer is Answer.WAIT
    assert await FileRecords(client).moved(0, [replace(NEW, offset=1)]) == {}


async def test_a_full_shard_is_busy_but_a_repeat_is_still_told_to_seek(client: Redis, valkey: redis.Redis) -> None:
    record = (await ship(client, NEW, 1)).record or NEW
    fill(valkey, to=MAX_WAITING)
    large = b"x" * (MIDDLE_PAYLOAD_BYTES + 1)
    assert (await ship(client, record, 1000, large)).answer is Answer.BUSY
    assert (await ship(client, NEW, 1, large)).answer is Answer.SEEK


async def test_small_batches_are_taken_where_large_ones_have_to_wait(client: Redis, valkey: redis.Redis) -> None:
    fill(valkey, to=MAX_WAITING)
    record = (await ship(client, NEW, 1, b"x" * MIDDLE_PAYLOAD_BYTES)).record or NEW
    fill(valkey, to=MAX_MIDDLE_WAITING)
    assert (await ship(client, record, 2, b"x" * MIDDLE_PAYLOAD_BYTES)).answer is Answer.BUSY
    record = (await ship(client, record, 2, b"x" * SMALL_PAYLOAD_BYTES)).record or NEW
    fill(valkey, to=MAX_SMALL_WAITING)
    assert (await ship(client, record, 3)).answer is Answer.BUSY


async def test_each_batch_of_a_haul_has_its_own_answer(client: Redis, valkey: redis.Redis) -> None:
    files = [replace(NEW, file_id=file_id) for file_id in ("moved", "gone", "damaged", "large", "fits")]
    for file in files:
        await FileRecords(client).make(0, file)
    moved = replace(files[0], offset=7)
    valkey.hset(redis_keys.file_record(0, "moved"), "offset", 7)
    valkey.delete(redis_keys.file_record(0, "gone"))
    valkey.hset(redis_keys.file_record(0, "damaged"), "offset", "many")
    fill(valkey, to=MAX_WAITING)
    payloads = [b"p", b"p", b"p", b"x" * (MIDDLE_PAYLOAD_BYTES + 1), b"p"]
    answers = await ship_all(client, [batch_of(*each) for each in zip(files, [9] * 5, payloads, strict=True)])
    assert answers == [
        IngestAnswer(Answer.SEEK, moved),
        IngestAnswer(Answer.SEEK),
        IngestAnswer(Answer.SEEK),
        IngestAnswer(Answer.BUSY),
        IngestAnswer(Answer.OK, replace(files[4], offset=9, tail_hash="tail9")),
    ]
    assert valkey.xlen(redis_keys.batches(0)) == MAX_WAITING + 1


def fill(valkey: redis.Redis, *, to: int) -> None:
    """Have this many messages wait."""
    for _ in range(to - int(valkey.xlen(redis_keys.batches(0)))):
        valkey.xadd(redis_keys.batches(0), {"any": "message"})


async def test_a_payload_over_the_limit_is_not_even_sent(client: Redis, valkey: redis.Redis) -> None:
    assert (await ship(client, NEW, 100, b"x" * (MAX_PAYLOAD_BYTES + 1))).answer is Answer.TOO_LARGE
    assert valkey.xlen(redis_keys.batches(0)) == 0
    assert (await ship(client, NEW, 100, b"x" * MAX_PAYLOAD_BYTES)).answer is Answer.OK


async def test_a_server_that_forgot_its_scripts_is_sent_them_again(client: Redis, valkey: redis.Redis) -> None:
    await ship(client, NEW, 100)
    valkey.script_flush()
    assert (await ship(client, NEW, 100)).answer is Answer.SEEK


async def test_a_server_that_is_away_is_unavailable_and_the_error_has_no_secret() -> None:
    client = Redis.from_url("redis://:hunter2@127.0.0.1:1/0")
    with pytest.raises(StoreUnavailable) as caught:
        await ship(client, NEW, 100)
    assert "hunter2" not in str(caught.value)
    await client.aclose()


async def test_a_record_is_made_once_and_the_rollup_is_told(client: Redis, valkey: redis.Redis) -> None:
    again = await FileRecords(client).make(0, replace(NEW, offset=5))
    assert again == IngestAnswer(Answer.SEEK, NEW)
    assert valkey.smembers(redis_keys.new_files(0)) == {NEW.file_id.encode()}
    assert await FileRecords(client).read_all(1) == [NEW]


async def test_a_generation_is_raised_by_the_first_who_sees_it(client: Redis, valkey: redis.Redis) -> None:
    await ship(client, NEW, 100)
    valkey.delete(redis_keys.new_files(0))
    raised = await FileRecords(client).raise_generation(0, NEW, path="/logs/b.log")
    assert raised == IngestAnswer(Answer.OK, replace(NEW, generation=1, path="/logs/b.log"))
    assert await FileRecords(client).raise_generation(0, NEW, path="") == IngestAnswer(Answer.SEEK, raised.record)
    assert valkey.smembers(redis_keys.new_files(0)) == {NEW.file_id.encode()}


async def test_moved_tells_only_records_that_stand_elsewhere(client: Redis, valkey: redis.Redis) -> None:
    records = FileRecords(client)
    still, gone = replace(NEW, file_id="still"), replace(NEW, file_id="gone")
    for record in (still, gone):
        await records.make(0, record)
    valkey.hset(RECORD, mapping={"offset": 7, "epoch": 1})
    valkey.delete(redis_keys.file_record(0, "gone"))
    moved = await records.moved(0, [still, NEW, gone])
    assert moved == {NEW.file_id: replace(NEW, offset=7, epoch=1), "gone": None}


async def test_lost_bytes_are_said_once(client: Redis, valkey: redis.Redis) -> None:
    for size_bytes in (10, 99):
        await FileRecords(client).add_lost(0, NEW, reason="deleted", size_bytes=size_bytes)
    assert valkey.hgetall(redis_keys.lost(0)) == {f"{NEW.file_id}:0:deleted".encode(): b"10"}
