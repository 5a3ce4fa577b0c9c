"""The source log_files with the sink, on real files and a real Valkey: what needs more than one file's reading."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
import redis

from collector.applications.sources.log_files import following, settling
from collector.kernel.events import SourceEnded, SourceTruncated
from collector.models import redis_keys
from collector.models.activity import ActivityKey
from collector.models.batch import BATCH_VERSION, decode_batch, envelope_from_fields
from collector.models.keep import COUNTS_ONLY, Keep
from collector.models.parsed_chunk import ParsedChunk
from tests.following_world import HOST_ID, CollectorHere, EveryLine, LittleRollup

MakeCollector = Callable[..., CollectorHere]


@pytest.fixture
def rollup(valkey: redis.Redis) -> LittleRollup:
    """One that has made Redis ready."""
    rollup = LittleRollup(valkey)
    rollup.begin()
    return rollup


@pytest.fixture
def make(valkey_url: str, tmp_path: Path) -> Iterator[MakeCollector]:
    """Boots collectors on <tmp_path>/*.log; closes them after the test."""
    made: list[CollectorHere] = []

    def build(**options: Any) -> CollectorHere:
        made.append(CollectorHere(valkey_url, str(tmp_path / "*.log"), **options))
        made[-1].start()
        return made[-1]

    yield build
    for collector in made:
        collector.close()


def write(path: Path, *lines: str) -> None:
    with path.open("a") as file:
        file.writelines(f"{line}\n" for line in lines)


def waiting(valkey: redis.Redis) -> list[tuple[int, int]]:
    """Where each batch that waits begins and ends."""
    messages: Any = valkey.xrange(redis_keys.batches(0))
    return [(e.start, e.end) for e in (envelope_from_fields(fields) for _, fields in messages)]


def lost(valkey: redis.Redis) -> dict[str, int]:
    """Reason → bytes."""
    found: Any = valkey.hgetall(redis_keys.lost(0))
    return {name.decode().rsplit(":", 1)[1]: int(size) for name, size in found.items()}


def test_an_oversize_line_is_counted_and_what_follows_it_is_read(
    make: MakeCollector, rollup: LittleRollup, tmp_path: Path
) -> None:
    write(tmp_path / "a.log", "before", "x" * 3_000_000, "after")
    make().drain()
    rollup.tick()
    assert rollup.lines == {"before": 1, "skipped oversize": 1, "after": 1}


class LongLines(EveryLine):
    """A format whose lines may be longer than others', kept short here so that their payload is none too large."""

    name: ClassVar[str] = "every_line"
    max_line_bytes: ClassVar[int] = 2_000_000

    def parse(self, chunk: bytes, *, offset: int, received_s: float, keep: Keep = COUNTS_ONLY) -> ParsedChunk:
        keys = [ActivityKey("", "", f"{len(line)} bytes", "setup") for line in chunk.splitlines(keepends=True)]
        parsed = super().parse(chunk, offset=offset, received_s=received_s)
        return ParsedChunk(replace(parsed.batch, keys=keys), parsed.engine_versions)


def test_a_line_may_be_as_long_as_its_format_says(make: MakeCollector, rollup: LittleRollup, tmp_path: Path) -> None:
    write(tmp_path / "a.log", "x" * 1_999_999, "before", "x" * 2_000_000, "x" * 1_500_000)
    make(more=(LongLines,)).drain()
    rollup.tick()
    assert rollup.lines == {"2000000 bytes": 1, "7 bytes": 1, "skipped oversize": 1, "1500001 bytes": 1}


def test_a_batch_whose_payload_is_too_large_is_made_smaller(
    make: MakeCollector, rollup: LittleRollup, valkey: redis.Redis, tmp_path: Path
) -> None:
    write(tmp_path / "a.log", *(f"{number} " + "x" * 10_000 for number in range(60)))
    make().drain()
    assert len(waiting(valkey)) > 1
    rollup.tick()
    assert len(rollup.lines) == 60


class Breaks(EveryLine):
    """A format that cannot stand one line."""

    name: ClassVar[str] = "every_line"

    def parse(self, chunk: bytes, *, offset: int, received_s: float, keep: Keep = COUNTS_ONLY) -> ParsedChunk:
        if b"poison" in chunk:
            raise ValueError("cannot stand it")
        return super().parse(chunk, offset=offset, received_s=received_s)


def test_a_line_that_breaks_the_format_is_counted_as_unparsable_and_costs_no_other(
    make: MakeCollector, rollup: LittleRollup, tmp_path: Path
) -> None:
    write(tmp_path / "a.log", *"abcdefg", "poison", *"hijklmn")
    make(more=(Breaks,)).drain()
    rollup.tick()
    assert rollup.lines.pop("skipped unparsable") == 1
    assert dict(rollup.lines) == dict.fromkeys("abcdefghijklmn", 1)


def test_reading_waits_while_much_waits_and_goes_on_after(
    make: MakeCollector, rollup: LittleRollup, valkey: redis.Redis, tmp_path: Path
) -> None:
    write(tmp_path / "a.log", *(f"{number} " + "x" * 20_000 for number in range(1000)))
    collector = make()
    collector.run(lambda: valkey.xlen(redis_keys.batches(0)) == 64)
    while len(rollup.lines) < 1000:
        rollup.tick()
        collector.run(lambda: valkey.xlen(redis_keys.batches(0)) == 64 or collector.status.lines_total == 1000)
        rollup.tick()
    assert max(rollup.lines.values()) == 1


def test_nothing_is_read_before_a_rollup_is_there_and_everything_after(
    make: MakeCollector, rollup: LittleRollup, valkey: redis.Redis, tmp_path: Path
) -> None:
    collector = make()
    valkey.delete(redis_keys.ready(0))
    write(tmp_path / "a.log", "one")
    collector.run(lambda: "waiting for a rollup: none has made Redis ready" in collector.status.problems)
    assert waiting(valkey) == []
    rollup.begin()
    collector.drain()
    assert waiting(valkey) == [(0, 4)]
    assert collector.status.problems == []


def test_reading_from_the_end_leaves_out_what_was_there_and_only_that(
    make: MakeCollector, rollup: LittleRollup, valkey: redis.Redis, tmp_path: Path
) -> None:
    valkey.delete(redis_keys.FIRST_STARTS)
    (tmp_path / "old.log").write_text("old\nbegun before ")
    collector = make(read_from="end")
    collector.drain()
    write(tmp_path / "old.log", "and ended after")
    write(tmp_path / "new.log", "new")
    collector.drain()
    rollup.tick()
    assert set(rollup.lines) == {"begun before and ended after", "new"}
    assert {record.first_offset for record in rollup.sources.values()} == {0, 4}


def test_rotated_files_from_before_the_first_start_are_left_alone(
    make: MakeCollector, rollup: LittleRollup, valkey: redis.Redis, tmp_path: Path
) -> None:
    valkey.hset(redis_keys.FIRST_STARTS, HOST_ID, "2000000000")
    write(tmp_path / "a.log", "now")
    write(tmp_path / "a.log.1", "long ago")
    make().drain()
    rollup.tick()
    assert set(rollup.lines) == {"now"}


def test_what_was_unread_when_a_file_was_truncated_is_said_to_be_lost(
    make: MakeCollector, rollup: LittleRollup, valkey: redis.Redis, tmp_path: Path
) -> None:
    path, told = tmp_path / "a.log", []

    async def truncated(event: SourceTruncated) -> None:
        told.append(event.lost_bytes)

    collector = make()
    collector.bus.listen(SourceTruncated, truncated)
    write(path, "first")
    collector.drain()
    valkey.delete(redis_keys.ready(0))
    write(path, *(f"{number} " + "x" * 10_000 for number in range(100)))
    size_bytes = path.stat().st_size
    collector.run(lambda: collector.status.problems)
    path.write_text("")
    rollup.begin()
    collector.run(lambda: told)
    shipped_to = waiting(valkey)[-1][1]
    assert 6 < shipped_to < size_bytes
    assert told == [size_bytes - shipped_to]
    assert lost(valkey) == {"truncated": told[0]}


def test_a_deleted_file_is_read_to_its_end_and_then_let_go(
    make: MakeCollector, rollup: LittleRollup, valkey: redis.Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "GONE_IDLE_S", 0.05)
    path, ended = tmp_path / "a.log", []

    async def hear(event: SourceEnded) -> None:
        ended.append(event.lost_bytes)

    write(path, "one")
    collector = make()
    collector.bus.listen(SourceEnded, hear)
    collector.drain()
    with path.open("a") as writer:
        path.unlink()
        writer.write("two\n")
        writer.flush()
        collector.drain()
        rollup.tick()
        assert set(rollup.lines) == {"one", "two"}
    collector.run(lambda: ended)
    assert ended == [0]
    assert collector.status.beat(at_s=0).files == 0
    (record,) = rollup.sources.values()
    assert valkey.hget(redis_keys.file_record(0, record.file_id), "ended") == b"1"


def test_a_finished_copy_counts_as_read_and_its_own_lines_later_do_not(
    make: MakeCollector, rollup: LittleRollup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "COPY_FINISHED_S", 0.0)
    original, copy = tmp_path / "a.log", tmp_path / "a.log.bak"
    write(original, "one", "two")
    collector = make()
    collector.drain()
    copy.write_bytes(original.read_bytes())
    collector.drain()
    collector.drain()
    original.unlink()
    write(copy, "three")
    collector.drain()
    rollup.tick()
    assert dict(rollup.lines) == {"one": 1, "two": 1, "three": 1}


def test_files_that_begin_alike_are_different_files(make: MakeCollector, rollup: LittleRollup, tmp_path: Path) -> None:
    for number in range(50):
        write(tmp_path / f"{number}.log", "the same banner", f"line of {number}")
    make().drain()
    rollup.tick()
    assert rollup.lines["the same banner"] == 50
    assert len(rollup.lines) == 51


def test_a_rewind_is_followed_though_the_file_is_quiet(
    make: MakeCollector, rollup: LittleRollup, valkey: redis.Redis, tmp_path: Path
) -> None:
    write(tmp_path / "a.log", "one", "two")
    collector = make()
    collector.drain()
    messages: Any = valkey.xrange(redis_keys.batches(0))
    ((message_id, fields),) = messages
    record_key = redis_keys.file_record(0, envelope_from_fields(fields).file_id)
    valkey.xdel(redis_keys.batches(0), message_id)
    valkey.hset(record_key, mapping={"offset": 0, "tail_hash": "", "epoch": 1})
    collector.drain()
    messages = valkey.xrange(redis_keys.batches(0))
    ((_, fields),) = messages
    again = envelope_from_fields(fields)
    assert (again.start, again.end, again.epoch) == (0, 8, 1)
    assert decode_batch(fields[b"payload"], version=BATCH_VERSION).lines == 2


def test_a_record_that_cannot_be_true_is_not_believed_while_the_file_is_whole(
    make: MakeCollector, rollup: LittleRollup, valkey: redis.Redis, tmp_path: Path
) -> None:
    write(tmp_path / "a.log", "one", "two")
    collector = make()
    collector.drain()
    rollup.tick()
    (record,) = rollup.sources.values()
    valkey.hset(redis_keys.file_record(0, record.file_id), "offset", 1_000_000)
    collector.drain()
    assert valkey.hget(redis_keys.file_record(0, record.file_id), "generation") == b"0"
    valkey.hset(redis_keys.file_record(0, record.file_id), "offset", 8)
    write(tmp_path / "a.log", "three")
    collector.drain()
    rollup.tick()
    assert dict(rollup.lines) == {"one": 1, "two": 1, "three": 1}


def test_files_that_are_read_together_are_counted_once_though_the_collector_dies(
    make: MakeCollector, rollup: LittleRollup, valkey: redis.Redis, tmp_path: Path
) -> None:
    lines = {name: [f"{name}{number} " + "x" * 5_000 for number in range(60)] for name in "abcdefgh"}
    for name, written in lines.items():
        write(tmp_path / f"{name}.log", *written)
    first = make()
    first.run(lambda: len(waiting(valkey)) > 0)
    first.crash()
    make().drain()
    rollup.tick()
    assert rollup.lines == {line: 1 for written in lines.values() for line in written}


def test_a_few_descriptors_are_enough_for_many_files(
    make: MakeCollector, rollup: LittleRollup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collector.io.open_files.MOST", 1)
    for number in range(50):
        write(tmp_path / f"{number}.log", f"first of {number}")
    before = len(os.listdir("/proc/self/fd"))
    collector = make()
    collector.drain()
    assert len(os.listdir("/proc/self/fd")) - before < 30
    for number in range(50):
        write(tmp_path / f"{number}.log", f"second of {number}")
    rollup.tick()
    collector.drain()
    rollup.tick()
    assert len(rollup.lines) == 100


def test_two_collectors_on_the_same_files_count_each_line_once(
    make: MakeCollector, rollup: LittleRollup, tmp_path: Path
) -> None:
    one, other = make(), make()
    for turn in range(3):
        for number in range(50):
            write(tmp_path / f"{number}.log", f"line {turn} of {number}")
        # Whoever comes second believes in places that the first has left behind.
        for collector in (one, other) if turn % 2 else (other, one):
            collector.drain()
    rollup.tick()
    assert dict(rollup.lines) == {f"line {turn} of {number}": 1 for turn in range(3) for number in range(50)}


def test_where_no_file_is_nothing_waits(make: MakeCollector, rollup: LittleRollup) -> None:
    collector = make()
    collector.run(lambda: collector.status.caught_up_s())
