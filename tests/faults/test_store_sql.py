"""SQLite is locked, out of space, damaged, half migrated, or the disk under it fails."""

from __future__ import annotations

import re
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from tests.faults.scene import Scene
from tests.ports import own_port
from tests.sql_copy import copy_database, read_sql, restore_database
from tests.world import World, wait_until

OURS = "log_files,hopeit,store"
#: The head of a command in an AOF: how many parts it has, and its name.
_COMMAND = re.compile(rb"\r\n(\*\d+\r\n\$\d+\r\n[A-Za-z]+\r\n)")


@pytest.fixture
def scene(make_world: Callable[..., World]) -> Iterator[Scene]:
    """One that works."""
    scene = Scene(make_world(EVENTSCOPE_APPLICATIONS=OURS), seed=59)
    scene.begin()
    yield scene
    scene.close()


@pytest.mark.parametrize("seconds", [4, pytest.param(25, marks=pytest.mark.soak)])
def test_59_somebody_holds_the_database(scene: Scene, seconds: int) -> None:
    with closing(sqlite3.connect(scene.world.sqlite, timeout=60, isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        scene.write_for(seconds)
        assert scene.world.report()["bytes"]["read"] < scene.ledger.size_bytes, "reads are served, nothing is counted"
        database.execute("ROLLBACK")
    scene.assert_exact()


@pytest.mark.soak  # mounts
def test_60_the_disk_of_the_database_is_full(make_world: Callable[..., World], migrated: Path) -> None:
    world = make_world(EVENTSCOPE_APPLICATIONS=OURS)
    with small_disk(world.data_dir, size="8m"), small_disk(world.data_dir / "valkey", size="64m"):
        shutil.copy(migrated, world.sqlite)
        scene = Scene(world, seed=60)
        try:
            scene.begin()
            filler = world.data_dir / "filler"
            fill(filler)
            scene.write_until(lambda: "disk is full" in scene.problems())
            before = scene.counted()
            scene.write_for(2)
            assert scene.counted() == before, "reads are served, nothing is counted"
            filler.unlink()
            scene.assert_exact()
        finally:
            scene.close()
            world.close()


@pytest.mark.soak  # needs strace
def test_61_the_disk_fails_to_sync(scene: Scene) -> None:
    trace = scene.world.folder / "trace"
    pid = scene.world.processes["rollup"].pid
    failing = ["-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO:when=2+"]
    with subprocess.Popen(["strace", "-f", "-qq", "-o", trace, *failing, "-p", str(pid)]) as strace:
        scene.write_until(lambda: "EIO" in trace.read_text() if trace.exists() else False)
        scene.write_for(2)
        strace.send_signal(signal.SIGINT)
        strace.wait(timeout=60)
    scene.assert_exact()
    assert read_sql(scene.world.sqlite, "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.soak
def test_62_a_damaged_database_is_refused_and_left_alone(scene: Scene, tmp_path: Path) -> None:
    copy = tmp_path / "backup.sqlite3"
    copy_database(scene.world.sqlite, copy)
    scene.write_for(1)
    scene.drain()
    scene.world.kill("rollup", signal.SIGTERM)
    with scene.world.sqlite.open("r+b") as database:
        database.seek(2 * 4096)
        database.write(b"\xa5" * 4096)
    before = scene.world.sqlite.read_bytes()
    for command in ("rollup", "up"):
        done = scene.world.manage(command, check=False)
        assert done.returncode != 0
        assert "is damaged" in done.stderr
        assert f"cp YOUR-BACKUP {scene.world.sqlite}" in done.stderr
        assert "Traceback" not in done.stderr
    assert scene.world.sqlite.read_bytes() == before
    restore_database(copy, scene.world.sqlite)
    scene.world.start("rollup")
    scene.assert_exact()


def test_58_an_older_copy_is_put_back_while_lines_come(scene: Scene, tmp_path: Path) -> None:
    copy = tmp_path / "older.sqlite3"
    copy_database(scene.world.sqlite, copy)
    scene.write_for(1)
    scene.world.kill("rollup")
    restore_database(copy, scene.world.sqlite)
    scene.world.start("rollup")
    scene.write_for(1)
    scene.assert_exact()


@pytest.mark.soak
@pytest.mark.parametrize("times", [3, 25])
def test_65_a_migration_is_killed_and_run_again(make_world: Callable[..., World], times: int) -> None:
    world = make_world()
    world.sqlite.unlink()
    for number in range(times):
        process = world.start("migrate", "--verbosity=2", name=f"migrate{number}")
        began = time.monotonic()
        # Later each time: before the first table, between two migrations, within one.
        wait_until(
            lambda process=process, number=number, began=began: (
                process.poll() is not None  # type: ignore[misc]
                or (world.output(f"migrate{number}").count("Applying") > number % 20 and time.monotonic() - began > 0)
            )
        )
        with suppress(ProcessLookupError):
            process.kill()
        process.wait(timeout=60)
    world.manage("migrate", "--verbosity=0")
    assert world.manage("migrate", "--check").returncode == 0
    assert read_sql(world.sqlite, "PRAGMA integrity_check") == [("ok",)]


def test_34_the_embedded_valkey_starts_empty_when_its_file_is_damaged(make_world: Callable[..., World]) -> None:
    world = make_world(PORT=str(own_port()))
    world.env.pop("REDIS_URL", None)
    scene = EmbeddedScene(world)
    scene.up()
    scene.ledger.write(200)
    scene.drain()
    scene.kill_up()
    (aof,) = (world.data_dir / "valkey" / "appendonlydir").glob("*.incr.aof")
    with aof.open("r+b") as file:
        # Over the head of a command: what lies inside of a value Valkey would not notice.
        head = _COMMAND.search(aof.read_bytes(), aof.stat().st_size // 2)
        assert head
        file.seek(head.start(1))
        file.write(b"\xa5" * 100)
    scene.ledger.write(200)
    scene.up()
    scene.drain()
    scene.ledger.assert_equals(world.sqlite)
    assert "Valkey cannot read its data and starts empty" in world.output("up")
    assert (world.data_dir / "valkey" / "appendonlydir.damaged").is_dir()
    scene.kill_up()


class EmbeddedScene:
    """`manage.py up` with its own Valkey."""

    def __init__(self, world: World) -> None:
        from tests.ledger import Ledger

        self.world = world
        self.ledger = Ledger(world.logs, seed=34, now_s=time.time())

    def up(self) -> None:
        """Start it."""
        self.world.start("up")

    def kill_up(self) -> None:
        """End it as a crash does; its children end with it."""
        self.world.kill("up")
        time.sleep(0.5)

    def drain(self) -> None:
        """Wait until every byte is counted."""
        wait_until(lambda: self.ledger.is_counted(self.world.sqlite))


@contextmanager
def small_disk(folder: Path, *, size: str) -> Iterator[None]:
    """A file system of this size in the place of the folder."""
    folder.mkdir(mode=0o700, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(file: Path) -> None:
    """Take all the space there is."""
    with suppress(OSError), file.open("wb", buffering=0) as filler:
        while True:
            filler.write(bytes(4096))
