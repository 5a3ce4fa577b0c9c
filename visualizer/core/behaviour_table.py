"""What many nodes and apps did in the same while, by column: hundreds of them are compared at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from collector.lib.log_buckets import bucket_values_ms
from collector.models.activity import Status
from collector.models.count_table import HistogramTable
from collector.models.packed_column import Column
from visualizer.core.slot_sums import summed
from visualizer.core.slot_table import SlotTable, grouped
from visualizer.core.turned_columns import ranges
from visualizer.models.topology_diff import Behaviour


class Owner(NamedTuple):
    """A node or an app that an activity counts for."""

    #: Node id, or app key.
    id: str
    #: Is it of how long messages waited, not of how long runs took?
    waits: bool = False


@dataclass(frozen=True, slots=True)
class BehaviourTable:
    """A row each."""

    #: Id → its row.
    rows: Mapping[str, int]
    #: Runs that ended and those of them that failed.
    runs: Sequence[int]
    failed: Sequence[int]
    #: 95th percentile of what was measured, ms; None where nothing was.
    p95_ms: Sequence[float | None]
    #: What was measured, sorted, and of each row where its entries begin; one more for the end.
    measured: HistogramTable
    starts: Column
    #: Seconds looked at.
    window_s: int

    def behaviour(self, name: str) -> Behaviour | None:
        """What one did; None when it did nothing."""
        row = self.rows.get(name)
        if row is None or not self.runs[row]:
            return None
        return Behaviour(window_s=self.window_s, runs=self.runs[row], failed=self.failed[row], p95_ms=self.p95_ms[row])

    def slower_than(self, name: str, value_ms: float) -> tuple[int, int]:
        """(slower runs, measured runs) of one that is in the table."""
        part = slice(*self.starts[self.rows[name] :][:2])
        counts = self.measured.count[part]
        slow = bucket_values_ms(self.measured.bucket[part]) > value_ms
        return int(counts[slow].sum()), int(counts.sum())


def behaviour_table(
    slots: SlotTable, owners: Mapping[int, Sequence[Owner]], *, from_s: int, until_s: int
) -> BehaviourTable:
    """
    The slots of a while, summed up by what they count for.

    Args:
        owners: activity id → what it counts for.
    """
    sums = summed(slots, width_s=until_s - from_s, from_s=from_s, over_servers=True)
    rows: dict[str, int] = {}
    pairs = [
        (slot, rows.setdefault(owner.id, len(rows)), owner.waits)
        for slot, activity in enumerate(sums.activity.tolist())
        for owner in owners.get(activity, ())
    ]
    slot, row, waits = np.array(pairs, np.int64).reshape(-1, 3).T
    statuses = np.zeros((len(rows), 4), np.int64)
    np.add.at(statuses, row, sums.statuses[slot])
    parts = [
        _of_rows(table, slot[waits == is_wait], row[waits == is_wait])
        for is_wait, table in ((0, sums.durations), (1, sums.stream_ages))
    ]
    entries = HistogramTable(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
    measured = grouped(entries, np.arange(len(rows)))
    starts = np.searchsorted(measured.cell, np.arange(len(rows) + 1))
    return BehaviourTable(
        rows,
        statuses[:, 1:].sum(axis=1).tolist(),
        statuses[:, Status.FAILED].tolist(),
        _quantiles_ms(measured, starts, 0.95),
        measured,
        starts,
        until_s - from_s,
    )


def _of_rows(table: HistogramTable, slot: Column, row: Column) -> tuple[Column, Column, Column]:
    """The entries of each of these slots under the row beside it; a slot may be there more than once."""
    low, high = (np.searchsorted(table.cell, slot, side=side) for side in ("left", "right"))
    entry = ranges(low, high - low)
    return np.repeat(row, high - low), table.bucket[entry], table.count[entry]


def _quantiles_ms(table: HistogramTable, starts: Column, share: float) -> list[float | None]:
    """As collector.lib.log_buckets.quantile_ms has it, of all rows at once."""
    seen = np.concatenate(([0], np.cumsum(table.count)))
    before, total = seen[starts[:-1]], seen[starts[1:]] - seen[starts[:-1]]
    entry = np.searchsorted(seen[1:], before + share * (total - 1), side="right")
    found = bucket_values_ms(table.bucket[np.minimum(entry, len(table) - 1)]) if len(table) else np.zeros(len(total))
    return [value if count else None for value, count in zip(found.tolist(), total.tolist(), strict=True)]
