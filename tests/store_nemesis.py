"""More faults for the Nemesis: those of Redis, of the way to it, and of SQL."""

from __future__ import annotations

import random
import signal
import time
from contextlib import suppress
from pathlib import Path

import redis

from collector.models import redis_keys
from tests.chaos_proxy import FAIR, ChaosProxy, Weather
from tests.nemesis import Nemesis
from tests.sql_copy import copy_database, restore_database
from tests.world import World

#: What the way to Redis may be like for a moment.
_WEATHERS = (
    Weather(delay_s=0.2, jitter_s=0.1, bytes_per_s=1_000_000),
    Weather(reset_share=0.1),
    Weather(slice_bytes=1),
    Weather(is_silent=True),
    Weather(refuses=True),
)
#: Small keys anybody could overwrite. A record and the index of files are looked at every 30 s only.
_KEYS = (redis_keys.batches, redis_keys.new_files, redis_keys.live, redis_keys.snapshot, redis_keys.lease)


class StoreNemesis:
    """Does one fault at a time, of the Nemesis or of its own."""

    def __init__(self, world: World, proxy: ChaosProxy, *, seed: int) -> None:
        self._world = world
        self._proxy = proxy
        self._nemesis = Nemesis(world, seed=seed)
        self._chance = random.Random(seed)
        self._copy: Path = world.folder / "older.sqlite3"
        #: What it did, for the message of a failing test.
        self.done = self._nemesis.done
        self._faults = [
            self._nemesis.kill_rollup,
            self._nemesis.kill_collector,
            self._nemesis.kill_valkey,
            self._nemesis.empty_redis,
            self.freeze,
            self.pause_clients,
            self.forget_scripts,
            self.break_a_key,
            self.change_weather,
            self.go_back_in_sql,
        ]

    def strike(self) -> None:
        """Do one of them."""
        if not self._copy.exists():
            copy_database(self._world.sqlite, self._copy)
        self._chance.choice(self._faults)()

    def freeze(self) -> None:
        """Stop a process for a moment."""
        name = self._chance.choice(("rollup", "collect", "valkey"))
        self.done.append(f"freeze {name}")
        self._world.kill(name, signal.SIGSTOP)
        time.sleep(self._chance.uniform(0.2, 3.0))
        self._world.kill(name, signal.SIGCONT)

    def pause_clients(self) -> None:
        """Let Redis answer nobody for a moment."""
        self.done.append("client pause")
        with self._client() as client:
            client.client_pause(self._chance.randrange(200, 3000), all=True)

    def forget_scripts(self) -> None:
        """Make every script unknown."""
        self.done.append("script flush")
        with self._client() as client, suppress(redis.RedisError):
            client.script_flush()

    def break_a_key(self) -> None:
        """Put something of a wrong type into the place of a key."""
        key = self._chance.choice(_KEYS)(0)
        self.done.append(f"wrong type {key}")
        with self._client() as client, suppress(redis.RedisError), client.pipeline() as pipe:
            pipe.delete(key)
            pipe.zadd(key, {"not what it should be": 1.0})
            pipe.execute()

    def change_weather(self) -> None:
        """Spoil the way to Redis for a moment."""
        weather = self._chance.choice(_WEATHERS)
        self.done.append(str(weather))
        self._proxy.weather = weather
        time.sleep(self._chance.uniform(0.2, 3.0))
        self._proxy.weather = FAIR

    def go_back_in_sql(self) -> None:
        """Put an older copy of the database in its place."""
        self.done.append("older sql")
        self._world.kill("rollup")
        restore_database(self._copy, self._world.sqlite)
        self._world.start("rollup")

    def _client(self) -> redis.Redis:
        return redis.Redis.from_url(self._world.redis_url, socket_timeout=10)
