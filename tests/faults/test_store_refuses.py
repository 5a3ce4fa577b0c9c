"""Redis answers, but refuses: full, read-only, loading, busy, locked out. All of it is waited out and said."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
import redis

from collector.models import redis_keys
from tests.faults.scene import Scene, rss_kib
from tests.ports import own_port
from tests.world import World, wait_until


@pytest.fixture
def scene(make_world: Callable[..., World]) -> Iterator[Scene]:
    """One that works."""
    scene = Scene(make_world(EVENTSCOPE_APPLICATIONS="log_files,hopeit,store", PORT=str(own_port())), seed=41)
    scene.begin()
    yield scene
    scene.close()


def test_41_reading_pauses_before_redis_is_full(scene: Scene) -> None:
    used = int(scene.client.info("memory")["used_memory"])
    scene.world.kill("rollup")
    scene.client.config_set("maxmemory", used * 3 // 2)  # 60 % of it are in use, and a little more
    scene.write_for(2)
    wait_until(lambda: "reading is paused" in scene.problems())
    waiting = scene.client.xlen(redis_keys.batches(0))
    scene.ledger.write(5_000)
    assert scene.client.xlen(redis_keys.batches(0)) - waiting <= 2, "nothing more is taken in"
    assert "OOM" not in scene.world.output("collect") + scene.problems()
    scene.client.config_set("maxmemory", "512mb")
    scene.world.start("rollup")
    scene.assert_exact()
    assert rss_kib(scene.world.processes["collect"].pid) < 192 * 1024
    assert rss_kib(scene.world.processes["rollup"].pid) < 256 * 1024


def test_42_a_redis_that_may_throw_batches_away_is_refused(scene: Scene) -> None:
    scene.client.config_set("maxmemory-policy", "allkeys-lru")
    scene.write_until(lambda: "reading is paused: Redis may throw batches away" in scene.problems())
    wait_until(lambda: not scene.client.xlen(redis_keys.batches(0)))
    before = scene.counted()
    scene.write_for(1)
    assert scene.counted() == before
    done = scene.world.manage("up", check=False)
    assert (done.returncode, "maxmemory-policy is allkeys-lru" in done.stderr) == (1, True)
    scene.client.config_set("maxmemory-policy", "noeviction")
    scene.assert_exact()
    wait_until(lambda: "may throw" not in scene.problems())


@pytest.mark.parametrize("how", [signal.SIGKILL, pytest.param(signal.SIGTERM, marks=pytest.mark.soak)])
def test_42_a_collector_that_ends_leaves_no_word_behind(scene: Scene, how: signal.Signals) -> None:
    scene.client.config_set("maxmemory-policy", "allkeys-lru")
    wait_until(lambda: "reading is paused: Redis may throw batches away" in scene.problems())
    scene.world.kill("collect", how)
    if how is signal.SIGTERM:
        assert "may throw" not in scene.problems()
    scene.world.start("collect", EVENTSCOPE_ALLOW_EVICTION="yes")
    scene.write_for(1)
    scene.assert_exact()
    wait_until(lambda: "Redis may throw batches away" in scene.problems())
    wait_until(lambda: "reading is paused" not in scene.problems())
    scene.client.config_set("maxmemory-policy", "noeviction")
    wait_until(lambda: "may throw" not in scene.problems())


@pytest.mark.soak  # mounts
def test_43_redis_cannot_write_its_file(make_world: Callable[..., World], tmp_path: Path) -> None:
    world = make_world()
    folder = world.data_dir / "valkey"
    folder.mkdir(mode=0o700)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], check=True)
    try:
        scene = Scene(world, seed=43)
        scene.begin()
        filler = folder / "filler"
        fill(filler)
        scene.write_until(lambda: "MISCONF" in scene.world.output("rollup") + scene.world.output("collect"))
        scene.write_for(1)
        filler.unlink()
        scene.assert_exact()
        scene.close()
    finally:
        world.close()
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(file: Path) -> None:
    """Take all the space there is."""
    with suppress(OSError), file.open("wb", buffering=0) as filler:
        while True:
            filler.write(bytes(4096))


def test_44_redis_is_read_only_for_a_while(scene: Scene) -> None:
    scene.client.replicaof("127.0.0.1", "1")
    scene.write_until(lambda: "READONLY" in said(scene) or "read only" in said(scene))
    scene.write_for(1)
    scene.client.replicaof("no", "one")
    scene.assert_exact()


@pytest.mark.soak
def test_44_redis_is_busy_with_a_script(scene: Scene) -> None:
    scene.client.config_set("busy-reply-threshold", 100)
    endless = Thread(target=run_endless_script, args=(scene.world.redis_url,))
    endless.start()
    scene.write_for(4)
    scene.client.script_kill()
    endless.join(timeout=60)
    scene.assert_exact()


def run_endless_script(url: str) -> None:
    with redis.Redis.from_url(url, socket_timeout=60) as client, suppress(redis.RedisError):
        client.eval("while true do end", 0)


@pytest.mark.soak
def test_44_redis_loads_its_file_for_a_while(scene: Scene) -> None:
    with scene.client.pipeline() as pipe:
        for number in range(1_000):
            pipe.set(f"ballast:{number}", "x", ex=600)
        pipe.execute()
    scene.world.kill("valkey")
    config = scene.world.data_dir / "valkey" / "valkey.conf"
    config.write_text(f"{config.read_text()}key-load-delay 4000\nloading-process-events-interval-bytes 1024\n")
    loading = Thread(target=lambda: scene.world.start_valkey().close())
    loading.start()
    scene.write_for(3)
    loading.join(timeout=60)
    scene.assert_exact()


@pytest.mark.parametrize("fault", ["password", pytest.param("acl", marks=pytest.mark.soak)])
def test_50_redis_lets_nobody_in(scene: Scene, fault: str) -> None:
    secret = urlsplit(scene.world.redis_url).password or ""
    if fault == "password":
        scene.client.config_set("requirepass", "another")
    else:
        scene.client.acl_setuser("default", enabled=True, commands=["-evalsha", "-eval", "-xread"])
        other = redis.Redis.from_url(scene.world.redis_url)
    scene.client.client_kill_filter(_type="normal", skipme=True)
    scene.write_until(lambda: any(word in said(scene) for word in ("password", "NOPERM", "permission", "WRONGPASS")))
    scene.write_for(2)
    assert secret not in said(scene)
    if fault == "password":
        scene.client.config_set("requirepass", secret)
    else:
        scene.client.acl_setuser("default", enabled=True, commands=["+@all"])
        other.close()
    scene.assert_exact()


def said(scene: Scene) -> str:
    """What the processes printed and reported."""
    reported = ""
    with suppress(redis.RedisError):
        reported = scene.problems()
    return scene.world.output("rollup") + scene.world.output("collect") + reported
