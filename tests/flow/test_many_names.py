"""However many names come, the rollup's memory stays within its bounds and nothing is lost."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
import redis

from collector.models import redis_keys
from collector.models.activity import ActivityKey, Status
from collector.models.batch import LogBatch, encode_batch
from collector.models.count_table import ActivityCount, CountTable
from tests.shipped_file import SERVER, ShippedFile
from tests.sql_copy import read_sql
from tests.world import World, wait_until

#: Names of a batch, one line of so many bytes each.
NAMES, LINE_BYTES = 1000, 200
MOST_MIB = 256


def largest_mib(pid: int) -> int:
    """The most memory a process ever had."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // 1024


def put_names(client: redis.Redis, file: ShippedFile, first: int) -> None:
    """Put a batch of names into the stream that nobody has seen."""
    keys = [ActivityKey(f"app-{n % 700}.1x0", "", f"module.event_{n}", "request") for n in range(first, first + NAMES)]
    counts = [ActivityCount(int(time.time()), n, 0, int(Status.DONE), 1, LINE_BYTES, {n % 90: 1}) for n in range(NAMES)]
    payload = encode_batch(LogBatch(time.time(), keys, [SERVER], CountTable.of(counts), {}))
    wait_until(lambda: client.xlen(redis_keys.batches(0)) < 64)
    start = first * LINE_BYTES
    file.put_in_stream(client, payload, start=start, end=start + NAMES * LINE_BYTES, lines=NAMES)


def one(world: World, sql: str) -> tuple[int, ...]:
    """The only row of a question."""
    return read_sql(world.sqlite, sql)[0]


@pytest.mark.parametrize(
    ("names", "caps", "most_rows"),
    [
        (50_000, "apps=20,app_events=100,events=1500", 1500 + 21),
        pytest.param(1_000_000, "events=100000", 102_001, marks=pytest.mark.soak),
    ],
)
def test_names_without_end_are_counted_in_bounded_memory(
    make_world: Callable[..., World], names: int, caps: str, most_rows: int
) -> None:
    world = make_world(EVENTSCOPE_MOST_NAMES=caps)
    client = world.start_valkey()
    rollup = world.start("rollup")
    wait_until(lambda: client.exists(redis_keys.ready(0)))
    file = ShippedFile(world.redis_url)
    for first in range(0, names, NAMES):
        put_names(client, file, first)
    counted = "SELECT coalesce(sum(high_water), 0) FROM visualizer_source"
    wait_until(lambda: one(world, counted) == (names * LINE_BYTES,))
    assert one(world, "SELECT sum(done) FROM visualizer_total") == (names,)
    assert one(world, "SELECT sum(done) FROM visualizer_bucket WHERE width_s = 10") == (names,)
    assert one(world, "SELECT count(*) FROM visualizer_activity")[0] <= most_rows
    assert one(world, "SELECT max(names_beyond) FROM visualizer_cardinalitylimit")[0] > 0
    assert largest_mib(rollup.pid) <= MOST_MIB
    assert client.info("memory")["used_memory_peak"] < 512 * 2**20
    client.close()
