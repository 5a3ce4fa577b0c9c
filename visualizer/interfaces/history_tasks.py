"""The Celery task that lets go of old history."""

from __future__ import annotations

import time

from celery import shared_task

from collector.lib.clock import now_s
from visualizer.config import read_options
from visualizer.repo.compaction import compact

#: Well under the worker's limit for a task; what is left waits for the next one.
_MOST_S = 20.0


@shared_task(name="visualizer.compact_history", ignore_result=True)
def compact_history() -> None:
    """Delete what is over."""
    until = time.monotonic() + _MOST_S
    compact(now_s=now_s(), retention_s=read_options().retention_s, go_on=lambda: time.monotonic() < until)
