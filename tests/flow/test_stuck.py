"""A consumer dies in the middle of an operation, which is told, and is well again when it is back: all processes."""

from __future__ import annotations

from collections.abc import Callable

import redis

from tests.hanging_consumer import OPERATION, TIMEOUT_S
from tests.ports import own_port
from tests.world import World, wait_until
from visualizer.models.node_id import STANDARD
from visualizer.models.standstill import STUCK, Standstill
from visualizer.repo.drawn import read_drawn
from visualizer.repo.standstills import read_standstills


def test_a_killed_consumer_is_stuck_within_its_timeout_and_well_when_it_is_back(
    make_world: Callable[..., World],
) -> None:
    port = own_port()
    world = make_world(EVENTSCOPE_HOSTS=f"http://127.0.0.1:{port}", EVENTSCOPE_POLL_INTERVAL="1s")
    consumer = ("-m", "tests.hanging_consumer", str(port), str(world.logs))
    client = world.start_valkey()
    for command in ("rollup", "collect"):
        world.start(command)
    world.start_worker()
    first = world.spawn("consumer", *consumer)
    wait_until(lambda: _is_drawn(client))
    world.kill("consumer")

    wait_until(lambda: _stuck(client))
    found = _stuck(client)
    assert found
    (run,) = found.oldest
    assert (found.count, found.limit_s, found.is_default) == (1, TIMEOUT_S, False)
    assert (run.operation_id, run.request_id, run.pid) == (OPERATION, "r-1", str(first.pid))
    assert found.since_s == run.began_s + TIMEOUT_S

    world.spawn("consumer", *consumer, "idle")
    wait_until(lambda: read_standstills(client, STANDARD) == {})
    client.close()


def _is_drawn(client: redis.Redis) -> bool:
    drawn = read_drawn(client, STANDARD)
    return bool(drawn and any(n.id == "store.1x0.pack" and n.declared and n.observed for n in drawn.topology.nodes))


def _stuck(client: redis.Redis) -> Standstill | None:
    found = read_standstills(client, STANDARD).get("store.1x0.pack")
    return found if found and found.kind == STUCK else None
