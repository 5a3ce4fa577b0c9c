"""The Celery task that makes history coarser as it grows old, and lets go of what is over."""

from __future__ import annotations

import time

from celery import shared_task

from collector.lib.clock import now_s
from visualizer.config import kept_resolutions, read_options
from visualizer.repo.compaction import coarsen, compact
from visualizer.repo.old_processes import fold_old_processes
from visualizer.repo.shard_state import read_shards
from visualizer.repo.widths import agree_on_widths

#: Other jobs wait for so long; what is left waits for the next time.
_MOST_S = 10.0


@shared_task(name="visualizer.compact_history", ignore_result=True)
def compact_history() -> None:
    """
    Make wider buckets, delete what is over, and keep processes apart no longer that are.

    Raises:
        WidthsMismatch: history was begun in other widths than are set.
        django.db.DatabaseError: the database does not answer; nothing is half done.
    """
    until, resolutions = time.monotonic() + _MOST_S, kept_resolutions()
    agree_on_widths(resolutions)
    at_s, go_on = now_s(), lambda: time.monotonic() < until
    fold_old_processes(now_s=at_s, shards=read_shards(), go_on=go_on)
    compact(now_s=at_s, retention_s=read_options().retention_s, fine_s=resolutions[0].keep_s, go_on=go_on)
    coarsen(resolutions, now_s=at_s, go_on=go_on)
