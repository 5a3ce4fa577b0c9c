"""PostgreSQL dies, is full of connections, and has several writers. Under `make soak`; needs PostgreSQL installed."""

from __future__ import annotations

import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress

import psycopg
import pytest

from collector.models import redis_keys
from tests.faults.scene import Scene
from tests.ports import own_port
from tests.postgres import Postgres
from tests.world import World

pytestmark = pytest.mark.soak


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    """One with room for twelve connections."""
    postgres = Postgres(max_connections=12)
    yield postgres
    postgres.close()


@pytest.fixture
def scene(make_world: Callable[..., World], postgres: Postgres) -> Iterator[Scene]:
    """One that works on it."""
    world = make_world(EVENTSCOPE_APPLICATIONS="log_files,hopeit,store", DATABASE_URL=postgres.url)
    world.manage("migrate", "--verbosity=0")
    scene = Scene(world, seed=63, read=postgres.read)
    scene.begin()
    yield scene
    scene.close()


def test_63_a_backend_is_killed(scene: Scene, postgres: Postgres) -> None:
    for _ in range(5):
        scene.write_for(0.5)
        postgres.read(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
    scene.assert_exact()


def test_63_the_server_stops_at_once_and_pages_say_so(scene: Scene, postgres: Postgres) -> None:
    port = own_port()
    scene.world.start_web(port)
    for _ in range(3):
        postgres.stop("immediate")
        scene.ledger.write(20)
        status, headers = answer(port, "/apps", cookie=f"eventscope-{port}-session={'x' * 32}")
        assert (status, headers.get("Retry-After")) == (503, "5")
        assert answer(port, "/healthz")[0] == 200
        time.sleep(1)
        postgres.start()
        scene.write_for(0.5)
    assert scene.assert_exact() < 20


def test_63_there_are_no_connections_left(scene: Scene, postgres: Postgres) -> None:
    taken = []
    with suppress(psycopg.OperationalError):
        while True:
            taken.append(psycopg.connect(postgres.url))
    postgres_pid = (
        taken[0]
        .execute(
            "SELECT pid FROM pg_stat_activity WHERE pid <> ALL(%s) AND backend_type = 'client backend'",
            [[connection.info.backend_pid for connection in taken]],
        )
        .fetchone()
    )
    if postgres_pid:  # the rollup's own: now it finds none to come back to
        taken[0].execute("SELECT pg_terminate_backend(%s)", postgres_pid)
        taken[0].commit()
    scene.ledger.write(50)
    time.sleep(3)
    for connection in taken:
        connection.close()
    scene.assert_exact()


def test_57_64_four_rollups_fight_for_one_shard(scene: Scene) -> None:
    for number in range(3):
        scene.world.start("rollup", name=f"rival{number}")
    until = time.monotonic() + 12

    def lease_is_stolen_for_long_enough() -> bool:
        scene.client.delete(redis_keys.lease(0))
        return time.monotonic() > until

    scene.write_until(lease_is_stolen_for_long_enough)
    scene.assert_exact()
    assert scene.read("SHOW default_transaction_isolation") == [("read committed",)]


def test_52_57_a_frozen_rollup_is_replaced(scene: Scene) -> None:
    scene.world.kill("rollup", signal.SIGSTOP)
    scene.world.start("rollup", name="second")
    before = scene.counted()
    scene.write_until(lambda: scene.counted() > before)
    scene.world.kill("rollup", signal.SIGCONT)
    scene.write_for(2)
    scene.assert_exact()


def test_64_four_shards_count_into_the_same_rows(make_world: Callable[..., World], postgres: Postgres) -> None:
    world = make_world(EVENTSCOPE_APPLICATIONS="log_files,hopeit,store", DATABASE_URL=postgres.url)
    world.manage("migrate", "--verbosity=0")
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("INSERT INTO visualizer_layout (id, shards, widths) VALUES (1, 4, '')")
    scene = Scene(world, seed=64, read=postgres.read)
    scene.write_for(8)
    scene.assert_exact()
    shards = postgres.read("SELECT count(DISTINCT shard) FROM visualizer_source")
    assert shards[0][0] > 1
    scene.close()


def answer(port: int, path: str, *, cookie: str = "") -> tuple[int, dict[str, str]]:
    """Status and headers; redirects are not followed."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Cookie": cookie})
    try:
        with urllib.request.urlopen(request, timeout=60) as found:
            return found.status, dict(found.headers)
    except urllib.error.HTTPError as exc:
        with exc:
            return exc.code, dict(exc.headers)
