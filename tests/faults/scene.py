"""A World at work with a Ledger: something is written while something goes wrong, and every line is counted once."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import redis

from collector.models import redis_keys
from tests.chaos_proxy import ChaosProxy
from tests.ledger import Ledger
from tests.sql_copy import read_sql
from tests.world import World, wait_until

#: What becomes of a byte that was read, once each; "skewed" stands beside "parsed".
_FATES = (
    "SELECT coalesce(sum(size_bytes), 0) FROM visualizer_sourcebytes WHERE fate IN ('parsed', 'skipped', 'dropped')"
)
_COUNTED = "SELECT coalesce(sum(high_water - first_offset), 0) FROM visualizer_source"
#: The rows of a query on the World's database.
Read = Callable[[str], list[tuple[Any, ...]]]


class Scene:
    """A World with Valkey, a rollup and a collector, and what was written into its logs."""

    def __init__(self, world: World, *, seed: int, is_proxied: bool = False, read: Read | None = None) -> None:
        """Args: read: for a database that is not the World's SQLite."""
        self.world = world
        self.read = read or (lambda sql: read_sql(world.sqlite, sql))
        self._is_sqlite = read is None
        self.ledger = Ledger(world.logs, seed=seed, now_s=time.time())
        #: Straight to Valkey, past the proxy.
        self.client = world.start_valkey()
        self.proxy: ChaosProxy | None = None
        if is_proxied:
            self.proxy = ChaosProxy(urlsplit(world.redis_url).port or 0, seed=seed)
            world.env["REDIS_URL"] = self.proxy.url(world.redis_url)
        world.start("rollup")
        world.start("collect")

    def begin(self) -> None:
        """Write a little and see it counted: everything works."""
        self.ledger.write(20)
        self.drain()

    def write_until(self, condition: Callable[[], object], *, timeout_s: float = 120) -> None:
        """Write on until something is true."""

        def wrote_and_true() -> bool:
            self.ledger.write(10)
            return bool(condition())

        wait_until(wrote_and_true, timeout_s=timeout_s)

    def write_for(self, seconds: float) -> None:
        """Write for so long."""
        until = time.monotonic() + seconds
        self.write_until(lambda: time.monotonic() > until, timeout_s=seconds + 30)

    def drain(self, *, timeout_s: float = 120) -> float:
        """Wait until every byte is counted; seconds it took."""
        began = time.monotonic()
        wait_until(lambda: self.counted() == self.ledger.size_bytes, timeout_s=timeout_s)
        return time.monotonic() - began

    def assert_exact(self, *, buckets: bool = True) -> float:
        """
        Every line is counted, once, and where it belongs; every byte has one fate.

        Args:
            buckets: False: some lines were counted when they were read, as a clock stood wrong.

        Returns:
            Seconds until it was so.
        """
        took_s = self.drain()
        if buckets and self._is_sqlite:
            self.ledger.assert_equals(self.world.sqlite)
        assert counted_totals(self.read) == totals_of(self.ledger)
        assert self.read(_FATES)[0][0] == self.ledger.size_bytes, "a byte has no fate, or two"
        return took_s

    def counted(self) -> int:
        """Bytes counted so far."""
        return int(self.read(_COUNTED)[0][0])

    def problems(self) -> str:
        """What rollup and collector say is wrong."""
        beats = [self.client.get(redis_keys.rollup_beat(0)) or b""]
        with suppress(redis.ResponseError):
            beats += self.client.hvals(redis_keys.COLLECTORS)
        return b"\n".join(beats).decode()  # type: ignore[arg-type]

    def again(self, name: str, **env: str) -> None:
        """End a process as a crash does, and begin it again."""
        self.world.kill(name)
        self.world.start(name, **env)

    def close(self) -> None:
        """End what is not the World's."""
        self.client.close()
        if self.proxy:
            self.proxy.close()


def totals_of(ledger: Ledger) -> Counter[tuple[str, str, str]]:
    """(app, event, status) → lines."""
    sums: Counter[tuple[str, str, str]] = Counter()
    for (app, event, status, _), lines in ledger.runs.items():
        sums[app, event, status] += lines
    return sums


def counted_totals(read: Read) -> Counter[tuple[str, str, str]]:
    """The same, as SQL holds it."""
    sql = """
    SELECT a.app, a.event, sum(t.started), sum(t.done), sum(t.failed), sum(t.ignored)
    FROM visualizer_total t JOIN visualizer_activity a ON a.id = t.activity_id GROUP BY 1, 2
    """
    sums: Counter[tuple[str, str, str]] = Counter()
    for app, event, *counts in read(sql):
        for status, count in zip(("START", "DONE", "FAILED", "IGNORED"), counts, strict=True):
            if count:
                sums[app, event, status] += int(count)
    return sums


def rss_kib(pid: int) -> int:
    """The most memory a process has had, KiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return 0
