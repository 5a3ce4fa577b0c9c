"""Upserts of many rows: SQL takes rows by the dozen in half the time it takes them one by one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from django.db import connection

#: Rows of a statement.
_ROWS = 50


def upsert(insert: str, on_conflict: str, rows: Sequence[Sequence[Any]]) -> None:
    """
    Insert rows of the same width, or do with those that are there what `on_conflict` says.

    Args:
        insert: "INSERT INTO table (columns)".
        rows: in the order of their unique columns, so that two writers never wait for each other in a circle; none of
            them twice.
    """
    if not rows:
        return
    row = f"({', '.join(['%s'] * len(rows[0]))})"
    whole = len(rows) - len(rows) % _ROWS
    with connection.cursor() as cursor:
        for size, part in ((_ROWS, rows[:whole]), (1, rows[whole:])):
            if part:
                sql = f"{insert} VALUES {', '.join([row] * size)} {on_conflict}"
                parts = [list(chain.from_iterable(part[at : at + size])) for at in range(0, len(part), size)]
                cursor.executemany(sql, parts)
