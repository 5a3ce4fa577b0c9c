"""The rollup counts each batch once, whatever is sent twice, lost or moved."""

from __future__ import annotations

import socket
from collections.abc import Callable
from threading import Event, Timer

import pytest
import redis
from django.db import DataError, OperationalError

from collector.models import redis_keys
from collector.models.activity import Status
from collector.models.batch import BATCH_VERSION, Skipped, encode_batch
from collector.models.ingest_answer import Answer
from tests.integration.conftest import SteppedRollup
from tests.shipped_file import LINE_BYTES, ShippedFile, batch_of, counts_of, failure
from visualizer.core.incoming import Incoming
from visualizer.interfaces.history_writer import Counted, HistoryWriter
from visualizer.interfaces.rollup import ShardRollup
from visualizer.models.errors import LayoutMismatch
from visualizer.repo.histograms import decode_histogram
from visualizer.repo.history_models import Bucket, StaleBucket
from visualizer.repo.history_report import read_report
from visualizer.repo.models import DeadLetter, Failure, FirstStart, LostBytes, Source, SourceBytes, Total

NOW = 1_000_000
ONE_LINE = encode_batch(batch_of(counts_of(Status.START, second=NOW), received_s=NOW))


@pytest.fixture
def file(rollup: SteppedRollup, valkey_url: str) -> ShippedFile:
    """A file whose record is made."""
    file = ShippedFile(valkey_url)
    assert file.make() is Answer.OK
    return file


def started() -> int:
    return sum(Total.objects.values_list("started", flat=True))


def test_nothing_is_ingested_before_a_rollup_said_ready(valkey: redis.Redis, valkey_url: str) -> None:
    assert ShippedFile(valkey_url).make() is Answer.WAIT


