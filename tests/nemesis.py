"""
Faults, by chance but seeded, for a World that runs: processes killed with SIGKILL, a torn file of Redis, an emptied
Redis. Whatever it ends begins again, as a supervisor would see to.
"""

from __future__ import annotations

import random
import signal
from contextlib import suppress

import redis

from tests.world import World, wait_until

#: What a torn tail takes at most: some of the last writes Redis had acknowledged.
_TORN_BYTES = 20_000


class Nemesis:
    """Does one fault at a time."""

    def __init__(self, world: World, *, seed: int) -> None:
        self._world = world
        self._chance = random.Random(seed)
        #: What it did, for the message of a failing test.
        self.done: list[str] = [f"seed {seed}"]
        self._faults = [self.kill_rollup, self.kill_collector, self.kill_valkey, self.empty_redis]

    def strike(self) -> None:
        """Do one of them."""
        self._chance.choice(self._faults)()

    def doom_rollup(self) -> None:
        """Let the rollup die where it has committed and not deleted: all that it counted then comes again."""
        self.done.append("doom rollup")
        self._world.kill("rollup", signal.SIGKILL)
        self._world.start("rollup", EVENTSCOPE_FAILPOINT="after_commit")

    def revive_rollup(self) -> None:
        """Begin again where a doomed one ended."""
        wait_until(lambda: self._world.processes["rollup"].poll() is not None, timeout_s=60)
        self._world.start("rollup")

    def kill_rollup(self) -> None:
        """End the rollup as a crash does."""
        self._again("rollup")

    def kill_collector(self) -> None:
        """End the collector as a crash does."""
        self._again("collect")

    def kill_valkey(self, *, is_torn: bool = True) -> None:
        """End Valkey; what it wrote last is lost, too."""
        self.done.append("kill valkey")
        self._world.kill("valkey", signal.SIGKILL)
        for file in (self._world.data_dir / "valkey" / "appendonlydir").glob("*.incr.aof"):
            if is_torn:
                size = file.stat().st_size
                with file.open("r+b") as aof:
                    aof.truncate(max(0, size - self._chance.randrange(_TORN_BYTES)))
        self._world.start_valkey().close()

    def empty_redis(self) -> None:
        """Take everything Redis has."""
        self.done.append("flushall")
        with redis.Redis.from_url(self._world.redis_url, socket_timeout=5) as client, suppress(redis.RedisError):
            client.flushall()

    def _again(self, name: str) -> None:
        self.done.append(f"kill {name}")
        self._world.kill(name, signal.SIGKILL)
        self._world.start(name)
