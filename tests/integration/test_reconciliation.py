"""Whatever Redis or SQL forgets, the records agree with what is counted again, also of files nobody writes to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import redis

from collector.models import redis_keys
from collector.models.activity import Status
from collector.models.ingest_answer import Answer
from tests.integration.conftest import SteppedRollup
from tests.shipped_file import LINE_BYTES, ShippedFile
from visualizer.repo.models import Source, Total

NOW = 1_000_000


@pytest.fixture
def file(rollup: SteppedRollup, valkey_url: str) -> ShippedFile:
    """A file of which two lines are counted."""
    file = ShippedFile(valkey_url)
    file.make()
    for _ in range(2):
        assert file.run(Status.START, second=NOW) is Answer.OK
    rollup.work()
    return file


def place(file: ShippedFile, client: redis.Redis) -> tuple[int, int, int]:
    record = file.in_redis(client)
    return int(record["generation"]), int(record["epoch"]), int(record["offset"])


def test_an_emptied_redis_gets_its_records_back(rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis) -> None:
    before = file.in_redis(valkey)
    valkey.flushall()
    rollup.work()
    after = file.in_redis(valkey)
    assert place(file, valkey) == (0, 1, 2 * LINE_BYTES)
    assert {**after, "epoch": before["epoch"]} == before
    assert valkey.exists(redis_keys.ready(0))


def test_a_collector_goes_on_after_redis_was_emptied(
    rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis
) -> None:
    valkey.flushall()
    assert file.run(Status.START, second=NOW) is Answer.WAIT
    rollup.work()
    assert file.run(Status.START, second=NOW) is Answer.SEEK
    assert file.run(Status.START, second=NOW) is Answer.OK
    rollup.work()
    assert Total.objects.get().started == 3


def test_sql_that_is_an_older_copy_sends_a_quiet_file_back(
    rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis
) -> None:
    Source.objects.update(high_water=LINE_BYTES, tail_hash="older")
    rollup.work()
    assert place(file, valkey) == (0, 1, LINE_BYTES)
    assert file.in_redis(valkey)["tail_hash"] == "older"


def test_sql_that_never_heard_of_a_quiet_file_reads_it_from_its_beginning(
    rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis
) -> None:
    Source.objects.all().delete()
    rollup.work(8)
    assert place(file, valkey) == (0, 1, 0)
    assert Source.objects.get().high_water == 0


def test_redis_that_lost_its_last_writes_is_raised_to_the_mark(
    rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis
) -> None:
    valkey.hset(redis_keys.file_record(0, file.record.file_id), "offset", LINE_BYTES)
    rollup.work()
    assert place(file, valkey) == (0, 1, 2 * LINE_BYTES)


def test_redis_that_lost_a_generation_gets_it_back(
    rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis
) -> None:
    Source.objects.update(generation=3)
    rollup.work()
    assert place(file, valkey) == (3, 1, 2 * LINE_BYTES)


def test_a_damaged_record_is_made_anew(rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis) -> None:
    valkey.hset(redis_keys.file_record(0, file.record.file_id), "offset", "many")
    rollup.work()
    assert place(file, valkey) == (0, 1, 2 * LINE_BYTES)


def test_a_record_whose_batches_are_on_the_way_is_left_alone(
    rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis
) -> None:
    for _ in range(3):
        file.run(Status.START, second=NOW)
        rollup.work(1)
    rollup.work()
    assert place(file, valkey) == (0, 0, 5 * LINE_BYTES)


def test_a_file_that_is_gone_for_a_day_leaves_redis_and_stays_in_sql(
    rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis
) -> None:
    valkey.hset(redis_keys.file_record(0, file.record.file_id), "ended", 1)
    rollup.work()
    assert file.in_redis(valkey), "it may come back"
    rollup.now_s += 86_401
    rollup.work(8)
    assert not file.in_redis(valkey)
    assert Source.objects.get().ended


def test_a_restarted_rollup_reads_what_waits_from_the_start(
    rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis
) -> None:
    file.run(Status.DONE, second=NOW)
    rollup.is_attached = False
    rollup.work()
    assert (Total.objects.get().done, valkey.xlen(redis_keys.batches(0))) == (1, 0)


def test_an_index_that_is_lost_is_made_anew(rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis) -> None:
    valkey.delete(redis_keys.file_index(0))
    rollup.work()
    assert valkey.smembers(redis_keys.file_index(0)) == {file.record.file_id.encode()}


@pytest.mark.parametrize("name", [redis_keys.file_index, redis_keys.batches, redis_keys.lost])
def test_a_key_that_somebody_else_wrote_is_put_aside_and_made_anew(
    rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis, name: Callable[[int], str]
) -> None:
    valkey.delete(name(0))
    valkey.set(name(0), "not what it should be")
    with pytest.raises(redis.ResponseError, match="WRONGTYPE"):
        rollup.work()
    rollup.is_attached = False
    rollup.work()
    assert file.run(Status.START, second=NOW) is Answer.OK
    rollup.work()
    assert Total.objects.get().started == 3
    assert valkey.get(f"{name(0)}:quarantine") == b"not what it should be"


def test_a_record_that_somebody_else_wrote_is_put_aside_and_made_anew(
    rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis
) -> None:
    key = redis_keys.file_record(0, file.record.file_id)
    valkey.delete(key)
    valkey.rpush(key, "not what it should be")
    rollup.work()
    assert place(file, valkey) == (0, 1, 2 * LINE_BYTES)
    assert valkey.type(f"{key}:quarantine") == b"list"
