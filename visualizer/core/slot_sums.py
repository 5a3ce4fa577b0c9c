"""Sums of slots: several tables as one, and their slots summed up to wider ones, over servers or over activities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from collector.models.count_table import HistogramTable
from visualizer.core.slot_table import SlotTable, distinct, grouped, histograms_where, newest

#: What is summed up over all activities stands under this id, which no activity has; so do servers.
ALL = 0
_COLUMNS = ("start_s", "activity", "server", "statuses", "last_s")


def no_slots() -> SlotTable:
    """A table without a row."""
    nothing, none = np.empty(0, np.int64), HistogramTable.of([])
    return SlotTable(nothing, nothing, nothing, np.empty((0, 4), np.int64), np.empty(0), none, none)


def joined(tables: Sequence[SlotTable]) -> SlotTable:
    """The rows of several tables, one after the other. The same slot may be there again: `summed` adds it up."""
    tables = [table for table in tables if len(table)]
    if len(tables) < 2:
        return tables[0] if tables else no_slots()
    columns: list[Any] = [np.concatenate([getattr(table, name) for table in tables]) for name in _COLUMNS]
    sizes = [len(table) for table in tables]
    parts = ([table.durations for table in tables], [table.stream_ages for table in tables])
    return SlotTable(*columns, *(HistogramTable.joined(part, sizes) for part in parts))


def slots_where(slots: SlotTable, kept: npt.NDArray[np.bool_]) -> SlotTable:
    """Only some of the rows."""
    if kept.all():
        return slots
    columns: list[Any] = [getattr(slots, name)[kept] for name in _COLUMNS]
    return SlotTable(*columns, *histograms_where(kept, slots.durations, slots.stream_ages))


def summed(
    slots: SlotTable, *, width_s: int, from_s: int = 0, over_servers: bool = False, over_activities: bool = False
) -> SlotTable:
    """
    Slots of this width, each once and in order.

    Args:
        from_s: a time at which one of them begins.
    """
    zero = np.zeros_like(slots.start_s)
    (start_s, activity, server), row = distinct(
        slots.start_s - (slots.start_s - from_s) % width_s,
        zero if over_activities else slots.activity,
        zero if over_servers else slots.server,
    )
    rows = len(start_s)
    # Whole numbers all the way: bincount would add them up as floats.
    statuses = np.zeros((rows, 4), np.int64)
    np.add.at(statuses, row, slots.statuses)
    return SlotTable(
        start_s,
        activity,
        server,
        statuses,
        newest(slots.last_s, row, rows),
        grouped(slots.durations, row),
        grouped(slots.stream_ages, row),
    )
