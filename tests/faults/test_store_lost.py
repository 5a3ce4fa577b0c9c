"""Redis dies, loses what it had acknowledged, or holds what nobody put there: every line is still counted once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis

from collector.models import redis_keys
from tests.faults.scene import Scene
from tests.nemesis import Nemesis
from tests.world import World, wait_until

MakeScene = Callable[..., Scene]


@pytest.fixture
def scene(make_world: Callable[..., World]) -> Iterator[Scene]:
    """One that works."""
    scene = Scene(make_world(), seed=32)
    scene.begin()
    yield scene
    scene.close()


@pytest.mark.parametrize("times", [4, pytest.param(20, marks=pytest.mark.soak)])
def test_32_redis_is_killed_again_and_again(scene: Scene, times: int) -> None:
    nemesis = Nemesis(scene.world, seed=32)
    for _ in range(times):
        nemesis.kill_valkey(is_torn=False)
        before = scene.counted()
        scene.write_until(lambda before=before: scene.counted() > before)  # type: ignore[misc]
    assert scene.assert_exact() < 10


@pytest.mark.parametrize("times", [3, pytest.param(20, marks=pytest.mark.soak)])
def test_33_redis_loses_writes_it_had_acknowledged(scene: Scene, times: int) -> None:
    nemesis = Nemesis(scene.world, seed=33)
    for _ in range(times):
        nemesis.kill_valkey(is_torn=True)
        before = scene.counted()
        scene.write_until(lambda before=before: scene.counted() > before)  # type: ignore[misc]
    scene.assert_exact()


def test_35_redis_is_emptied_while_it_is_used(scene: Scene) -> None:
    for _ in range(3):
        scene.client.flushall()
        before = scene.counted()
        scene.write_until(lambda before=before: scene.counted() > before)  # type: ignore[misc]
    assert wait_until(lambda: scene.client.exists(redis_keys.snapshot(0))), "the live layer is rebuilt"
    scene.assert_exact()


def test_36_a_key_of_the_shard_is_deleted_and_another_time_of_a_wrong_type(scene: Scene) -> None:
    names = (redis_keys.batches, redis_keys.new_files, redis_keys.live, redis_keys.snapshot, redis_keys.lease)
    keys = [name(0) for name in names]
    for key in keys:
        for wrong in ("", "not what it should be"):
            replace(scene.client, key, wrong)
            scene.write_for(0.2)
            scene.drain()
        wait_until(lambda key=key: scene.client.exists(f"{key}:quarantine"))  # type: ignore[misc]
    scene.assert_exact()


@pytest.mark.soak  # records are compared every 30 s
def test_36_a_record_is_deleted_and_another_time_of_a_wrong_type(scene: Scene) -> None:
    for wrong in ("", "not what it should be"):
        key = redis_keys.file_record(0, any_file_id(scene))
        replace(scene.client, key, wrong)
        scene.write_for(0.3)
        scene.assert_exact()
    assert scene.client.exists(f"{key}:quarantine"), "what stood there is kept"


def replace(client: redis.Redis, key: str, wrong: str) -> None:
    """Delete the key; put something in its place that it is never."""
    with client.pipeline() as pipe:
        pipe.delete(key)
        if wrong:
            pipe.zadd(key, {wrong: 1.0})
        pipe.execute()


def any_file_id(scene: Scene) -> str:
    found: Any = scene.client.smembers(redis_keys.file_index(0))
    return str(min(found).decode())


def test_49_scripts_are_forgotten(scene: Scene) -> None:
    for _ in range(5):
        scene.client.script_flush()
        scene.write_for(0.3)
    scene.assert_exact()


@pytest.mark.parametrize(
    "name",
    ["payload", *(pytest.param(each, marks=pytest.mark.soak) for each in ("start", "file_id", "tail_hash", "version"))],
)
def test_34_a_batch_that_waits_is_damaged(scene: Scene, name: str) -> None:
    any_client: Any = scene.client
    scene.world.kill("rollup")
    scene.ledger.write(30)
    messages = wait_until(lambda: any_client.xrange(redis_keys.batches(0)))
    for number, (message_id, fields) in enumerate(messages):
        value = bytearray(fields[name.encode()])
        value[number % len(value)] ^= 1  # a digit stays a digit
        any_client.xdel(redis_keys.batches(0), message_id)
        any_client.xadd(redis_keys.batches(0), {**fields, name.encode(): bytes(value)})
    scene.world.start("rollup")
    assert scene.assert_exact() < 20, "nobody waits for the 30 s of reconciliation"
    assert scene.read("SELECT count(*) FROM visualizer_deadletter") == [(0,)]
