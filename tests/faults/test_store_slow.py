"""Redis is frozen, slow, cut off or drops connections: nothing waits for ever, nothing is lost, nobody hammers."""

from __future__ import annotations

import json
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.chaos_proxy import FAIR, Weather
from tests.faults.scene import Scene
from tests.ports import own_port
from tests.world import World, wait_until

#: Between tries of one client, at least, on average.
MOST_TRIES_PER_S = 2


@pytest.fixture
def scene(make_world: Callable[..., World]) -> Iterator[Scene]:
    """One that works, by way of a proxy."""
    scene = Scene(make_world(EVENTSCOPE_APPLICATIONS="log_files,hopeit,store"), seed=37, is_proxied=True)
    scene.begin()
    yield scene
    scene.close()


@pytest.mark.parametrize("times", [5, pytest.param(50, marks=pytest.mark.soak)])
def test_02_the_reply_to_an_ingest_is_lost(scene: Scene, times: int) -> None:
    assert scene.proxy
    # The path of a file stands in its batches, and once in what makes its record.
    scene.proxy.drop_reply_to(b"/shop_", times=times)
    scene.write_until(lambda: scene.proxy and scene.proxy.dropped >= times)
    scene.assert_exact()


@pytest.mark.parametrize("seconds", [4, pytest.param(60, marks=pytest.mark.soak)])
@pytest.mark.parametrize("how", ["stopped", pytest.param("paused", marks=pytest.mark.soak)])
def test_37_redis_is_frozen(scene: Scene, how: str, seconds: int) -> None:
    if how == "stopped":
        scene.world.kill("valkey", signal.SIGSTOP)
    else:
        scene.client.client_pause(seconds * 1000, all=True)
    scene.write_for(seconds)
    if how == "stopped":
        scene.world.kill("valkey", signal.SIGCONT)
    scene.assert_exact()


def test_37_the_page_answers_while_redis_is_frozen(scene: Scene) -> None:
    port = own_port()
    scene.world.start_web(port)
    assert not answer(port)["redis"].startswith("does not")
    scene.world.kill("valkey", signal.SIGSTOP)
    for _ in range(3):
        parts = answer(port)
        assert (parts["redis"], parts["database"]) == ("does not answer", "ok")
    scene.world.kill("valkey", signal.SIGCONT)
    wait_until(lambda: answer(port)["redis"] == "ok")


def test_38_redis_is_slow(scene: Scene) -> None:
    assert scene.proxy
    scene.proxy.weather = Weather(delay_s=0.2, jitter_s=0.1, bytes_per_s=1_000_000)
    before = scene.counted()
    scene.write_for(4)
    assert wait_until(lambda: scene.counted() > before), "it goes on, slowly"
    threads = [thread_count(scene.world.processes[name].pid) for name in ("rollup", "collect")]
    scene.ledger.write(2_000)
    scene.proxy.weather = FAIR
    scene.assert_exact()
    assert max(threads) <= 12, "no pile of threads that wait"


@pytest.mark.soak
@pytest.mark.parametrize("seconds", [6, 30])
def test_39_the_other_end_is_gone_without_a_fin(scene: Scene, seconds: int) -> None:
    assert scene.proxy
    scene.proxy.weather = Weather(is_silent=True)
    scene.ledger.write(10)
    silent = time.monotonic()
    wait_until(lambda: "rollup_stopped" in scene.world.output("rollup"))
    found_s = time.monotonic() - silent
    scene.write_for(max(0.0, seconds - found_s))
    scene.proxy.weather = FAIR
    scene.assert_exact()
    assert found_s < 5


@pytest.mark.soak
@pytest.mark.parametrize("seconds", [5, 60])
@pytest.mark.parametrize("weather", [Weather(reset_share=0.1), Weather(slice_bytes=1)], ids=["resets", "slices"])
def test_40_connections_are_reset_or_come_byte_by_byte(scene: Scene, weather: Weather, seconds: int) -> None:
    assert scene.proxy
    scene.proxy.weather = weather
    scene.write_for(seconds)
    scene.proxy.weather = FAIR
    scene.assert_exact()


@pytest.mark.parametrize("process", ["rollup", pytest.param("collect", marks=pytest.mark.soak)])
def test_40_nobody_hammers_at_a_redis_that_refuses(scene: Scene, process: str) -> None:
    assert scene.proxy
    scene.world.kill("collect" if process == "rollup" else "rollup")
    scene.proxy.weather = Weather(refuses=True)
    scene.client.client_kill_filter(_type="normal", skipme=True)
    scene.ledger.write(10)
    began = time.monotonic()
    scene.write_for(6)
    tries, took_s = scene.proxy.connects_since(began), time.monotonic() - began
    scene.proxy.weather = FAIR
    scene.world.start("collect" if process == "rollup" else "rollup")
    scene.assert_exact()
    assert tries <= MOST_TRIES_PER_S * took_s + 2


def answer(port: int) -> dict[str, str]:
    """The parts of /readyz."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=60) as found:
            body = found.read()
    except urllib.error.HTTPError as exc:
        with exc:
            body = exc.read()
    parts: dict[str, str] = json.loads(body)["parts"]
    return parts


def thread_count(pid: int) -> int:
    """Threads of a process."""
    return len(list(Path(f"/proc/{pid}/task").iterdir()))
