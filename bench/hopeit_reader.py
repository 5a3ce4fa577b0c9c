"""Runs inside .venv-hopeit: hopeit's own log reader on a file or a folder. Prints lines, entries, seconds as JSON."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from importlib import import_module
from pathlib import Path


async def main(logs: Path) -> None:
    """Read every file the way hopeit.log_streamer does, without its waiting and without Redis."""
    # By name: mypy runs where hopeit.engine is not.
    add_line = import_module("hopeit.log_streamer").LogFileHandler._add_line
    process_log_entry = import_module("hopeit.log_streamer.log_reader")._process_log_entry
    context = None
    lines = entries = 0
    started_s, started_cpu_s = time.perf_counter(), time.process_time()
    for path in sorted(logs.glob("*.log")) if logs.is_dir() else [logs]:
        batch: list[str] = []
        with path.open(encoding="utf-8") as file:
            while line := file.readline():
                lines += 1
                add_line(context, batch, line)
        for line in batch:
            entries += await process_log_entry(line, context) is not None
    elapsed_s, cpu_s = time.perf_counter() - started_s, time.process_time() - started_cpu_s
    print(json.dumps({"lines": lines, "entries": entries, "elapsed_s": elapsed_s, "cpu_s": cpu_s}))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
