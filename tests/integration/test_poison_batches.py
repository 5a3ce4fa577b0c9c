"""Whatever stands in the stream, the rollup gets past it and counts the rest."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
import redis

from collector.models import redis_keys
from collector.models.activity import Status
from collector.models.batch import encode_batch
from collector.models.ingest_answer import Answer
from tests.integration.conftest import SteppedRollup
from tests.shipped_file import LINE_BYTES, ShippedFile, batch_of, counts_of, failure
from visualizer.interfaces.batch_tries import MOST_TRIES
from visualizer.repo.history_report import read_report
from visualizer.repo.models import DeadLetter, Total

NOW = 1_000_000
HUGE = [2**31, 2**53 + 1, 2**63 - 1, 2**64 - 1, -1, -(2**63)]


def one_line(**more: Any) -> dict[str, Any]:
    """A good payload, as plain data."""
    failures = [failure(timestamp_s=float(NOW), offset=5)]
    batch = batch_of(counts_of(Status.FAILED, second=NOW), received_s=float(NOW), failures=failures)
    return {**msgspec.msgpack.decode(encode_batch(batch)), **more}


def poisons() -> list[bytes]:
    """Payloads that are damaged in one place each."""
    good, encode = one_line(), msgspec.msgpack.encode
    found = [b"", b"\xc1", encode([]), encode({}), b"\x81" * 3000, encode(good)[:-3]]
    numbers: list[Any] = [*HUGE, float("nan"), float("inf"), -float("inf"), "x", None, [], 1.5]
    for number in numbers:
        found += [encode({**good, "received_s": number})]
        found += [encode({**good, "skipped": {"stats": [number, number]}})]
        found += [encode({**good, "failures": [[number, 0, 0, 2, 5]]})]
        found += [encode({**good, "failures": [[float(NOW), 0, 0, 2, number]]})]
        found += [encode({**good, "failures": [[float(NOW), number, number, number, 5]]})]
        found += [encode({**good, "samples": [[float(NOW), 0, 0, number, number, "", "", "", "", "", number]]})]
        found += [
            encode({**good, "calls": [[number, 0, 0, 1, 0]]}),
            encode({**good, "calls": [[NOW, 0, 0, number, 0]]}),
        ]
        found += [encode({**good, "newest": [[number, 0, 0, "INFO", "text"]]})]
        columns = good["counts"]
        for place in range(len(columns)) if isinstance(columns, list) else columns:
            damaged = columns.copy()
            damaged[place] = number
            found.append(encode({**good, "counts": damaged}))
    return found


@pytest.mark.parametrize("part", range(6))
def test_54_no_payload_stands_in_the_way(
    rollup: SteppedRollup, valkey: redis.Redis, valkey_url: str, part: int
) -> None:
    payloads = poisons()[part::6]
    for number, payload in enumerate(payloads):
        poisoned = ShippedFile(valkey_url, file_id=f"{number:024x}")
        poisoned.put_in_stream(valkey, payload, start=0, end=LINE_BYTES, collector="a:1")
    good = ShippedFile(valkey_url)
    assert good.make() is Answer.OK
    assert good.run(Status.START, second=NOW) is Answer.OK
    rollup.work((MOST_TRIES + 1) * len(payloads) + 4)
    assert valkey.xlen(redis_keys.batches(0)) == 0
    assert sum(Total.objects.values_list("started", flat=True)) == 1
    size = read_report(now_s=NOW).bytes
    assert size.read == size.parsed + size.skipped + size.dropped == LINE_BYTES * (len(payloads) + 1)
    assert DeadLetter.objects.count() * LINE_BYTES == size.dropped


@pytest.mark.parametrize("field", ["generation", "epoch", "start", "end", "lines", "version", "file_id", "tail_hash"])
@pytest.mark.parametrize("value", [b"", b"x" * 70_000, b"-1", b"9" * 30, b"1e400", b"nan", b"\xff\x00", b"0"])
def test_54_no_envelope_stands_in_the_way(
    rollup: SteppedRollup, valkey: redis.Redis, valkey_url: str, field: str, value: bytes
) -> None:
    file = ShippedFile(valkey_url)
    file.make()
    file.run(Status.START, second=NOW)
    any_client: Any = valkey
    message_id, fields = any_client.xrange(redis_keys.batches(0))[0]
    any_client.xdel(redis_keys.batches(0), message_id)
    any_client.xadd(redis_keys.batches(0), {**fields, field.encode(): value, b"crc": b"0"})
    file.run(Status.START, second=NOW)
    rollup.work(12)
    if field == "version" and value in (b"9" * 30,):
        assert "version" in rollup.beat().problem
        return
    assert valkey.xlen(redis_keys.batches(0)) == 0
    size = read_report(now_s=NOW).bytes
    assert size.read == size.parsed + size.skipped + size.dropped


def test_34_what_was_damaged_is_read_again_and_the_second_time_put_aside(
    rollup: SteppedRollup, valkey: redis.Redis, valkey_url: str
) -> None:
    file = ShippedFile(valkey_url)
    file.make()
    file.run(Status.START, second=NOW)
    damage(valkey)
    rollup.work()
    assert (valkey.xlen(redis_keys.batches(0)), DeadLetter.objects.count()) == (0, 0)
    assert file.in_redis(valkey)["offset"] == "0"
    assert file.run(Status.START, second=NOW) is Answer.SEEK
    file.run(Status.START, second=NOW)
    damage(valkey)
    rollup.work(MOST_TRIES + 2)
    size = read_report(now_s=NOW).bytes
    assert (size.read, size.dropped, DeadLetter.objects.count()) == (LINE_BYTES, LINE_BYTES, 1)
    file.run(Status.START, second=NOW)
    rollup.work()
    assert read_report(now_s=NOW).bytes.parsed == LINE_BYTES


def damage(client: Any) -> None:
    """Change a byte in the middle of the payload of the one message that waits."""
    ((message_id, fields),) = client.xrange(redis_keys.batches(0))
    payload = bytearray(fields[b"payload"])
    payload[len(payload) // 2] ^= 0x10
    client.xdel(redis_keys.batches(0), message_id)
    client.xadd(redis_keys.batches(0), {**fields, b"payload": bytes(payload)})
