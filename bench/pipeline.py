"""
Files → Redis → SQL, everything exact: lines/s by the wall clock and CPU seconds a million lines of the collector,
Valkey and the rollup together. The files lie there before the processes start; it ends when SQL holds every line.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from pathlib import Path

from bench.process_tree import cpu_s, pss_mib
from tests.world import World

RECORDED = Path(__file__).resolve().parent.parent / "tests" / "fixtures" / "hopeit" / "logs"
COPIES = 100
PARTS = ("valkey", "rollup", "collect")


def main() -> None:
    """Print lines, seconds, ratios."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder) / "world", EVENTSCOPE_RETENTION="52w")
        try:
            run(world)
        finally:
            world.close()


def run(world: World) -> None:
    """Fill the folder, start the processes, wait for SQL."""
    world.manage("migrate", "--verbosity=0")
    lines = 0
    for path in sorted(RECORDED.glob("*.log")):
        data = path.read_bytes()
        (world.logs / path.name).write_bytes(data * COPIES)
        lines += data.count(b"\n") * COPIES
    total_bytes = sum(path.stat().st_size for path in world.logs.iterdir())
    world.start_valkey()
    started_s = time.monotonic()
    pids = {name: world.processes[name].pid for name in ("valkey",)}
    for name in ("rollup", "collect"):
        pids[name] = world.start(name).pid
    peak_mib = dict.fromkeys(PARTS, 0.0)
    while read_bytes(world) < total_bytes:
        for name, pid in pids.items():
            peak_mib[name] = max(peak_mib[name], pss_mib(pid))
        time.sleep(0.2)
    wall_s = time.monotonic() - started_s
    spent_s = {name: cpu_s(pid) for name, pid in pids.items()}
    per_million = {name: spent_s[name] / lines * 1e6 for name in PARTS}
    print(
        f"{lines} lines, {total_bytes / 1e6:.0f} MB: {wall_s:.1f} s with process starts = {lines / wall_s:,.0f} lines/s"
    )
    print("CPU s per million lines: " + ", ".join(f"{name} {s:.2f}" for name, s in per_million.items()), end="")
    print(f", together {sum(per_million.values()):.2f}")
    print("largest PSS, MiB: " + ", ".join(f"{name} {mib:.0f}" for name, mib in peak_mib.items()))


def read_bytes(world: World) -> int:
    """Bytes up to which SQL has counted."""
    with sqlite3.connect(f"file:{world.sqlite}?mode=ro", uri=True) as database:
        row = database.execute("SELECT coalesce(sum(high_water - first_offset), 0) FROM visualizer_source").fetchone()
    return int(row[0])
