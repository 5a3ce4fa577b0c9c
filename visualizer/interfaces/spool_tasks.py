"""The Celery task that deletes what was received once it is counted."""

from __future__ import annotations

from pathlib import Path

from celery import shared_task

from collector.lib.clock import now_s
from collector.models.otlp_spool import spool_folder
from visualizer.config import read_options
from visualizer.io.otlp_spool import TOTAL_BYTES, held_bytes, remove_if_free, spool_files
from visualizer.repo.spooled import read_marks

#: A file stays so long after it was counted: an older copy of SQL may be put back, and want to read it again.
KEEP_S = 600.0


@shared_task(name="visualizer.tidy_spool", ignore_result=True)
def tidy_received() -> None:
    """Delete counted files of the receiver on this machine."""
    tidy_spool(spool_folder(read_options().data_dir), at_s=now_s())


def tidy_spool(folder: Path, *, at_s: float, total_bytes: int = TOTAL_BYTES) -> list[Path]:
    """
    Delete files that are counted to their end and that nobody writes any more; returns them.

    Args:
        at_s: unix time.
        total_bytes: once half of it is taken, counted files go at once.

    Raises:
        django.db.DatabaseError: the database does not answer.
    """
    files = spool_files(folder)
    if not files:
        return []
    marks, crowded, removed = read_marks(folder), held_bytes(folder) > total_bytes / 2, []
    for path, size_bytes in files:
        mark = marks.get(path.name)
        is_counted = mark is not None and mark.high_water >= size_bytes
        is_over = mark is not None and (crowded or at_s - mark.updated_s > KEEP_S)
        if is_counted and is_over and remove_if_free(path, size_bytes=size_bytes):
            removed.append(path)
    return removed
