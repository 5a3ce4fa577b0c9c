"""The recorded session through all processes: what SQL holds is what the files say, whatever is killed on the way."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from collector.models import redis_keys
from tests.nemesis import Nemesis
from tests.recorded_session import END, RecordedSession
from tests.sql_copy import copy_database, counted_bytes, counted_runs, restore_database
from tests.world import World, wait_until


@pytest.fixture
def begin(make_world: Callable[..., World]) -> Callable[..., World]:
    """Builds a World whose clock shows the end of the recording, with a rollup and a collector at work."""

    def build(**env: str) -> World:
        world = make_world(EVENTSCOPE_CLOCK=f"{END.timestamp() - time.time():+.0f}", **env)
        client = world.start_valkey()
        world.start("rollup")
        world.start("collect")
        # A file that is rotated away before a collector was ever there is none of ours.
        wait_until(lambda: client.hlen(redis_keys.COLLECTORS))
        client.close()
        return world

    return build


@pytest.fixture(scope="module")
def session() -> RecordedSession:
    """The recording."""
    return RecordedSession()


def test_the_recording_is_read_as_its_readme_says(session: RecordedSession) -> None:
    statuses = {status: sum(n for key, n in session.runs.items() if key[2] == status) for _, _, status in session.runs}
    assert statuses == {"START": 1832, "DONE": 1670, "FAILED": 102, "IGNORED": 60}
    assert session.other == {"stats": 484, "continuation": 512, "message": 7982 - 3664 - 484 - 512}


def test_the_recorded_session_is_counted_exactly(begin: Callable[..., World], session: RecordedSession) -> None:
    world = begin()
    for _ in session.write(world.logs, seed=1):
        time.sleep(0.002)
    drained(world, session)
    session.assert_equals(world.report())


def test_kills_losses_and_an_older_copy_change_no_count(
    begin: Callable[..., World], session: RecordedSession, tmp_path: Path
) -> None:
    world, copy = begin(), tmp_path / "older.sqlite3"
    write_under_fire(world, session, copy=copy, strikes=every_fault(world))
    drained(world, session)
    forget_while_quiet(world, copy=copy)
    drained(world, session)
    session.assert_equals(world.report())


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 100 + int(os.environ.get("SOAK_SEEDS", "10"))))
def test_any_faults_in_any_order_change_no_count(
    begin: Callable[..., World], session: RecordedSession, tmp_path: Path, seed: int
) -> None:
    world, copy = begin(), tmp_path / "older.sqlite3"
    nemesis = Nemesis(world, seed=seed)
    write_under_fire(world, session, copy=copy, strikes=[nemesis.strike] * 12, pieces=6)
    drained(world, session)
    forget_while_quiet(world, copy=copy)
    drained(world, session)
    session.assert_equals(world.report())


def test_without_the_claim_the_same_run_counts_too_much(
    begin: Callable[..., World], session: RecordedSession, tmp_path: Path
) -> None:
    world = begin(EVENTSCOPE_NEGATIVE_CONTROL="no_claim")
    write_under_fire(world, session, copy=tmp_path / "older.sqlite3", strikes=every_fault(world))
    wait_until(lambda: counted_runs(world.sqlite, width_s=10).total() > session.runs.total())


def every_fault(world: World) -> list[Callable[[], None]]:
    """Each kind of fault once, and one at random."""
    nemesis = Nemesis(world, seed=7)
    strikes = [nemesis.doom_rollup, nemesis.revive_rollup, nemesis.kill_valkey, nemesis.kill_collector]
    strikes += [nemesis.freeze_collector, nemesis.rotate, nemesis.copy_and_truncate]
    return [*strikes, nemesis.empty_redis, nemesis.kill_rollup, nemesis.strike]


def write_under_fire(
    world: World, session: RecordedSession, *, copy: Path, strikes: list[Callable[[], None]], pieces: int = 4
) -> None:
    """Write everything while things are killed and Redis is emptied; an SQL copy is made on the way."""
    counted = 0

    def has_gone_on() -> bool:
        return counted_bytes(world.sqlite) > counted

    for number, _ in enumerate(session.write(world.logs, seed=2, pieces=pieces)):
        time.sleep(0.005)
        if number % 35 == 34 and strikes:
            # Each fault meets processes that have got over the one before.
            wait_until(has_gone_on)
            if len(strikes) == 4:
                # What stands in no file but a copy is not read again for an older database: docs/faults.md.
                wait_until(lambda: is_caught_up(world))
                copy_database(world.sqlite, copy)
            strikes.pop(0)()
            counted = counted_bytes(world.sqlite)
    assert not strikes


def is_caught_up(world: World) -> bool:
    """Whether every whole line is counted; to rotate a file or to copy and truncate it does not change their sum."""
    return counted_bytes(world.sqlite) == sum(path.read_bytes().rfind(b"\n") + 1 for path in world.logs.iterdir())


def forget_while_quiet(world: World, *, copy: Path) -> None:
    """Nobody writes a line: empty Redis, put the older SQL in the place of the newer."""
    Nemesis(world, seed=8).empty_redis()
    world.kill("rollup")
    restore_database(copy, world.sqlite)
    world.start("rollup")


def drained(world: World, session: RecordedSession) -> None:
    """Wait until every byte is counted."""
    wait_until(lambda: counted_bytes(world.sqlite) == session.size_bytes)
