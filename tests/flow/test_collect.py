"""`manage.py collect` as a process: killed at the worst places, stopped in order, without a store."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
import redis

from collector.lib.failpoint import FAILPOINT_VARIABLE
from collector.models import redis_keys
from collector.models.batch import decode_batch, envelope_from_fields
from collector.models.heartbeat import CollectorBeat
from tests.world import World, wait_until

#: More than four chunks of 1 MiB: one for each of the kills, and more.
LINES = 100_000


class Drain:
    """Takes batches as a rollup would, and sees to it that they are without gap and overlap."""

    def __init__(self, client: redis.Redis) -> None:
        self.client: Any = client
        self.high_water: dict[tuple[str, int], int] = {}
        self.lines = 0
        client.set(redis_keys.LAYOUT, f"{redis_keys.LAYOUT_VERSION}:1")
        client.set(redis_keys.ready(0), "1")

    def tick(self) -> int:
        """Take what waits; the lines so far."""
        for message_id, fields in self.client.xrange(redis_keys.batches(0)):
            envelope = envelope_from_fields(fields)
            source = (envelope.file_id, envelope.generation)
            assert envelope.start == self.high_water.get(source, 0), "a gap or an overlap"
            self.high_water[source] = envelope.end
            batch = decode_batch(fields[b"payload"], version=envelope.version)
            assert batch.size_bytes == envelope.end - envelope.start
            self.lines += batch.lines
            self.client.xdel(redis_keys.batches(0), message_id)
        return self.lines

    def beats(self) -> list[CollectorBeat]:
        return [msgspec.json.decode(t, type=CollectorBeat) for t in self.client.hvals(redis_keys.COLLECTORS)]


Begin = Callable[[], tuple[World, Drain]]


@pytest.fixture
def begin(make_world: Callable[..., World]) -> Iterator[Begin]:
    """Builds a World without config_manager, with a Valkey and a Drain on it."""
    clients: list[redis.Redis] = []

    def build() -> tuple[World, Drain]:
        world = make_world(EVENTSCOPE_APPLICATIONS="log_files,hopeit,store")
        clients.append(world.start_valkey())
        return world, Drain(clients[-1])

    yield build
    for client in clients:
        client.close()


def write_lines(world: World, count: int, name: str = "a.log") -> int:
    """Append lines of hopeit's form; the file's size."""
    line = "2026-11-22 18:28:50,{:03} | INFO | shop 1.0 orders.place vm 100 | START | track.operation_id={} | e=f\n"
    path = world.logs / name
    with path.open("a") as file:
        file.writelines(line.format(number % 1000, number) for number in range(count))
    return path.stat().st_size


@pytest.mark.parametrize("place", ["after_read", "after_ingest"])
def test_a_collector_killed_again_and_again_leaves_no_gap_and_no_overlap(begin: Begin, place: str) -> None:
    world, drain = begin()
    size_bytes = write_lines(world, LINES)
    for passes in (1, 3):
        process = world.start("collect", **{FAILPOINT_VARIABLE: f"{place}:{passes}"})
        assert process.wait(timeout=120) == -signal.SIGKILL
        drain.tick()
    world.manage("collect", "--once")
    drain.tick()
    assert list(drain.high_water.values()) == [size_bytes]
    assert drain.lines == LINES


def test_a_collector_beats_stops_when_told_to_and_takes_its_beat_away(
    begin: Begin,
) -> None:
    world, drain = begin()
    write_lines(world, 10)
    world.start("collect")
    (beat,) = wait_until(lambda: [b for b in drain.beats() if b.lines_total == 10 and b.caught_up_s])
    assert (beat.files, beat.backlog_bytes, beat.problems) == (1, 0, [])
    assert list(beat.patterns.values()) == [1]
    world.kill("collect", signal.SIGTERM)
    assert world.processes["collect"].returncode == 0
    assert drain.beats() == []


def test_a_beat_that_a_killed_collector_left_is_taken_away_by_the_next(begin: Begin) -> None:
    world, drain = begin()
    ours = CollectorBeat(collector_id="test-host:4194304", at_s=1, started_s=1, caught_up_s=1)
    theirs = CollectorBeat(collector_id="other-host:4194304", at_s=1, started_s=1, caught_up_s=1)
    for beat in (ours, theirs):
        drain.client.hset(redis_keys.COLLECTORS, beat.collector_id, msgspec.json.encode(beat))
    world.start("collect")
    wait_until(lambda: ours.collector_id not in [beat.collector_id for beat in drain.beats()])
    assert theirs.collector_id in [beat.collector_id for beat in drain.beats()]


def test_a_file_waits_while_redis_is_away(begin: Begin) -> None:
    world, drain = begin()
    write_lines(world, 10)
    world.start("collect")
    wait_until(lambda: drain.tick() == 10)
    world.kill("valkey")
    size_bytes = write_lines(world, 500)
    wait_until(lambda: "reading is paused" in world.output("collect"))
    world.start_valkey().close()
    wait_until(lambda: drain.tick() == 510)
    assert list(drain.high_water.values()) == [size_bytes]


def test_two_collectors_on_one_file_ship_every_line_once(begin: Begin) -> None:
    world, drain = begin()
    for name in ("first", "second"):
        world.start("collect", name=name)
    wait_until(lambda: len(drain.beats()) == 2)
    size_bytes = 0
    for _ in range(20):
        size_bytes = write_lines(world, 200)
        drain.tick()
    wait_until(lambda: drain.tick() == 4000)
    assert list(drain.high_water.values()) == [size_bytes]


def test_an_unknown_application_is_refused_and_help_shows_an_example(make_world: Callable[..., World]) -> None:
    world = make_world(EVENTSCOPE_APPLICATIONS="log_filez", REDIS_URL="redis://127.0.0.1:1/0")
    done = world.manage("collect", "--once", check=False)
    assert done.returncode == 1
    assert "did you mean 'log_files'" in done.stderr
    assert "Example: EVENTSCOPE_LOGS=" in " ".join(world.manage("collect", "--help").stdout.split())
