"""Sources that are no files: two collectors that hear the same count it once, and one that is set back goes on."""

from __future__ import annotations

import redis
from redis.asyncio import Redis

from collector.applications.sinks.store import Store
from collector.core.batch_builder import BatchBuilder, Route
from collector.kernel.kernel import Kernel
from collector.kernel.tally import Tally
from collector.models import redis_keys
from collector.models.activity import ActivityKey, Server
from collector.models.batch import LogBatch
from collector.models.options import Options
from tests.following_world import LittleRollup
from tests.kernel_here import kernel_here

ROUTE = Route(ActivityKey("shop", "", "order", "stream"), Server("a", "1"), 1)


def batch(messages: int) -> LogBatch:
    made = BatchBuilder(1.0)
    count = made.count(1, ROUTE)
    count.count = count.size_bytes = messages
    return made.build()


async def test_of_two_that_hear_the_same_one_counts_and_the_other_takes_over(
    valkey: redis.Redis, valkey_url: str
) -> None:
    rollup, kernels, client = LittleRollup(valkey), list[Kernel](), Redis.from_url(valkey_url)
    rollup.begin()
    async with kernel_here(valkey_url, [Store()], Options(), prepare=kernels.append), client:
        one, other = (Tally("celery", "redis://b", redis=client, bus=kernels[0].bus) for _ in range(2))
        await one.open(at=0)
        await other.open(at=0)
        counted = [await one.append(batch(3)), await other.append(batch(2)), await one.append(batch(4))]
        # The first is gone; the other one knows so far only what it was told.
        counted += [await other.append(batch(6)), await other.append(batch(5))]
        assert counted == [True, False, True, False, True]
    rollup.tick()
    assert rollup.lines == {"order": 3 + 4 + 5}


async def test_what_is_heard_after_a_record_was_set_back_is_counted(valkey: redis.Redis, valkey_url: str) -> None:
    rollup, kernels, client = LittleRollup(valkey), list[Kernel](), Redis.from_url(valkey_url)
    rollup.begin()
    async with kernel_here(valkey_url, [Store()], Options(), prepare=kernels.append), client:
        tally = Tally("celery", "redis://b", redis=client, bus=kernels[0].bus)
        await tally.open(at=0)
        assert await tally.append(batch(3))
        rollup.tick()
        assert await tally.append(batch(4))
        valkey.delete(redis_keys.batches(0))
        valkey.hset(redis_keys.file_record(0, tally.file_id), mapping={"offset": 3, "epoch": 1})
        assert await tally.append(batch(5))
    rollup.tick()
    assert rollup.lines == {"order": 3 + 5}
