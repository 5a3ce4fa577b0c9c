"""
A trickle: 200 files that get 100 lines a second in all, each line written in two halves. CPU of the collector, and how
long it takes from the write that ends a line until its batch is in Redis.
"""

from __future__ import annotations

import tempfile
import time
from collections import defaultdict, deque
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

from bench.pipe_end import PipeEnd
from bench.process_tree import cpu_s, peak_rss_mib
from tests.world import World, wait_until

FILES = 200
LINES_PER_S = 100
WARM_UP_S = 3.0
RUN_S = 20.0
TAIL = "metrics.duration=1.500 | track.operation_id=x | event.app=bench_app.1x0"


def main() -> None:
    """Print CPU and latency."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder) / "world")
        try:
            run(world)
        finally:
            world.close()


def run(world: World) -> None:
    """Start, write, compare what came with what was written."""
    paths = [world.logs / f"event{n:03}.log" for n in range(FILES)]
    for n, path in enumerate(paths):
        path.write_text(line_of(n))
    with PipeEnd(world) as end:
        pid = world.start("collect").pid
        wait_until(lambda: end.lines == FILES, timeout_s=60)
        write(paths, for_s=WARM_UP_S)
        valkey = world.processes["valkey"].pid
        before_s, before_valkey_s = cpu_s(pid), cpu_s(valkey)
        began = time.monotonic()
        written = write(paths, for_s=RUN_S)
        ran_s = time.monotonic() - began
        spent_s, spent_valkey_s = cpu_s(pid) - before_s, cpu_s(valkey) - before_valkey_s
        wait_until(lambda: end.lines >= FILES + int((WARM_UP_S + RUN_S) * LINES_PER_S) - 2)
        latencies_ms = sorted(latencies_s * 1000 for latencies_s in latencies(written, end))
    cuts = quantiles(latencies_ms, n=100)
    print(f"{FILES} files, {LINES_PER_S} lines/s, {ran_s:.0f} s: {len(latencies_ms)} lines arrived")
    print(f"collector {spent_s / ran_s * 100:.2f} % of a core, Valkey {spent_valkey_s / ran_s * 100:.2f} %, ", end="")
    print(f"largest RSS {peak_rss_mib(pid):.0f} MiB")
    print(f"write → Redis: p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms, most {latencies_ms[-1]:.1f} ms")


def write(paths: list[Path], *, for_s: float) -> dict[str, deque[tuple[int, float]]]:
    """Write at an even pace; each write ends one file's line and begins the next file's. Path → (end, when)."""
    written: defaultdict[str, deque[tuple[int, float]]] = defaultdict(deque)
    files = [path.open("ab", buffering=0) for path in paths]
    lines = int(for_s * LINES_PER_S)
    due_s, open_half = time.monotonic(), b""
    for n in range(lines + 1):
        if open_half:
            last = files[(n - 1) % FILES]
            last.write(open_half)
            written[last.name].append((last.tell(), time.monotonic()))
        if n < lines:
            line = line_of(n % FILES).encode()
            files[n % FILES].write(line[:60])
            open_half = line[60:]
        due_s += 1 / LINES_PER_S
        time.sleep(max(0.0, due_s - time.monotonic()))
    for file in files:
        file.close()
    return written


def latencies(written: dict[str, deque[tuple[int, float]]], end: PipeEnd) -> list[float]:
    """Seconds from the write that ended a line to the arrival of its batch."""
    found = []
    for arrived_s, envelope in end.taken:
        lines = written.get(envelope.path, deque())
        while lines and lines[0][0] <= envelope.end:
            found.append(arrived_s - lines.popleft()[1])
    return found


def line_of(n: int) -> str:
    """A line of now, of one event."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S,%f")[:-3]
    return f"{stamp} | INFO | bench-app 1.0 event{n:03} host 1 | DONE | {TAIL}\n"


if __name__ == "__main__":
    main()
