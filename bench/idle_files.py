"""10,000 quiet files: how long until all are picked up, what that costs, and what they cost from then on."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from bench.pipe_end import PipeEnd
from bench.process_tree import cpu_s, peak_rss_mib
from bench.trickle import line_of
from tests.world import World, wait_until

FILES = 10_000
SETTLE_S = 5.0
WATCH_S = 30.0


def main() -> None:
    """Print seconds, CPU, memory."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder) / "world")
        try:
            run(world)
        finally:
            world.close()


def run(world: World) -> None:
    """Start on files that are there; then watch it do nothing."""
    for n in range(FILES):
        (world.logs / f"event{n:05}.log").write_text(line_of(n))
    with PipeEnd(world) as end:
        started_s = time.monotonic()
        pid = world.start("collect").pid
        wait_until(lambda: end.lines == FILES, timeout_s=120)
        took_s, spent_s = time.monotonic() - started_s, cpu_s(pid)
        time.sleep(SETTLE_S)
        before_s = cpu_s(pid)
        time.sleep(WATCH_S)
        idle_s = cpu_s(pid) - before_s
    print(f"{FILES} files: all picked up after {took_s:.1f} s and {spent_s:.1f} CPU s, process start included")
    print(f"idle: {idle_s / WATCH_S * 100:.2f} % of a core, largest RSS {peak_rss_mib(pid):.0f} MiB")


if __name__ == "__main__":
    main()
