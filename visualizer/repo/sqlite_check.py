"""
Looks whether the SQLite file is whole before anything is written to it. A damaged one is never repaired silently: that
would drop rows, and counts with them.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from django.db import connection

from visualizer.models.errors import DatabaseDamaged

log = logging.getLogger(__name__)

#: A check reads every page; of a database that takes longer to read, the first part is checked.
CHECK_WITHIN_S = 5.0
#: SQLite asks so often, in steps of its virtual machine, whether to go on: well under a millisecond.
_STEPS = 10_000


def check_sqlite(*, within_s: float = CHECK_WITHIN_S) -> None:
    """
    Check the configured database, if it is an SQLite file that is there.

    Raises:
        DatabaseDamaged: with what was found and what to do; nothing was changed.
    """
    path = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor != "sqlite" or not path.is_file():
        return
    began = time.monotonic()
    try:
        # Not by Django's connection: that would switch the file to WAL, which writes to it.
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=within_s)) as database:
            database.set_progress_handler(lambda: time.monotonic() - began > within_s, _STEPS)
            found = str(database.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.OperationalError as exc:
        # Too large to be read in time, or somebody holds a lock on it: nothing bad was found.
        log.warning("database_not_checked %s: %s after %.1f s", path, exc, time.monotonic() - began)
        return
    except sqlite3.DatabaseError as exc:
        found = str(exc)
    if found != "ok":
        raise DatabaseDamaged(_what_to_do(path, found))


def _what_to_do(path: Path, found: str) -> str:
    return (
        f"the database {path} is damaged: {' '.join(found.split())[:200]}. Nothing was changed. Stop Eventscope, keep "
        f"the file aside (mv {path} {path}.damaged; rm -f {path}-wal {path}-shm) and put a copy in its place "
        f"(cp YOUR-BACKUP {path}); or rescue what can be read (sqlite3 {path}.damaged .recover | sqlite3 {path}); or "
        "start with none. What the copy does not know is counted again from the log files that are still there."
    )
