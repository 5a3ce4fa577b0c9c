"""
What three years of history take, and how long charts and moments of it take to read: 20,000 series, each busy for 72
minutes of a day at a time of its own (5 % at any moment), a run a second while it is.

Every resolution is filled for a while and measured in bytes a row; the rest is rows that are kept times that. Charts
are read where all of the three years are there, for a hundredth of the series: a chart looks at nobody else's rows.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection
from pathlib import Path

import numpy as np

SERIES, FEWER = 20_000, 200
DAY_S, BUSY_S = 86_400, 4_320
NOW = 20_000 * DAY_S + 13 * 3600
_RUNS = 40


def main() -> None:
    """Fill a database in a temporary folder, and print what was measured."""
    with tempfile.TemporaryDirectory(prefix="eventscope-bench-") as folder:
        os.environ |= {"EVENTSCOPE_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "visualizer.settings"}
        import django

        django.setup()
        from bench.history_fill import Filling

        filling = Filling(Path(folder) / "eventscope.sqlite3", series=SERIES, busy_s=BUSY_S, now_s=NOW)
        _sizes(filling)
        _waits(filling)
        _charts(filling)


def _sizes(filling: Filling) -> None:  # type: ignore[name-defined] # noqa: F821
    from collector.models.resolution import DEFAULT_RESOLUTIONS

    total = 0.0
    for resolution in DEFAULT_RESOLUTIONS:
        rows, size_bytes, kept = filling.measure(resolution)
        a_row = size_bytes / rows
        total += a_row * kept
        print(
            f"{resolution!s:>10}: {rows:8,} rows of {a_row:6.0f} bytes; kept {kept / 1e6:6.2f} M rows, "
            f"{a_row * kept / 1e9:5.2f} GB"
        )
    print(f"three years of {SERIES:,} series: {total / 1e9:.1f} GB")


def _waits(filling: Filling) -> None:  # type: ignore[name-defined] # noqa: F821
    """What a rollup waits for while minutes are made of buckets of 10 s: another process that writes all the time."""
    from visualizer.repo.compaction import coarsen

    for minutes in (1, 60):
        now_s = filling.mark_minutes(minutes)
        program = [sys.executable, "-c", _WRITER, str(filling.path)]
        with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            begin, cpu = time.perf_counter(), time.process_time()
            coarsen(filling.only_fold, now_s=now_s)
            took_s, cpu_s = time.perf_counter() - begin, time.process_time() - cpu
            said, _ = writer.communicate("")
        print(f"{minutes:2} min made of 10 s in {took_s:6.2f} s ({cpu_s:.2f} s of CPU); another writer {said.strip()}")


#: Writes until its input ends, and says what it waited for the lock.
_WRITER = """
import sqlite3, sys, threading, time
connection = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)
over = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), over.set())).start()
print("ready", flush=True)
waits = []
while not waits or not over.wait(0.005):
    begin = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    waits.append(time.perf_counter() - begin)
    connection.execute("UPDATE visualizer_layout SET shards = shards")
    connection.execute("COMMIT")
waits.sort()
print(f"waits {waits[len(waits) * 95 // 100] * 1000:.0f} ms (p95), {waits[-1] * 1000:.0f} ms at most")
"""


def _charts(filling: Filling) -> None:  # type: ignore[name-defined] # noqa: F821
    from visualizer.repo.history_slots import OF_ALL

    filling.fill_all(FEWER)
    for name, length_s in (("1 h", 3600), ("6 h", 21_600), ("24 h", DAY_S), ("7 d", 7 * DAY_S), ("3 y", 1095 * DAY_S)):
        for what, ids in (("node of 3", [1, 2, 3]), ("everything", OF_ALL)):
            took = [timed(lambda: filling.chart(ids, length_s)) for _ in range(_RUNS)]  # noqa: B023
            print(f"chart of {what:10} {name:>4}: {p95_words(took)}")
    for name, ago_s in (("5 min", 300), ("3 h", 10_800), ("20 h", 72_000)):
        took = [timed(lambda: filling.moment(NOW - ago_s)) for _ in range(_RUNS // 4)]  # noqa: B023
        print(f"numbers of all {SERIES:,} {name} ago: {p95_words(took)}")


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock, and of CPU: others on the machine only ever add to the first."""
    begin, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begin, time.process_time() - cpu


def p95_words(took: Collection[tuple[float, float]]) -> str:
    clock_ms, cpu_ms = np.quantile(list(took), 0.95, axis=0) * 1000
    return f"{clock_ms:6.1f} ms, {cpu_ms:6.1f} ms of CPU (p95 of {len(took)})"
