"""Two collectors, one is killed: only what it reads is not seen, until another one comes on its host: all processes."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.drawn_world import PACK, PLACE, SHOP, STORE, draw_in_redis, drawn
from tests.integration.history_database import on_database
from tests.world import World, wait_until
from visualizer.interfaces.demo.hopeit_log import HopeitLog
from visualizer.interfaces.find_unseen import find_unseen
from visualizer.models.node_id import STANDARD
from visualizer.repo.feeds import read_feeds
from visualizer.repo.models import Total
from visualizer.repo.watch import read_watch

PATIENCE_S = 120


def run(world: World, app: str, event: str, *, host: str) -> None:
    """A run of an app on a host with a folder of its own."""
    log = HopeitLog(world.logs / host, host_name=host, pid=17)
    extras: list[tuple[str, object]] = [("track.operation_id", "o"), ("event.app", app)]
    log.write("INFO", app=app.replace(".1x0", " 1.0"), event=event, message="START", extras=extras)


@pytest.mark.django_db(transaction=True)
def test_only_what_a_killed_collector_reads_is_not_seen(make_world: Callable[..., World]) -> None:
    world = make_world(EVENTSCOPE_APPLICATIONS="log_files,hopeit,store")
    client = world.start_valkey()
    draw_in_redis(client)

    def collect(host: str) -> None:
        logs = str(world.logs / host / "*.log")
        data = {"EVENTSCOPE_DATA_DIR": str(world.folder / host)}
        world.start("collect", name=host, EVENTSCOPE_HOST_ID=host, EVENTSCOPE_LOGS=logs, **data)

    world.start("rollup")
    for app, event, host in ((SHOP, "place_order", "one"), (STORE, "pack", "two")):
        (world.logs / host).mkdir()
        run(world, app, event, host=host)
        collect(host)

    def unseen() -> set[str]:
        topologies = {STANDARD: drawn().topology}
        found = find_unseen(read_watch(client), topologies, now_s=time.time()).of(STANDARD)
        return {node for node, part in found.items() if part.is_whole}

    with on_database(f"sqlite:///{world.sqlite}"):
        wait_until(lambda: len(read_feeds()) == 2, timeout_s=PATIENCE_S)
        wait_until(lambda: not unseen(), timeout_s=PATIENCE_S)
        world.kill("one")
        wait_until(unseen, timeout_s=PATIENCE_S)
        assert PLACE in unseen()
        assert PACK not in unseen()
        run(world, STORE, "pack", host="two")
        wait_until(lambda: Total.objects.get(activity__event="pack").started == 2, timeout_s=PATIENCE_S)
        collect("one")
        wait_until(lambda: not unseen(), timeout_s=PATIENCE_S)
    client.close()
