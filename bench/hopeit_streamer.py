"""
Runs inside .venv-hopeit: hopeit's log_streamer on one file, all its own steps but its pauses: its file handler, its
parser, its batches, its write to a Redis stream. Prints lines, entries and CPU seconds as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from importlib import import_module
from types import SimpleNamespace
from typing import Any

BATCH = 10_000


async def main(path: str, redis_url: str) -> None:
    """Read, sort, parse and write every line of the file."""
    # By name: mypy runs where hopeit.engine is not.
    streamer: Any = import_module("hopeit.log_streamer")
    process_log_entry = import_module("hopeit.log_streamer.log_reader")._process_log_entry
    payload: Any = import_module("hopeit.dataobjects.payload").Payload
    client: Any = import_module("redis.asyncio").Redis.from_url(redis_url)
    with tempfile.TemporaryDirectory() as checkpoints:
        config = streamer.LogReaderConfig(logs_path=path, checkpoint_path=checkpoints)
        # Its own log lines would be measured, too.
        silent = SimpleNamespace(info=_ignore, error=_raise)
        streamer.logger = silent
        context = SimpleNamespace(app_key="log_streamer")
        handler = streamer.LogFileHandler(config, context)
        began_s, began_cpu_s = time.perf_counter(), time.process_time()
        await handler._on_event(SimpleNamespace(src_path=path))
        lines = await handler.get_and_reset_batch()
        entries = 0
        for at in range(0, len(lines), BATCH):
            found = [await process_log_entry(line, context) for line in lines[at : at + BATCH]]
            batch = streamer.LogBatch(entries=[entry for entry in found if entry is not None])
            entries += len(batch.entries)
            await client.xadd("bench:hopeit", {"payload": payload.to_json(batch)}, maxlen=10, approximate=True)
        cpu_s, elapsed_s = time.process_time() - began_cpu_s, time.perf_counter() - began_s
    await client.aclose()
    print(json.dumps({"lines": len(lines), "entries": entries, "cpu_s": cpu_s, "elapsed_s": elapsed_s}))


def _ignore(*_args: object, **_more: object) -> None:
    return None


def _raise(_context: object, error: object, **_more: object) -> None:
    raise RuntimeError(str(error))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
