"""Looks into, copies and restores the SQLite database of a World, past everything that is under test."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

_COLUMNS = {"started": "START", "done": "DONE", "failed": "FAILED", "ignored": "IGNORED"}


def read_sql(database: Path, sql: str, *args: Any) -> list[tuple[Any, ...]]:
    """The rows of a query; none while the database is busy being replaced."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=60)) as connection:
        return connection.execute(sql, args).fetchall()


def counted_bytes(database: Path) -> int:
    """How far all sources are counted."""
    return int(read_sql(database, "SELECT coalesce(sum(high_water - first_offset), 0) FROM visualizer_source")[0][0])


def counted_runs(database: Path, *, width_s: int) -> Counter[tuple[str, str, str, int]]:
    """(app, event, status, start of the bucket) → runs."""
    runs: Counter[tuple[str, str, str, int]] = Counter()
    sql = """
    SELECT a.app, a.plugin, a.event, b.start_s, sum(started), sum(done), sum(failed), sum(ignored)
    FROM visualizer_bucket b JOIN visualizer_activity a ON a.id = b.activity_id
    WHERE b.width_s = ? GROUP BY 1, 2, 3, 4
    """
    for app, plugin, event, start_s, *counts in read_sql(database, sql, width_s):
        for status, count in zip(_COLUMNS.values(), counts, strict=True):
            if count:
                runs[app, f"{plugin}.{event}" if plugin else event, status, start_s] += count
    return runs


def copy_database(database: Path, to: Path) -> None:
    """A consistent copy, as a backup makes it."""
    with closing(sqlite3.connect(database, timeout=60)) as source, closing(sqlite3.connect(to)) as copy:
        source.backup(copy)


def restore_database(copy: Path, database: Path) -> None:
    """Put the copy in the database's place; nobody may have it open."""
    for suffix in ("-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    database.write_bytes(copy.read_bytes())
