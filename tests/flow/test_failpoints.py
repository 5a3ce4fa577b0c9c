"""A process that dies between two steps, at each place where it could, neither loses a line nor counts one twice."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import redis

from collector.models import redis_keys
from tests.ledger import Ledger
from tests.world import World, wait_until


@pytest.mark.parametrize(
    ("process", "places"),
    [("rollup", ["before_commit", "after_commit", "after_delete"]), ("collect", ["after_read", "after_ingest"])],
)
def test_a_death_between_two_steps_changes_no_count(
    make_world: Callable[..., World], process: str, places: list[str]
) -> None:
    world = make_world()
    ledger = Ledger(world.logs, seed=3, now_s=time.time())
    client = world.start_valkey()
    for name in ("rollup", "collect"):
        world.start(name, **({"EVENTSCOPE_FAILPOINT": f"{places[0]}:3"} if name == process else {}))
    for place, following in zip(places, [*places[1:], ""], strict=True):
        assert die(world, ledger, process) == -9, place
        world.start(process, **({"EVENTSCOPE_FAILPOINT": f"{following}:3"} if following else {}))
    wait_until(lambda: ledger.is_counted(world.sqlite))
    ledger.assert_equals(world.sqlite)
    wait_for_empty(client)


def die(world: World, ledger: Ledger, process: str) -> int | None:
    """Write until the process passes its place for the third time."""

    def is_dead() -> bool:
        ledger.write(10)
        return world.processes[process].poll() is not None

    wait_until(is_dead, step_s=0.05)
    return world.processes[process].returncode


def wait_for_empty(client: redis.Redis) -> None:
    """What is counted leaves Redis."""
    wait_until(lambda: client.xlen(redis_keys.batches(0)) == 0)
    client.close()
