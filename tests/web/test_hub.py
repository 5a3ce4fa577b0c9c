"""The hub on a real Valkey that stops, freezes and forgets."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
import redis

from collector.models import redis_keys
from tests.drawn_world import PACK, PACK_KEY, PLACE, PLACE_KEY, beat_in_redis, draw_in_redis, publish, ran
from tests.world import World
from visualizer.core.graph_state import Picture, apply
from visualizer.interfaces import hub as hub_module
from visualizer.interfaces.hub import Hub
from visualizer.interfaces.viewer import Viewer
from visualizer.models.delta import Beat, Delta
from visualizer.models.live import LiveUpdate, encode_live
from visualizer.models.node_id import STANDARD
from visualizer.models.topology import Node
from visualizer.repo.live_reader import MANY

_decode = msgspec.json.Decoder(Delta | Beat).decode


class Watcher:
    """Looks at the hub and keeps the picture."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.picture = Picture()
        self.beat: Beat | None = None

    async def until(self, condition: Callable[[Watcher], object], *, timeout_s: float = 60) -> None:
        """Take texts until the condition is true."""
        async with asyncio.timeout(timeout_s):
            while not condition(self):
                message = _decode(await self.viewer.next_text())
                if isinstance(message, Beat):
                    self.beat = message
                else:
                    self.picture = apply(self.picture, message)
                    self.viewer.acknowledge(message.seq)

    def done(self, node: str = PLACE) -> int:
        """What the picture says."""
        return self.picture.nodes[node].stats.done if node in self.picture.nodes else -1

    @property
    def problem(self) -> str:
        """The first one of the last beat."""
        return self.beat.problems[0] if self.beat and self.beat.problems else ""


@pytest.fixture
async def watcher(live: redis.Redis, hub: Hub) -> Watcher:
    """Somebody who looks at the standard view."""
    return Watcher(await hub.join(STANDARD))


async def test_what_a_rollup_tells_is_seen(live: redis.Redis, watcher: Watcher) -> None:
    publish(live, ran(PLACE_KEY, done=7))
    await watcher.until(lambda w: w.done() == 7)


async def test_the_first_picture_has_what_was_told_before_and_since_the_snapshot(live: redis.Redis, hub: Hub) -> None:
    updates = publish(live, ran(PLACE_KEY, done=1))
    updates.write_snapshot(LiveUpdate(at_s=1, changed=[ran(PLACE_KEY, done=1)]))
    publish(live, ran(PACK_KEY, done=2), updates=updates)
    watcher = Watcher(await hub.join(STANDARD))
    await watcher.until(lambda w: w.picture.nodes)
    assert (watcher.done(PLACE), watcher.done(PACK)) == (1, 2)


async def test_a_text_is_made_once_for_all_who_look(live: redis.Redis, hub: Hub) -> None:
    viewers = [await hub.join(STANDARD) for _ in range(3)]
    first, second, third = [await viewer.next_text() for viewer in viewers]
    assert first is second is third


async def test_a_node_that_comes_up_is_added_and_moves_nobody(live: redis.Redis, watcher: Watcher) -> None:
    publish(live, ran(PLACE_KEY, done=7))
    await watcher.until(lambda w: w.done() == 7)
    before = watcher.picture.nodes[PLACE]
    draw_in_redis(live, extra=[Node(id="new", kind="event", label="new", name="new", app="")])
    await watcher.until(lambda w: "new" in w.picture.nodes)
    assert watcher.picture.nodes[PLACE] == before


async def test_a_rollup_that_began_again_takes_back_what_it_leaves_out(live: redis.Redis, watcher: Watcher) -> None:
    updates = publish(live, ran(PLACE_KEY, done=7), ran(PACK_KEY, done=1))
    await watcher.until(lambda w: w.done() == 7)
    updates.publish(LiveUpdate(at_s=2, changed=[ran(PACK_KEY, done=2)], reset=True))
    await watcher.until(lambda w: w.done(PACK) == 2)
    assert watcher.done() == 0


async def test_who_falls_behind_goes_on_from_the_snapshot(live: redis.Redis, watcher: Watcher) -> None:
    # What the snapshot says stands nowhere else: only who reads it can know.
    await watcher.until(lambda w: w.picture.nodes)
    with live.pipeline() as pipe:
        for count in range(1, 3 * MANY):
            update = LiveUpdate(at_s=1, changed=[ran(PLACE_KEY, done=count)])
            pipe.xadd(redis_keys.live(0), {"u": encode_live(update)}, id=f"{count}-1")
        snapshot = LiveUpdate(at_s=3, changed=[ran(PACK_KEY, done=99)])
        pipe.hset(redis_keys.snapshot(0), mapping={"id": f"{3 * MANY - 1}-1", "u": encode_live(snapshot)})
        pipe.execute()
    await watcher.until(lambda w: w.done(PACK) == 99)


async def test_damaged_messages_are_passed_over(live: redis.Redis, watcher: Watcher) -> None:
    live.xadd(redis_keys.live(0), {"u": b"\xc1 no MessagePack"})
    live.xadd(redis_keys.live(0), {"else": b""})
    live.hset(redis_keys.COLLECTORS, "bad", b"{")
    publish(live, ran(PLACE_KEY, done=7))
    await watcher.until(lambda w: w.done() == 7 and w.beat)


async def test_a_beat_says_how_old_the_picture_is(live: redis.Redis, watcher: Watcher) -> None:
    await watcher.until(lambda w: w.beat)
    assert watcher.beat is not None
    assert watcher.beat.behind_s is not None
    assert (watcher.beat.files, watcher.beat.problems) == (3, [])


