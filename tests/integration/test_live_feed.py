"""What the web processes are told equals history, also after a rollup began again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
import redis

from collector.models import redis_keys
from collector.models.activity import Status
from collector.models.heartbeat import RollupBeat
from collector.models.host import ALIVE, ERROR, HostAnswer
from tests.integration.conftest import SteppedRollup
from tests.shipped_file import KEY, SERVER, ShippedFile
from visualizer.core.live_sums import LiveSums
from visualizer.models.live import ActivityStats, decode_live
from visualizer.repo import live_updates

NOW = 1_000_000


@pytest.fixture
def file(rollup: SteppedRollup, valkey_url: str) -> ShippedFile:
    """A file whose record is made."""
    file = ShippedFile(valkey_url)
    file.make()
    return file


def shown(rollup: SteppedRollup) -> list[ActivityStats]:
    """What a hub shows that heard every update."""
    sums = LiveSums()
    sums.take(0, rollup.told())
    return sums.all()


def from_snapshot(client: redis.Redis) -> list[ActivityStats]:
    """What a hub shows that begins now."""
    sums = LiveSums()
    snapshot: Any = client.hgetall(redis_keys.snapshot(0))
    since: Any = client.xrange(redis_keys.live(0), min=b"(" + snapshot[b"id"])
    sums.take(0, [decode_live(snapshot[b"u"]), *(decode_live(fields[b"u"]) for _, fields in since)])
    return sums.all()


def test_a_batch_is_told_in_the_step_that_counts_it(rollup: SteppedRollup, file: ShippedFile) -> None:
    file.run(Status.START, Status.FAILED, second=NOW)
    rollup.work(1)
    (stats,) = rollup.told()[-1].changed
    assert (stats.key, stats.started, stats.failed, stats.pending, stats.last_s) == (KEY, 1, 1, 0, NOW + 0.5)


def test_a_snapshot_says_the_same_as_all_updates(rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis) -> None:
    for second in range(5):
        rollup.now_s = NOW + second
        file.run(Status.START, Status.DONE, second=NOW + second, durations={second: 1})
        rollup.work(1)
        assert from_snapshot(valkey) == shown(rollup)


def test_a_rollup_that_begins_again_tells_everything_anew(
    rollup: SteppedRollup, make_rollup: Callable[..., SteppedRollup], file: ShippedFile, valkey: redis.Redis
) -> None:
    file.run(Status.START, Status.START, Status.DONE, second=NOW - 3, durations={4: 1})
    rollup.work()
    (before,) = shown(rollup)
    valkey.delete(redis_keys.lease(0))
    make_rollup().work()
    (after,) = shown(rollup)
    assert rollup.told()[-1].reset
    assert msgspec.structs.replace(after, last_s=before.last_s) == before
    assert from_snapshot(valkey) == [after]


def test_what_left_the_window_while_no_rollup_ran_is_forgotten(
    rollup: SteppedRollup, make_rollup: Callable[..., SteppedRollup], file: ShippedFile, valkey: redis.Redis
) -> None:
    file.run(Status.START, Status.DONE, second=NOW)
    rollup.work()
    valkey.delete(redis_keys.lease(0))
    second = make_rollup()
    second.now_s = NOW + 100
    second.work()
    assert shown(rollup) == from_snapshot(valkey) == []


def test_a_rollup_knows_when_something_last_happened_also_before_its_time(
    rollup: SteppedRollup, make_rollup: Callable[..., SteppedRollup], file: ShippedFile, valkey: redis.Redis
) -> None:
    file.run(Status.START, Status.DONE, second=NOW)
    rollup.work()
    valkey.delete(redis_keys.lease(0))
    second = make_rollup()
    second.now_s = NOW + 700
    second.work()
    told: Any = valkey.get(redis_keys.rollup_beat(0))
    assert msgspec.json.decode(told, type=RollupBeat).newest_s == pytest.approx(NOW, abs=1)


def test_an_activity_fades_second_by_second(rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis) -> None:
    file.run(Status.START, Status.DONE, second=NOW)
    seen = []
    for wait in (0, 10, 60):
        rollup.now_s = NOW + wait
        rollup.work()
        seen.append([(s.recent, s.done) for s in shown(rollup)])
    assert seen == [[(1, 1)], [(0, 1)], []]
    assert from_snapshot(valkey) == []


@pytest.mark.parametrize(("pids", "status", "pending"), [(["100"], ALIVE, 1), (["200"], ALIVE, 0), (["100"], ERROR, 0)])
def test_nothing_is_pending_on_a_server_no_config_lists(
    rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis, pids: list[str], status: str, pending: int
) -> None:
    file.run(Status.START, second=NOW)
    servers = [{"host_name": SERVER.host_name, "pid": pid, "url": "http://vm"} for pid in pids]
    answer = HostAnswer(
        url="http://vm",
        position=0,
        status=status,
        since_s=NOW - 100,
        polled_s=NOW + 5,
        standard={"apps": {KEY.app: {"servers": servers, "app_config": {}}}},
    )
    valkey.hset(redis_keys.HOSTS, mapping={"http://vm": msgspec.json.encode(answer), "http://bad": b"{"})
    rollup.now_s = NOW + 6
    rollup.work()
    assert [stats.pending for stats in shown(rollup)] == [pending]


def test_many_viewers_slow_the_pace(rollup: SteppedRollup, valkey: redis.Redis) -> None:
    valkey.hset(redis_keys.VIEWERS, mapping={"web1": f"30:{NOW}", "web2": f"21:{NOW - 3}", "old": f"99:{NOW - 60}"})
    rollup.work()
    assert rollup.rollup.interval_s == 0.25
    valkey.hset(redis_keys.VIEWERS, "web1", f"29:{NOW}")
    rollup.work()
    assert rollup.rollup.interval_s == 0.1


def test_what_nobody_can_see_is_counted_in_larger_steps(rollup: SteppedRollup, file: ShippedFile) -> None:
    paces = []
    for second in (NOW - 500, NOW):
        file.run(Status.START, second=second)
        rollup.work(1)
        paces.append(rollup.rollup.interval_s)
    assert paces == [1.0, 0.1]


def test_large_updates_leave_redis_room(
    rollup: SteppedRollup, file: ShippedFile, valkey: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_updates, "KEPT_BYTES", 300)
    for second in range(20):
        rollup.now_s = NOW + second
        file.run(Status.START, second=NOW + second)
        rollup.work(1)
    assert 1 <= valkey.xlen(redis_keys.live(0)) <= 6
