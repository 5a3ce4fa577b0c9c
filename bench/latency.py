"""
Log line written → change drawn in the browser, ms: 100 lines on an idle system, and while 1,000 lines/s are written.

Each line is of another event: numbers that hardly move are told later, the first run of an event is told at once. The
time of a line is from before write() to the first animation frame after the one in which its count was drawn.
"""

from __future__ import annotations

import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from typing import TextIO

from playwright.sync_api import Page

from bench.page import signed_in_page
from bench.running import running

LINES = 100
GAP_S = 0.37
BUSY_LINES_PER_S = 1000
PROBES = [f"bench_app.1x0.probe{n}" for n in range(LINES)]
WATCH = """ids => {
  const seen = globalThis.drawnAt = {}
  const look = () => {
    const { nodes } = eventscope.snapshot(), done = ids.filter((id) => !seen[id] && nodes[id].stats.done)
    if (done.length) requestAnimationFrame(() => {
      for (const id of done) seen[id] = performance.timeOrigin + performance.now()
    })
    requestAnimationFrame(look)
  }
  look()
}"""


def main() -> None:
    """Print p50, p95 and the worst of both."""
    for busy in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            found_ms = measure(Path(folder), busy=busy)
        cuts = quantiles(found_ms, n=100, method="inclusive")
        what = f"{BUSY_LINES_PER_S} lines/s beside it" if busy else "idle"
        print(f"{what:<26}p50 {cuts[49]:5.0f} ms   p95 {cuts[94]:5.0f} ms   max {max(found_ms):5.0f} ms   n={LINES}")


def measure(folder: Path, *, busy: bool) -> list[float]:
    """The latency of each probe line, ms."""
    logs = folder / "logs"
    logs.mkdir()
    stop = threading.Event()
    with (
        running(folder / "data", EVENTSCOPE_LOGS=f"{logs}/*.log") as eventscope,
        (logs / "probe.log").open("a") as probe,
        signed_in_page(eventscope) as page,
    ):
        # The nodes are there before the clock runs; their STARTs are not counted below.
        for n in range(LINES):
            write(probe, f"probe{n}", "START")
        page.wait_for_function("ids => ids.every(id => id in eventscope.snapshot().nodes)", arg=PROBES, timeout=60_000)
        noise = threading.Thread(target=make_noise, args=(logs, stop))
        if busy:
            noise.start()
        time.sleep(3)
        try:
            return probe_lines(page, probe)
        finally:
            stop.set()
            if busy:
                noise.join()


def probe_lines(page: Page, probe: TextIO) -> list[float]:
    """Write LINES lines, one after the other, and see when each is drawn."""
    page.evaluate(WATCH, PROBES)
    written_ms = []
    for n in range(LINES):
        time.sleep(GAP_S)
        written_ms.append(time.time() * 1000)
        write(probe, f"probe{n}", "DONE")
    page.wait_for_function("n => Object.keys(drawnAt).length === n", arg=LINES, timeout=10_000)
    drawn_ms: dict[str, float] = page.evaluate("drawnAt")
    return [drawn_ms[probe_id] - written for probe_id, written in zip(PROBES, written_ms, strict=True)]


def make_noise(logs: Path, stop: threading.Event) -> None:
    """BUSY_LINES_PER_S lines over ten events until stopped."""
    files = [(logs / f"noise{n}.log").open("a") for n in range(10)]
    due_s = time.monotonic()
    while not stop.is_set():
        for n, file in enumerate(files):
            write(file, f"noise{n}", *["START", "DONE"] * (BUSY_LINES_PER_S // 1000))
        due_s += len(files) * 2 / BUSY_LINES_PER_S
        time.sleep(max(0.0, due_s - time.monotonic()))
    for file in files:
        file.close()


def write(file: TextIO, event: str, *statuses: str) -> None:
    """Append lines of now and hand them to the system."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S,%f")[:-3]
    tail = "metrics.duration=1.500 | track.operation_id=x | event.app=bench_app.1x0"
    file.write("".join(f"{stamp} | INFO | bench-app 1.0 {event} host 1 | {status} | {tail}\n" for status in statuses))
    file.flush()
