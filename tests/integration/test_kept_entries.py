"""What is kept whole beside the counts: sampled entries, calls, the newest lines; and what is over goes."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
import redis

from collector.lib.sampling import EVERYTHING
from collector.lib.value_hash import value_hash
from collector.models import redis_keys
from collector.models.activity import ActivityKey, Status
from collector.models.batch import CallCount, LogBatch, NewLine
from collector.models.count_table import CountTable
from tests.integration.conftest import SteppedRollup
from tests.shipped_file import KEY, SERVER, ShippedFile, batch_of, counts_of, failure
from visualizer.core.sampling_threshold import FIRST, MOST_A_TICK
from visualizer.repo import compaction
from visualizer.repo.compaction import compact
from visualizer.repo.models import Activity, CallEdge, SampledEntry
from visualizer.repo.operations import find_requests
from visualizer.repo.tracked_models import TrackedValue

NOW = 1_000_000
ASKED = ActivityKey("stock.1x0", "", "count", "request")


@pytest.fixture
def file(rollup: SteppedRollup, valkey_url: str) -> ShippedFile:
    """A file whose record is made."""
    file = ShippedFile(valkey_url)
    file.make()
    return file


def sampled(count: int, **more: Any) -> LogBatch:
    entries = [
        failure(**{"timestamp_s": NOW - 1.0, "request_id": f"request {n}", "status": int(Status.DONE), **more})
        for n in range(count)
    ]
    return batch_of(counts_of(Status.DONE, second=NOW), received_s=NOW, samples=entries)


def test_a_sampled_entry_is_kept_whole(rollup: SteppedRollup, file: ShippedFile) -> None:
    file.ship(sampled(1, duration_ms=12.5, operation_id="op\0", message_id="1-0"))
    file.ship(sampled(1, timestamp_s=float("nan")))
    file.ship(sampled(1, timestamp_s=NOW - 90_000.0))
    rollup.work()
    kept = SampledEntry.objects.select_related("activity", "server").get()
    assert (kept.activity.event, kept.server.pid, kept.timestamp_s) == (KEY.event, SERVER.pid, NOW - 1)
    assert (kept.status, kept.duration_ms, kept.request_id) == (Status.DONE, 12.5, "request 0")
    assert (kept.operation_id, kept.message_id) == ("op\ufffd", "1-0")


@pytest.mark.parametrize("duration_ms", [-1.0, float("nan"), float("inf")])
def test_a_duration_that_is_none_is_not_kept(rollup: SteppedRollup, file: ShippedFile, duration_ms: float) -> None:
    file.ship(sampled(1, duration_ms=duration_ms))
    rollup.work()
    assert SampledEntry.objects.get().duration_ms is None


def test_a_flood_of_samples_is_cut_to_whole_operations(rollup: SteppedRollup, file: ShippedFile) -> None:
    file.ship(sampled(3000))
    rollup.work()
    assert 0 < SampledEntry.objects.count() <= MOST_A_TICK


def test_a_storm_of_tracked_headers_is_cut_to_the_newest(
    rollup: SteppedRollup, file: ShippedFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    for request in range(5):
        file.ship(sampled(1, tracked=(request,), request_id=str(request)))
        rollup.work()
    monkeypatch.setattr(compaction, "TRACKED", 3)
    compact(now_s=NOW, retention_s=86400, fine_s=900)
    assert sorted(TrackedValue.objects.values_list("value_hash", flat=True)) == [2, 3, 4]


def test_calls_of_two_ticks_are_summed(rollup: SteppedRollup, file: ShippedFile) -> None:
    for second, count, failed in ((NOW - 9, 1, 1), (NOW - 20, 2, 0), (NOW + 9999, 1, 0)):
        calls = [CallCount(second, 0, 1, count, failed)]
        counts = CountTable.of(counts_of(Status.DONE, second=NOW))
        file.ship(LogBatch(NOW, [KEY, ASKED], [SERVER], counts, {}, calls=calls))
        rollup.work(1)
    edge = CallEdge.objects.select_related("caller", "callee").get()
    assert (edge.caller.app, edge.callee.app) == (KEY.app, ASKED.app)
    assert (edge.count, edge.failed, edge.first_s, edge.last_s) == (4, 1, NOW - 20, NOW)


def test_the_newest_twenty_lines_of_an_activity_are_in_redis(
    rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis
) -> None:
    for start in (0, 15):
        lines = [NewLine(NOW + n / 100, 0, 0, "INFO", f"line {n}") for n in range(start, start + 15)]
        lines.append(NewLine(float("nan"), 0, 0, "INFO", "no time"))
        file.ship(batch_of(counts_of(Status.DONE, second=NOW), received_s=NOW, newest=lines))
        rollup.work(1)
    key = redis_keys.newest_lines(0, Activity.objects.get().pk)
    kept: Any = [msgspec.json.decode(text) for text in valkey.lrange(key, 0, -1)]
    assert [line["text"] for line in kept] == [f"line {n}" for n in range(29, 9, -1)]
    assert kept[0] == {"t": NOW + 0.29, "host": SERVER.host_name, "pid": SERVER.pid, "level": "INFO", "text": "line 29"}
    assert 3500 < valkey.ttl(key) <= 3600


def test_old_samples_go_and_so_do_too_many(
    rollup: SteppedRollup, file: ShippedFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.ship(sampled(5, timestamp_s=NOW - 80_000.0))
    file.ship(sampled(9))
    rollup.work()
    monkeypatch.setattr(compaction, "SAMPLES", 3)
    compact(now_s=NOW, retention_s=86400, fine_s=900)
    assert SampledEntry.objects.count() == 3
    compact(now_s=NOW + 90_000, retention_s=864000, fine_s=900)
    assert not SampledEntry.objects.exists()


def test_what_headers_held_is_kept_once_a_request_and_goes_with_the_samples(
    rollup: SteppedRollup, file: ShippedFile
) -> None:
    mine = value_hash(b"session 7")
    for _ in range(2):
        file.ship(sampled(2, tracked=(mine, mine, 8, -1, 2**63)))
        rollup.work()
    assert TrackedValue.objects.count() == 4
    assert sorted(find_requests("session 7")) == ["request 0", "request 1"]
    file.ship(sampled(1, timestamp_s=NOW - 1000.0, tracked=(9,), request_id=""))
    file.ship(sampled(1, timestamp_s=NOW - 1000.0, tracked=(9,), request_id="old"))
    rollup.work()
    assert TrackedValue.objects.count() == 5
    SampledEntry.objects.filter(timestamp_s__lt=NOW - 10).delete()
    compact(now_s=NOW, retention_s=86400, fine_s=900)
    assert TrackedValue.objects.count() == 4
    compact(now_s=NOW + 90_000, retention_s=864000, fine_s=900)
    assert not TrackedValue.objects.exists()


def test_the_threshold_is_told_again_after_redis_was_emptied(rollup: SteppedRollup, valkey: redis.Redis) -> None:
    assert valkey.get(redis_keys.SAMPLING) == b"%d" % FIRST
    valkey.delete(redis_keys.SAMPLING)
    rollup.work(1)
    assert valkey.get(redis_keys.SAMPLING) == b"%d" % FIRST


def test_the_threshold_rises_at_a_trickle_and_falls_in_a_flood(
    rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis
) -> None:
    told = []
    for samples in (1, 2000):
        file.ship(sampled(samples))
        rollup.work(2)
        told.append(int(valkey.get(redis_keys.SAMPLING) or b""))
        rollup.now_s += 1
    assert told[0] == EVERYTHING
    assert told[1] <= EVERYTHING / 8


def test_a_rollup_that_takes_over_goes_on_from_there(rollup: SteppedRollup, valkey: redis.Redis) -> None:
    valkey.set(redis_keys.SAMPLING, 2**20)
    rollup.is_attached = False
    rollup.work(2)
    assert valkey.get(redis_keys.SAMPLING) == b"%d" % 2**20
