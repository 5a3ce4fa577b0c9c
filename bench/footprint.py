"""Memory and idle CPU of everything `make up` runs, without a demo: 100 quiet log files, a viewer-less page."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from bench.process_tree import command_of, cpu_s, descendants, pss_mib
from bench.running import running

FILES = 100
SETTLE_S = 20.0
WATCH_S = 60.0
LINE = (
    "2026-11-22 18:27:15,378 | INFO | my-app 1.0 event{n} host 1 | DONE | metrics.duration=1.0 | event.app=my_app.1x0\n"
)


def main() -> None:
    """Print a table: process, PSS, CPU."""
    with tempfile.TemporaryDirectory() as folder:
        logs = Path(folder) / "logs"
        logs.mkdir()
        for n in range(FILES):
            (logs / f"event{n}.log").write_text(LINE.format(n=n))
        with running(Path(folder) / "data", EVENTSCOPE_LOGS=f"{logs}/*.log", EVENTSCOPE_RETENTION="52w") as eventscope:
            time.sleep(SETTLE_S)
            pids = descendants(eventscope.process.pid)
            before = {pid: cpu_s(pid) for pid in pids}
            time.sleep(WATCH_S)
            rows = [(command_of(pid), pss_mib(pid), (cpu_s(pid) - before[pid]) / WATCH_S * 100) for pid in pids]
    print(f"{'process':<16}{'PSS MiB':>10}{'CPU %':>8}   idle, {FILES} files, {WATCH_S:.0f} s")
    for name, mib, percent in sorted(rows):
        print(f"{name:<16}{mib:>10.1f}{percent:>8.2f}")
    print(f"{'sum':<16}{sum(r[1] for r in rows):>10.1f}{sum(r[2] for r in rows):>8.2f}")


if __name__ == "__main__":
    main()