def test_a_shipped_batch_is_counted_in_totals_and_both_buckets(rollup: SteppedRollup, file: ShippedFile) -> None:
    assert file.run(Status.START, Status.DONE, second=NOW - 7) is Answer.OK
    rollup.work()
    total = Total.objects.get()
    assert (total.started, total.done, total.failed, total.last_s) == (1, 1, 0, NOW - 7)
    assert sorted(Bucket.objects.values_list("width_s", "start_s", "started")) == [(1, NOW - 7, 1), (10, NOW - 10, 1)]
    assert list(StaleBucket.objects.values_list("width_s", "start_s")) == [(60, (NOW - 7) // 60 * 60)]
    assert Source.objects.get().high_water == 2 * LINE_BYTES


def test_nothing_is_counted_before_sql_knows_since_when(
    rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ShardRollup, "_each_second", lambda _: True)  # it would look for it anyway, a second later
    valkey.hset(redis_keys.FIRST_STARTS, "host", "77.5")
    file.run(Status.START, second=NOW)
    rollup.work(1)
    assert (started(), FirstStart.objects.get().at_s) == (1, 77.5)


def test_what_is_counted_leaves_the_stream(rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis) -> None:
    file.run(Status.START, second=NOW)
    rollup.work()
    assert valkey.xlen(redis_keys.batches(0)) == 0


def test_a_batch_that_comes_twice_is_counted_once(
    rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis
) -> None:
    file.run(Status.START, second=NOW)
    for _ in range(2):
        file.put_in_stream(valkey, ONE_LINE, start=0, end=LINE_BYTES)
        rollup.work()
    assert started() == 1
    assert file.in_redis(valkey)["epoch"] == "0", "a repeat is no gap"


def test_without_the_claim_a_repeat_is_counted_twice(
    make_rollup: Callable[..., SteppedRollup], valkey: redis.Redis, valkey_url: str
) -> None:
    rollup, file = make_rollup(claims=False), ShippedFile(valkey_url)
    for _ in range(2):
        file.put_in_stream(valkey, ONE_LINE, start=0, end=LINE_BYTES)
    rollup.work()
    assert started() == 2


def test_a_gap_sends_the_collector_back_to_the_mark(
    rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis
) -> None:
    file.run(Status.START, second=NOW)
    rollup.work()
    file.put_in_stream(valkey, ONE_LINE, start=500, end=600)
    rollup.work()
    record = file.in_redis(valkey)
    assert (record["offset"], record["epoch"]) == (str(LINE_BYTES), "1")
    assert record["tail_hash"] == Source.objects.get().tail_hash


def test_of_many_batches_behind_a_gap_only_one_rewinds(
    rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis
) -> None:
    for start in (500, 600, 700):
        file.put_in_stream(valkey, ONE_LINE, start=start, end=start + LINE_BYTES)
    rollup.work()
    assert file.in_redis(valkey)["epoch"] == "1"
    assert started() == 0


def test_an_overlap_is_not_counted_but_read_again(
    rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis
) -> None:
    file.run(Status.START, second=NOW)
    rollup.work()
    file.put_in_stream(valkey, ONE_LINE, start=50, end=150)
    rollup.work()
    assert started() == 1
    assert file.in_redis(valkey)["offset"] == str(LINE_BYTES)


def test_a_batch_that_fits_counts_whatever_its_epoch(
    rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis
) -> None:
    file.put_in_stream(valkey, ONE_LINE, start=500, end=600)
    file.put_in_stream(valkey, ONE_LINE, start=0, end=LINE_BYTES)
    rollup.work()
    assert started() == 1


def test_a_batch_that_cannot_be_read_is_put_aside_after_five_tries(
    rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis
) -> None:
    file.put_in_stream(valkey, b"\xc1 rubbish", start=0, end=300, lines=3)
    rollup.work(4)
    assert "cannot be read" in rollup.beat().problem
    assert not DeadLetter.objects.exists()
    file.put_in_stream(valkey, ONE_LINE, start=300, end=400)
    rollup.work(4)
    assert rollup.beat().problem == ""
    assert bytes(DeadLetter.objects.get().payload) == b"\xc1 rubbish"
    report = read_report(now_s=NOW)
    assert (report.bytes.dropped, report.bytes.parsed, report.bytes.read) == (300, 100, 400)


def test_a_batch_whose_bytes_do_not_add_up_is_put_aside(
    rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis
) -> None:
    file.put_in_stream(valkey, ONE_LINE, start=0, end=LINE_BYTES + 1)
    rollup.work(10)
    assert "add up to 100" in DeadLetter.objects.get().error


def test_a_message_that_says_nothing_of_itself_does_not_stand_in_the_way(
    rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis
) -> None:
    valkey.xadd(redis_keys.batches(0), {"payload": b"x"})
    file.run(Status.START, second=NOW)
    rollup.work(10)
    assert (started(), valkey.xlen(redis_keys.batches(0))) == (1, 0)


def test_a_batch_of_a_newer_eventscope_stops_the_shard_and_says_why(
    rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis
) -> None:
    file.put_in_stream(valkey, ONE_LINE, start=0, end=LINE_BYTES, version=BATCH_VERSION + 1)
    file.put_in_stream(valkey, ONE_LINE, start=0, end=LINE_BYTES)
    rollup.work(10)
    assert "version" in rollup.beat().problem
    assert (started(), valkey.xlen(redis_keys.batches(0))) == (0, 2)
    assert file.in_redis(valkey)["epoch"] == "0"


def test_a_batch_that_sql_refuses_is_found_among_others_and_put_aside(
    rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = HistoryWriter.count

    def refuse(self: HistoryWriter, incoming: list[Incoming], *, now_s: float) -> Counted:
        if any(m.batch and m.envelope and m.envelope.start == LINE_BYTES for m in incoming):
            raise DataError("value too long")
        return real(self, incoming, now_s=now_s)

    monkeypatch.setattr(HistoryWriter, "count", refuse)
    for _ in range(3):
        file.run(Status.START, second=NOW)
    stop = Event()
    Timer(4, stop.set).start()
    monkeypatch.setattr("visualizer.interfaces.rollup.RETRY_S", 0.01)
    wait_then_stop(rollup, stop, lambda: not valkey.xlen(redis_keys.batches(0)))
    assert started() == 2
    assert "value too long" in DeadLetter.objects.get().error


def test_a_database_that_cannot_be_written_is_waited_for(
    rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = HistoryWriter.count
    problems: list[str] = []

    def locked(self: HistoryWriter, incoming: list[Incoming], *, now_s: float) -> Counted:
        if len(problems) < 8:
            problems.append(rollup.beat().problem)
            raise OperationalError("database is locked")
        return real(self, incoming, now_s=now_s)

    monkeypatch.setattr(HistoryWriter, "count", locked)
    monkeypatch.setattr("visualizer.interfaces.rollup.RETRY_S", 0.01)
    file.run(Status.START, second=NOW)
    stop = Event()
    Timer(4, stop.set).start()
    wait_then_stop(rollup, stop, lambda: not valkey.xlen(redis_keys.batches(0)))
    assert started() == 1, "it is tried for ever, not five times"
    assert not DeadLetter.objects.exists()


def wait_then_stop(rollup: SteppedRollup, stop: Event, done: Callable[[], bool]) -> None:
    """Run the loop itself until it is done with something."""
    rollup.whenever = lambda: stop.set() if done() else None
    rollup.rollup.run(stop)


def test_counts_of_two_ticks_are_summed_and_histograms_merged(rollup: SteppedRollup, file: ShippedFile) -> None:
    for _ in range(2):
        file.run(Status.DONE, second=NOW, durations={7: 1}, stream_ages={9: 1})
        rollup.work()
    for bucket in Bucket.objects.all():
        assert (bucket.done, decode_histogram(bucket.durations)) == (2, {7: 2})
        assert decode_histogram(bucket.stream_ages) == {9: 2}


def test_a_line_older_than_the_retention_is_skipped_as_too_old(rollup: SteppedRollup, file: ShippedFile) -> None:
    file.ship(batch_of(counts_of(Status.DONE, second=NOW - 90_000), received_s=NOW))
    rollup.work()
    assert read_report(now_s=NOW).skipped == {"too_old": 1}
    assert not Total.objects.exists()


def test_a_line_of_a_quarter_of_an_hour_ago_has_no_1_s_bucket(rollup: SteppedRollup, file: ShippedFile) -> None:
    file.ship(batch_of(counts_of(Status.DONE, second=NOW - 901), received_s=NOW))
    rollup.work()
    assert list(Bucket.objects.values_list("width_s", flat=True)) == [10]


def test_a_line_from_the_future_counts_when_it_was_read_and_is_noted(rollup: SteppedRollup, file: ShippedFile) -> None:
    file.ship(batch_of(counts_of(Status.DONE, second=NOW + 400), received_s=NOW - 3))
    rollup.work()
    assert Bucket.objects.get(width_s=1).start_s == NOW - 3
    assert SourceBytes.objects.get(fate="skewed").lines == 1
    assert read_report(now_s=NOW).bytes.parsed == LINE_BYTES


def test_every_byte_is_parsed_skipped_or_dropped(rollup: SteppedRollup, file: ShippedFile) -> None:
    batch = batch_of(counts_of(Status.START, Status.FAILED, second=NOW), received_s=NOW)
    batch.skipped |= {"stats": Skipped(2, 30), "unparsable": Skipped(1, 7)}
    file.ship(batch)
    rollup.work()
    report = read_report(now_s=NOW)
    assert report.skipped == {"stats": 2, "unparsable": 1}
    assert report.bytes.read == report.bytes.parsed + report.bytes.skipped == 237


def test_the_newest_hundred_failures_of_an_activity_are_kept(rollup: SteppedRollup, file: ShippedFile) -> None:
    for part in range(3):
        failures = [failure(timestamp_s=NOW - 500 + part * 40 + n, cause=f"no {n}\0") for n in range(40)]
        file.ship(batch_of(counts_of(Status.FAILED, second=NOW), received_s=NOW, failures=failures))
        rollup.work()
    assert Failure.objects.count() == 100
    oldest = Failure.objects.order_by("timestamp_s")[0]
    assert (oldest.timestamp_s, oldest.cause) == (NOW - 480, "no 20\ufffd")


def test_new_files_get_a_row_before_anything_of_them_is_shipped(
    rollup: SteppedRollup, valkey: redis.Redis, valkey_url: str
) -> None:
    file = ShippedFile(valkey_url)
    file.record = file.record_at_end(offset=700)
    file.make()
    rollup.work()
    source = Source.objects.get()
    assert (source.first_offset, source.high_water, source.tail_hash) == (700, 700, "cc")
    assert valkey.scard(redis_keys.new_files(0)) == 0


def test_lost_bytes_are_remembered_once(rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis) -> None:
    for size in (50, 40):
        valkey.hset(redis_keys.lost(0), f"{file.record.file_id}:0:rotated", size)
        rollup.work()
    assert read_report(now_s=NOW).lost == {"rotated": 50}
    assert (LostBytes.objects.count(), valkey.hlen(redis_keys.lost(0))) == (1, 0)


def test_redis_of_another_installation_is_refused(
    make_rollup: Callable[..., SteppedRollup], valkey: redis.Redis
) -> None:
    valkey.set(redis_keys.LAYOUT, "1:16")
    with pytest.raises(LayoutMismatch, match="1:16"):
        make_rollup().work()


def test_a_second_rollup_waits_for_the_shard(
    rollup: SteppedRollup, make_rollup: Callable[..., SteppedRollup], valkey: redis.Redis
) -> None:
    second = make_rollup()
    valkey.set(redis_keys.lease(0), "another-machine:1:ff")
    second.work(1)
    assert not second.is_attached
    valkey.delete(redis_keys.lease(0))
    second.work(1)
    assert second.is_attached


def test_the_lease_of_a_dead_process_of_this_machine_is_taken_at_once(
    make_rollup: Callable[..., SteppedRollup], valkey: redis.Redis, dead_pid: int
) -> None:
    valkey.set(redis_keys.lease(0), f"{socket.gethostname()}:{dead_pid}:ff")
    rollup = make_rollup()
    rollup.work(1)
    assert rollup.is_attached


def test_a_topology_is_asked_for_when_something_is_new_and_not_otherwise(
    rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis
) -> None:
    asked = []
    for change in (lambda: None, lambda: file.run(Status.START, second=NOW), lambda: None,
                   lambda: valkey.incr(redis_keys.CONFIG_VERSION), lambda: None):  # fmt: skip
        change()
        rollup.work(6)
        asked.append(rollup.topologies_asked)
    assert asked == [1, 2, 2, 3, 3]
