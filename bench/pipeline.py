"""
Files → Redis → SQL, everything exact: CPU seconds a million lines of the collectors, Valkey and the rollup together,
and lines/s by the wall clock. The processes run before the files come; it ends when SQL holds every line.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.generated_lines import LINES_PER_S, PROCESSES, Written, write_lines
from bench.process_tree import cpu_s, peak_rss_mib
from tests.world import World, wait_until

LINES = 2_000_000
MILLION = 1e6
#: As old as a backlog is: seconds kept for the last quarter of an hour are not written.
BACKLOG_S = 3600
#: Lines that share a second of the log: how much there is to count grows as they get fewer.
CURVE_LINES_PER_S = (1_000_000, 100_000, 20_000, 4_000, 1_000)


@dataclass(frozen=True, slots=True)
class Run:
    """What one run took."""

    written: Written
    wall_s: float
    #: Process → CPU seconds, without its start.
    spent_s: dict[str, float]
    #: Process → most of its memory that was resident at once, MiB.
    rss_mib: dict[str, float]
    #: Distinct (10 s, activity, server) in SQL.
    rows: int

    @property
    def lines_per_s(self) -> float:
        """By the wall clock."""
        return self.written.lines / self.wall_s

    def per_million(self, *names: str) -> float:
        """CPU seconds a million lines of these processes, all without names."""
        return sum(s for name, s in self.spent_s.items() if not names or name in names) / self.written.lines * MILLION


def main() -> None:
    """Print a table."""
    print(f"{'run':<44}{'lines/s':>10}{'CPU s a million:':>18}{'collector':>11}{'Valkey':>8}{'rollup':>8}{'rows':>9}")
    _print("one file", pipe())
    _print("one file, all on one core", pipe(cores={0}))
    _print("one file a process (8)", pipe(files=PROCESSES))
    _print("one file an event and process (1,600)", pipe(files=200 * PROCESSES))
    _print("of now: buckets of 1 s, too", pipe(age_s=1))
    one, two = pipe(files=PROCESSES), pipe(files=PROCESSES, collectors=2)
    _print("two collectors, each on files of its own", two)
    print(f"two collectors go {two.lines_per_s / one.lines_per_s:.2f} × as fast as one")
    print("the cost behind the collector, by lines that share a second of the log:")
    for lines_per_s in CURVE_LINES_PER_S:
        _print(f"  {lines_per_s:,} lines a second of the log", pipe(lines=1_000_000, lines_per_s=lines_per_s))


def pipe(
    *,
    lines: int = LINES,
    files: int = 1,
    age_s: float = BACKLOG_S,
    lines_per_s: float = LINES_PER_S,
    collectors: int = 1,
    cores: set[int] | None = None,
) -> Run:
    """
    One run with processes of its own.

    Args:
        age_s: of the newest line when the files come.
        collectors: each with its own share of the files, and as many lines again.
        cores: all processes may use only these.
    """
    with _world() as world:
        names = [f"collect{place}" for place in range(collectors)]
        written = Written()
        for place, name in enumerate(names):
            (world.folder / name).mkdir()
            part = write_lines(
                world.folder / f"{name}.ready",
                lines=lines,
                files=files,
                end_s=time.time() - age_s,
                lines_per_s=lines_per_s,
                seed=place,
            )
            written.lines += part.lines
            written.size_bytes += part.size_bytes
        pids = {"valkey": world.processes["valkey"].pid, "rollup": world.start("rollup").pid}
        for name in names:
            logs, host = str(world.folder / name / "*.log"), f"host-{name}"
            pids[name] = world.start("collect", name=name, EVENTSCOPE_LOGS=logs, EVENTSCOPE_HOST_ID=host).pid
        wait_until(lambda: all("runs with" in world.output(name) for name in names), timeout_s=60)
        time.sleep(1)
        for pid in pids.values():
            if cores:
                _pin(pid, cores)
        before_s, began_s = {name: cpu_s(pid) for name, pid in pids.items()}, time.monotonic()
        for name in names:
            for path in (world.folder / f"{name}.ready").iterdir():
                path.rename(world.folder / name / path.name)
        while _counted_bytes(world) < written.size_bytes:
            assert all(world.processes[name].poll() is None for name in pids), "a process ended"
            time.sleep(0.1)
        wall_s = time.monotonic() - began_s
        spent_s = {name.rstrip("0123456789"): 0.0 for name in pids}
        for name, pid in pids.items():
            spent_s[name.rstrip("0123456789")] += cpu_s(pid) - before_s[name]
        return Run(written, wall_s, spent_s, {name: peak_rss_mib(pid) for name, pid in pids.items()}, _rows(world))


def _print(title: str, run: Run) -> None:
    parts = [run.per_million(name) for name in ("collect", "valkey", "rollup")]
    print(
        f"{title:<44}{run.lines_per_s:>10,.0f}{run.per_million():>18.2f}{parts[0]:>11.2f}{parts[1]:>8.2f}{parts[2]:>8.2f}"
        f"{run.rows:>9,}   RSS MiB " + ", ".join(f"{name} {mib:.0f}" for name, mib in run.rss_mib.items()),
        flush=True,
    )


@contextmanager
def _world() -> Iterator[World]:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder) / "world")
        try:
            world.manage("migrate", "--verbosity=0")
            world.start_valkey().close()
            yield world
        finally:
            world.close()


def _pin(pid: int, cores: set[int]) -> None:
    for task in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(task.name), cores)


def _counted_bytes(world: World) -> int:
    return _ask(world, "SELECT coalesce(sum(high_water - first_offset), 0) FROM visualizer_source")


def _rows(world: World) -> int:
    return _ask(world, "SELECT count(*) FROM visualizer_bucket WHERE width_s = 10")


def _ask(world: World, sql: str) -> int:
    with sqlite3.connect(f"file:{world.sqlite}?mode=ro", uri=True) as database:
        return int(database.execute(sql).fetchone()[0])
