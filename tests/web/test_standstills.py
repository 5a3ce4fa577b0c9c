"""What stands still reaches the picture and the panel; and nothing is well while nobody looks."""

from __future__ import annotations

import time
from typing import Any

import redis
from django.test import Client

from tests.drawn_world import PACK, PACK_KEY, PLACE, PLACE_KEY, beat_in_redis, publish, ran
from tests.web.history import remember
from tests.web.test_hub import Watcher
from tests.web.test_node_panel import panel
from visualizer.interfaces.hub import Hub
from visualizer.models.node_id import STANDARD
from visualizer.models.standstill import GONE, STUCK, OldRun, Standstill
from visualizer.repo.standstills import keep_standstills


def stuck(**more: Any) -> Standstill:
    now_s = time.time()
    runs = (OldRun(now_s - 90, "op-<1>", "req-1", "vm", "17"), OldRun(now_s - 70, "op-2", "", "vm", "17"))
    return Standstill(kind=STUCK, since_s=now_s - 30, limit_s=60, count=2, oldest=runs, **more)


def shown(watcher: Watcher, node: str) -> tuple[str, str, int]:
    stats = watcher.picture.nodes[node].stats
    return stats.state, stats.halt, stats.halts


async def test_a_stuck_node_waits_until_nothing_is_stuck_any_more(live: redis.Redis, hub: Hub) -> None:
    publish(live, ran(PACK_KEY, done=30))
    watcher = Watcher(await hub.join(STANDARD))
    await watcher.until(lambda w: w.done(PACK) == 30)
    keep_standstills(live, {STANDARD: {PACK: stuck()}})
    await watcher.until(lambda w: shown(w, PACK) == ("wait", STUCK, 2))
    late = Watcher(await hub.join(STANDARD))
    await late.until(lambda w: w.picture.nodes and shown(w, PACK) == ("wait", STUCK, 2))
    keep_standstills(live, {STANDARD: {}})
    await watcher.until(lambda w: shown(w, PACK) == ("ok", "", 0))


async def test_nothing_is_well_while_no_collector_says_a_word(live: redis.Redis, hub: Hub) -> None:
    publish(live, ran(PLACE_KEY, done=30), ran(PACK_KEY, failed=30))
    watcher = Watcher(await hub.join(STANDARD))
    beat_in_redis(live, now_s=time.time() - 20)
    await watcher.until(lambda w: w.done() == 30 and shown(w, PLACE)[0] == "unknown")
    assert shown(watcher, PACK)[0] == "fail"
    beat_in_redis(live, now_s=time.time() + 60)
    await watcher.until(lambda w: shown(w, PLACE)[0] == "ok")


def test_the_panel_says_what_is_stuck_and_lists_the_oldest(live: redis.Redis, signed_in: Client) -> None:
    gone = Standstill(kind=GONE, since_s=1, names=("http://a",))
    keep_standstills(live, {STANDARD: {PLACE: stuck(more=7), PACK: gone}})
    told = panel(signed_in, PLACE)
    for text in ("2 runs are stuck", "within 60 s (as declared)", "7 more are open", "Oldest open", "op-&lt;1&gt;"):
        assert text in told
    assert "Host gone" in panel(signed_in, PACK)


def test_the_panel_takes_nothing_for_well_while_nobody_looks(live: redis.Redis, signed_in: Client) -> None:
    remember(PLACE_KEY, done=30)
    assert "Healthy" in panel(signed_in, PLACE)
    beat_in_redis(live, now_s=time.time() - 20)
    assert "No collector or rollup has reported" in panel(signed_in, PLACE)
