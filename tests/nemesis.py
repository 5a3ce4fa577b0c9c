"""
Faults, by chance but seeded, for a World that runs: processes killed with SIGKILL or frozen, a torn file of Redis, an
emptied Redis, log files rotated by name and by copy. Whatever it ends begins again, as a supervisor would see to.
"""

from __future__ import annotations

import random
import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path

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
        self._faults += [self.freeze_collector, self.rotate, self.copy_and_truncate]

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
        wait_until(lambda: self._world.processes["rollup"].poll() is not None)
        self._world.start("rollup")

    def kill_rollup(self) -> None:
        """End the rollup as a crash does."""
        self._again("rollup")

    def kill_collector(self) -> None:
        """End the collector as a crash does."""
        self._again("collect")

    def freeze_collector(self) -> None:
        """Let the collector miss what happens for a moment."""
        self.done.append("freeze collect")
        self._world.kill("collect", signal.SIGSTOP)
        time.sleep(self._chance.uniform(0.1, 1.0))
        self._world.kill("collect", signal.SIGCONT)

    def rotate(self) -> None:
        """Rename a log file, between two lines."""
        if path := self._between_lines():
            path.rename(self._rotated(path))

    def copy_and_truncate(self) -> None:
        """Copy a log file and empty it, between two lines."""
        if path := self._between_lines():
            shutil.copyfile(path, self._rotated(path))
            path.write_bytes(b"")

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

    def _between_lines(self) -> Path | None:
        """A log file that ends with a whole line; nobody may write it now."""
        paths = [path for path in sorted(self._world.logs.glob("*.log")) if path.read_bytes().endswith(b"\n")]
        return self._chance.choice(paths) if paths else None

    def _rotated(self, path: Path) -> Path:
        self.done.append(f"rotate {path.name}")
        return path.with_name(f"{path.name}.nemesis{len(self.done)}")