async def test_a_collector_that_falls_silent_is_named(live: redis.Redis, watcher: Watcher) -> None:
    beat_in_redis(live, now_s=time.time() - 12)
    await watcher.until(lambda w: "h:1 has not reported for" in w.problem)
    assert watcher.beat is not None
    assert watcher.beat.behind_s is None


async def test_the_rollups_are_told_how_many_look(live: redis.Redis, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "VIEWERS_S", 0.0)
    watchers = [Watcher(await hub.join(STANDARD)) for _ in range(2)]
    await watchers[0].until(lambda _: str(live.hget(redis_keys.VIEWERS, hub.id)).startswith("b'2:"))
    hub.leave(STANDARD, watchers[0].viewer)
    await watchers[1].until(lambda _: str(live.hget(redis_keys.VIEWERS, hub.id)).startswith("b'1:"))


async def test_it_ends_a_while_after_the_last_one_left_and_begins_again(
    live: redis.Redis, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "LINGER_S", 0.05)
    hub.leave(STANDARD, await hub.join(STANDARD))
    task = hub._task
    assert task is not None
    await asyncio.wait([task], timeout=60)
    assert task.done()
    publish(live, ran(PLACE_KEY, done=7)).write_snapshot(LiveUpdate(at_s=1, changed=[ran(PLACE_KEY, done=7)]))
    await Watcher(await hub.join(STANDARD)).until(lambda w: w.done() == 7)


@pytest.fixture
def own_valkey(tmp_path: Path, use_redis: Callable[[str], None]) -> Iterator[World]:
    """A Valkey that only this test hurts."""
    world = World(tmp_path / "world")
    client = world.start_valkey()
    draw_in_redis(client)
    beat_in_redis(client, now_s=time.time())
    use_redis(world.redis_url)
    yield world
    client.close()
    world.close()


@pytest.fixture
async def hurt(own_valkey: World, hub: Hub) -> Watcher:
    """Somebody who sees seven orders when trouble begins."""
    watcher = Watcher(await hub.join(STANDARD))
    with redis.Redis.from_url(own_valkey.redis_url) as client:
        publish(client, ran(PLACE_KEY, done=7))
    await watcher.until(lambda w: w.done() == 7)
    return watcher


async def test_a_frozen_redis_is_said_while_beats_go_on_and_is_forgotten_when_it_is_back(
    own_valkey: World, hurt: Watcher
) -> None:
    own_valkey.kill("valkey", signal.SIGSTOP)
    await hurt.until(lambda w: w.problem.startswith("Redis has not answered"))
    assert hurt.beat is not None
    assert hurt.beat.behind_s is None
    own_valkey.kill("valkey", signal.SIGCONT)
    with redis.Redis.from_url(own_valkey.redis_url) as client:
        publish(client, ran(PLACE_KEY, done=8))
        beat_in_redis(client, now_s=time.time())
    await hurt.until(lambda w: w.done() == 8 and not w.problem)


async def test_a_redis_that_comes_back_empty_leaves_the_last_picture_standing(own_valkey: World, hurt: Watcher) -> None:
    own_valkey.kill("valkey", signal.SIGKILL)
    await hurt.until(lambda w: w.problem.startswith("Redis has not answered"))
    for file in (own_valkey.data_dir / "valkey" / "appendonlydir").iterdir():
        file.unlink()
    client = own_valkey.start_valkey()
    await hurt.until(lambda w: w.beat and not w.problem.startswith("Redis"))
    assert PLACE in hurt.picture.nodes
    draw_in_redis(client)
    beat_in_redis(client, now_s=time.time())
    publish(client, ran(PLACE_KEY, done=9))
    await hurt.until(lambda w: w.done() == 9 and not w.problem)
    client.close()


async def test_without_any_redis_a_page_is_told_so_at_once(no_redis: None, hub: Hub) -> None:
    watcher = Watcher(await hub.join(STANDARD))
    await watcher.until(lambda w: w.problem.startswith("Redis has not answered"))
    assert watcher.picture == Picture()


async def test_who_looked_before_there_was_anything_sees_it_come(
    valkey: redis.Redis, valkey_url: str, use_redis: Callable[[str], None], hub: Hub
) -> None:
    use_redis(valkey_url)
    watcher = Watcher(await hub.join(STANDARD))
    await watcher.until(lambda w: w.beat)
    beat_in_redis(valkey, now_s=time.time())
    draw_in_redis(valkey)
    await watcher.until(lambda w: w.picture.nodes)
    publish(valkey, ran(PLACE_KEY, done=3))
    await watcher.until(lambda w: w.done() == 3)


async def test_a_shard_that_is_no_more_takes_its_numbers_with_it(live: redis.Redis, watcher: Watcher) -> None:
    live.set(redis_keys.LAYOUT, f"{redis_keys.LAYOUT_VERSION}:2")
    live.xadd(redis_keys.live(1), {"u": encode_live(LiveUpdate(at_s=1, changed=[ran(PLACE_KEY, done=5)]))})
    publish(live, ran(PLACE_KEY, done=2))
    await watcher.until(lambda w: w.done() == 7)
    live.set(redis_keys.LAYOUT, f"{redis_keys.LAYOUT_VERSION}:1")
    await watcher.until(lambda w: w.done() == 2)


async def test_it_stops_at_once_however_it_is_caught(
    live: redis.Redis, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "WATCH_S", 0.0)
    for step in range(30):
        hub.leave(STANDARD, await hub.join(STANDARD))
        await asyncio.sleep(step / 2000)
        async with asyncio.timeout(60):
            await hub.stop()
