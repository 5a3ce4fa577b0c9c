"""A rollup in the test's own process, one step at a time, on a clock the test sets."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import msgspec
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from collector.models import redis_keys
from collector.models.heartbeat import RollupBeat
from visualizer.interfaces.rollup import ShardRollup
from visualizer.interfaces.rollup_options import RollupOptions
from visualizer.models.live import LiveUpdate, decode_live
from visualizer.resources import Connections


class SteppedRollup:
    """A ShardRollup that takes a step when it is told to."""

    def __init__(self, url: str, **options: Any) -> None:
        self.now_s = 1_000_000.0
        self.topologies_asked = 0
        #: Called whenever the clock is read: how a test looks into `run`.
        self.whenever: Callable[[], None] = lambda: None
        connections = Connections()
        self.client = redis.Redis.from_url(
            url, socket_timeout=2, retry=Retry(NoBackoff(), 0), redis_connect_func=connections.on_connect
        )
        ours: dict[str, Any] = {"retention_s": 86400.0, "reconcile_s": 0.0, "beat_s": 0.0, "judge_s": 0.0, **options}
        self.rollup = ShardRollup(
            self.client,
            connections,
            0,
            RollupOptions(clock=self._clock, request_topology=self._ask, **ours),
        )
        self.is_attached = False
        #: Set: a step never waits for the pace of updates.
        self._stop = Event()
        self._stop.set()

    def work(self, steps: int = 4) -> None:
        """Attach where needed and take some steps."""
        for _ in range(steps):
            self.is_attached = self.rollup.step(self._stop) if self.is_attached else self.rollup.attach()

    def beat(self) -> RollupBeat:
        """What it says of itself."""
        text: Any = self.client.get(redis_keys.rollup_beat(0))
        return msgspec.json.decode(text, type=RollupBeat)

    def told(self) -> list[LiveUpdate]:
        """Every update so far."""
        messages: Any = self.client.xrange(redis_keys.live(0))
        return [decode_live(fields[b"u"]) for _, fields in messages]

    def _clock(self) -> float:
        self.whenever()
        return self.now_s

    def _ask(self) -> bool:
        self.topologies_asked += 1
        return True


@pytest.fixture
def make_rollup(valkey: redis.Redis, valkey_url: str, transactional_db: None) -> Iterator[Callable[..., SteppedRollup]]:
    """Builds rollups on an emptied Valkey and an emptied database."""
    made: list[SteppedRollup] = []

    def build(**options: Any) -> SteppedRollup:
        made.append(SteppedRollup(valkey_url, **options))
        return made[-1]

    yield build
    for rollup in made:
        rollup.client.close()


@pytest.fixture
def dead_pid() -> int:
    """The id of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.fixture
def rollup(make_rollup: Callable[..., SteppedRollup]) -> SteppedRollup:
    """One that is attached."""
    stepped = make_rollup()
    stepped.work()
    return stepped
