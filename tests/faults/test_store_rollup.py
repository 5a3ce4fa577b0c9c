"""The rollup dies, freezes, has a rival, is given batches twice or such as nobody sent, or has a wrong clock."""

from __future__ import annotations

import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from collector.models import redis_keys
from collector.models.batch import BATCH_VERSION
from tests.faults.scene import Scene
from tests.sql_copy import read_sql
from tests.world import World, wait_until


@pytest.fixture
def scene(make_world: Callable[..., World]) -> Iterator[Scene]:
    """One that works."""
    scene = Scene(make_world(EVENTSCOPE_APPLICATIONS="log_files,hopeit,store"), seed=51)
    scene.begin()
    yield scene
    scene.close()


@pytest.mark.parametrize("place", ["before_commit", "after_commit", "after_delete"])
@pytest.mark.parametrize("times", [2, pytest.param(35, marks=pytest.mark.soak)])
def test_51_the_rollup_is_killed_at_the_same_place_again_and_again(scene: Scene, place: str, times: int) -> None:
    scene.world.kill("rollup")
    for _ in range(times):
        rollup = scene.world.start("rollup", EVENTSCOPE_FAILPOINT=f"{place}:2")
        scene.write_until(lambda rollup=rollup: rollup.poll() is not None)  # type: ignore[misc]
        assert rollup.returncode == -signal.SIGKILL
    scene.world.start("rollup")
    scene.assert_exact()


def test_52_a_frozen_rollup_is_replaced_and_counts_nothing_when_it_wakes_up(scene: Scene) -> None:
    scene.world.kill("rollup", signal.SIGSTOP)
    scene.world.start("rollup", name="second")
    before = scene.counted()
    scene.write_until(lambda: scene.counted() > before)
    scene.world.kill("rollup", signal.SIGCONT)
    scene.write_for(2)
    scene.assert_exact()
    wait_until(lambda: "rollup_waits" in scene.world.output("rollup"))


def test_57_two_rollups_that_both_believe_they_own_the_shard(scene: Scene) -> None:
    scene.world.start("rollup", name="second")
    until = time.monotonic() + 6

    def lease_is_stolen_for_long_enough() -> bool:
        scene.client.delete(redis_keys.lease(0))
        return time.monotonic() > until

    scene.write_until(lease_is_stolen_for_long_enough)
    scene.assert_exact()


def test_53_each_batch_is_delivered_a_hundred_times(scene: Scene) -> None:
    scene.world.kill("rollup")
    scene.ledger.write(30)
    any_client: Any = scene.client
    messages = wait_until(lambda: any_client.xrange(redis_keys.batches(0)))
    for _ in range(100):
        for _, fields in messages[:5]:
            any_client.xadd(redis_keys.batches(0), fields)
    scene.world.start("rollup")
    scene.assert_exact()


def test_55_a_batch_of_a_newer_version_stops_the_shard_until_something_can_read_it(scene: Scene) -> None:
    any_client: Any = scene.client
    scene.world.kill("rollup")
    scene.ledger.write(5)
    _, fields = wait_until(lambda: any_client.xrange(redis_keys.batches(0)))[0]
    newer = any_client.xadd(redis_keys.batches(0), {**fields, b"version": BATCH_VERSION + 97, b"crc": 0})
    scene.world.start("rollup")
    wait_until(lambda: "version" in scene.problems())
    stopped_at = scene.counted()
    scene.write_for(2)
    assert scene.counted() == stopped_at
    any_client.xdel(redis_keys.batches(0), newer)
    scene.assert_exact()
    assert read_sql(scene.world.sqlite, "SELECT max(epoch) FROM visualizer_source") == [(0,)], "no rewind"


@pytest.mark.parametrize(
    ("rollup", "collect"),
    [
        pytest.param(-3600, 86_400, id="apart"),
        pytest.param(-3600, -3600, id="back", marks=pytest.mark.soak),
        pytest.param(86_400, 0, id="ahead", marks=pytest.mark.soak),
    ],
)
def test_30_clocks_step(scene: Scene, rollup: int, collect: int) -> None:
    scene.again("rollup", EVENTSCOPE_CLOCK=f"{rollup:+d}", EVENTSCOPE_RETENTION="5000w")
    scene.again("collect", EVENTSCOPE_CLOCK=f"{collect:+d}")
    scene.write_for(1)
    scene.drain()
    scene.again("rollup")
    scene.again("collect")
    scene.write_for(1)
    scene.assert_exact(buckets=False)
    with closing(sqlite3.connect(scene.world.sqlite, timeout=60)) as database:
        least = "SELECT min(started), min(done), min(failed), min(start_s) FROM visualizer_bucket"
        assert min(database.execute(least).fetchone()) >= 0
