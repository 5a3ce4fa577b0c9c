"""
A World at work, and lines that can be told apart by what is counted of them: so that it is known of every single line
whether it was counted, and how often.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import redis

from collector.models import redis_keys
from tests.faults.numbered_lines import Cell, NumberedLines
from tests.sql_copy import counted_bytes, counted_runs
from tests.world import AS_ANYBODY, ROOT, World, wait_until


class LogScene:
    """A World with Valkey, a rollup and (unless told otherwise) a collector."""

    def __init__(self, world: World, *, collect: bool = True) -> None:
        self.world = world
        self.lines = NumberedLines(time.time())
        #: Bytes that were written and are no line of `lines`.
        self.other_bytes = 0
        self.client = world.start_valkey()
        world.start("rollup")
        if collect:
            world.start("collect")
            wait_until(lambda: self.beats())

    @property
    def log(self) -> Path:
        """The file that most tests write."""
        return self.world.logs / "a.log"

    def write(self, count: int, path: Path | None = None) -> None:
        """Append lines."""
        with (path or self.log).open("ab") as file:
            file.write(self.lines.take(count))

    def write_other(self, data: bytes, path: Path | None = None) -> None:
        """Append what is no line of `lines`."""
        with (path or self.log).open("ab") as file:
            file.write(data)
        self.other_bytes += len(data)

    def collect_as_anybody(self, **env: str) -> None:
        """Start a collector that may read no more than anybody may."""
        self.world.spawn("collect", "-c", AS_ANYBODY, str(ROOT / "manage.py"), "collect", **env)

    def drain(self, *, timeout_s: float = 120) -> float:
        """Wait until every byte is counted; seconds it took."""
        began, wanted = time.monotonic(), self.lines.size_bytes + self.other_bytes
        try:
            wait_until(lambda: counted_bytes(self.world.sqlite) >= wanted, timeout_s=timeout_s)
        except AssertionError as exc:
            counted = counted_bytes(self.world.sqlite)
            raise AssertionError(f"{counted} of {wanted} bytes are counted; {self.problems()}") from exc
        return time.monotonic() - began

    def assert_exact(self, *, timeout_s: float = 120) -> dict[str, Any]:
        """Every line is counted once, every byte has one fate, nothing is lost; the report."""
        self.drain(timeout_s=timeout_s)
        assert self.counted() == self.lines.cells
        report = self.report()
        assert report["bytes"]["read"] == self.lines.size_bytes + self.other_bytes
        assert report["lost"] == {}
        return report

    def report(self) -> dict[str, Any]:
        """What SQL says, of which the bytes must add up."""
        report = self.world.report()
        size = report["bytes"]
        assert size["read"] == size["parsed"] + size["skipped"] + size["dropped"], "a byte has no fate, or two"
        return report

    def counted(self) -> Counter[Cell]:
        """How often each cell was counted."""
        return counted_runs(self.world.sqlite, width_s=10)

    def counted_bytes(self) -> int:
        """How far all sources are counted."""
        return counted_bytes(self.world.sqlite)

    def beats(self) -> list[dict[str, Any]]:
        """What collectors say of themselves."""
        with suppress(redis.RedisError):
            texts: Any = self.client.hvals(redis_keys.COLLECTORS)
            return [json.loads(text) for text in texts]
        return []

    def problems(self) -> list[str]:
        """What collectors say is wrong."""
        return [problem for beat in self.beats() for problem in beat.get("problems", [])]

    def rss_mib(self, name: str = "collect") -> float:
        """The most memory a process has had."""
        status = Path(f"/proc/{self.world.processes[name].pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmHWM:")).split()[1]) / 1024

    def descriptors(self, name: str = "collect") -> list[str]:
        """What a process has open."""
        folder, found = Path(f"/proc/{self.world.processes[name].pid}/fd"), []
        for each in list(folder.iterdir()):
            with suppress(OSError):
                found.append(str(each.readlink()))
        return found

    def close(self) -> None:
        """End what is not the World's."""
        self.client.close()
