"""Runs the rollups of all shards of one process."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from threading import Event

from visualizer.interfaces.rollup import ShardRollup


def roll_up_shards(rollups: Sequence[ShardRollup], stop: Event) -> None:
    """
    Run them until `stop` is set, each in its own thread: they wait for Redis and SQL, not for each other.

    Raises:
        whatever ends one of them; the others are stopped then.
    """
    if not rollups:
        return
    with ThreadPoolExecutor(max_workers=len(rollups), thread_name_prefix="rollup") as pool:
        running = [pool.submit(rollup.run, stop) for rollup in rollups]
        try:
            wait(running, return_when=FIRST_COMPLETED)
        finally:
            stop.set()
    for rollup in running:
        rollup.result()
