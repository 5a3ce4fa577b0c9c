"""Rows that begin at some times, found by the time in their key in every database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def at_times(rows: QuerySet[Row], starts: Sequence[int]) -> QuerySet[Row]:
    """Those of rows with a `start_s` that begin at one of these times, which are in order."""
    found = rows.filter(start_s__in=list(starts))
    # PostgreSQL may take a list for a filter, and then a range keeps it from looking through all times. SQLite would go
    # by the range, and not by the list.
    if connection.vendor == "postgresql" and starts:
        found = found.filter(start_s__gte=starts[0], start_s__lte=starts[-1])
    return found
