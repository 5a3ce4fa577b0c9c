"""
Makes wider buckets from finer ones. What is worked out outside of a transaction is written only while its marks are as
they were read; a mark goes in the transaction that has written the last of its bucket. So nothing is lost when this is
killed, and nothing counts twice when two do it at once. docs/history.md says why.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import transaction

from collector.lib.failpoint import failpoint
from collector.models.resolution import WRITTEN_S, Resolution
from visualizer.core.slot_block import encode_blocks
from visualizer.core.slot_sums import ALL, joined, slots_where, summed
from visualizer.core.slot_table import SlotTable
from visualizer.core.spans import joined_spans
from visualizer.repo.blocks import StoredBlocks, blocks_of, has_own, read_blocks, write_blocks
from visualizer.repo.buckets import lock_shard
from visualizer.repo.history_models import BucketBlock
from visualizer.repo.slot_rows import delete_rows, oldest_row_s, read_rows
from visualizer.repo.stale_buckets import mark_stale, read_marks, read_stale_blocks, read_stale_starts, touch, unmark
from visualizer.repo.times import at_times

#: Blocks of one transaction: a few milliseconds, in which nobody else can write to SQLite.
BLOCKS_AT_ONCE = 200
LATE_AT_ONCE = 4
#: Marks looked at before it is looked again.
_MARKS = 2000


@dataclass(frozen=True, slots=True)
class Fold:
    """From which resolution to which."""

    finer: Resolution
    coarser: Resolution
    #: What is made of the coarser one, if anything.
    beyond: Resolution | None = None
    #: What the finer one is made of, if anything.
    below: tuple[Resolution, ...] = ()

    @property
    def all_finer(self) -> tuple[Resolution, ...]:
        """The finer one and all below."""
        return *self.below, self.finer


def folds(resolutions: Sequence[Resolution]) -> list[Fold]:
    """From what the rollup writes to the coarsest, in order."""
    levels = tuple(resolutions[1:])
    return [Fold(levels[at], levels[at + 1], beyond, levels[:at]) for at, beyond in enumerate([*levels[2:], None])]


def fold(step: Fold, *, now_s: float, go_on: Callable[[], bool]) -> int:
    """
    Make stale buckets that are over anew, the newest first; returns how many blocks were written.

    Args:
        go_on: asked before each block; what is left is for the next time.
    """
    width_s, block_s = step.coarser.width_s, step.coarser.block_s
    until_s = int(now_s) - width_s + 1
    written = 0
    while True:
        blocks = read_stale_blocks(width_s=width_s, block_s=block_s, until_s=until_s, most=_MARKS)
        made = 0
        for shard, start_s in blocks:
            if not go_on():
                return written + made
            made += fold_block(step, start_s, until_s=min(until_s, start_s + block_s), shard=shard)
        if not made:
            return written
        written += made


def fold_block(step: Fold, block_start_s: int, *, until_s: int, shard: int) -> int:
    """Make the stale buckets of a block that begin before `until_s` anew; 0 when somebody writes them meanwhile."""
    coarser = step.coarser
    marks = read_marks(width_s=coarser.width_s, from_s=block_start_s, until_s=until_s, shard=shard)
    if not marks:
        return 0
    stale = [mark.start_s for mark in marks]
    finer = summed(finer_slots(step, stale, shard=shard), width_s=coarser.width_s)
    # Where nothing is the only copy, what is stale is all in the finer ones: others have nothing to say.
    is_own = has_own(coarser, from_s=block_start_s, until_s=block_start_s + coarser.block_s, shard=shard)
    concerned = None if is_own else np.unique(finer.activity).tolist()
    stored = read_blocks(coarser, starts=[block_start_s], shard=shard, activities=concerned)
    made = _made_anew(stored, finer, stale)
    of_all = _sums_of_all(step, made, stored.slots, stale, block_start_s, shard=shard)
    is_growing = until_s < block_start_s + coarser.block_s
    blocks = list(encode_blocks(made, start_s=block_start_s, width_s=coarser.width_s, is_growing=is_growing))
    # To what is the only copy rows are added, which go in the same transaction.
    newest_own_s = max(stored.own_before.values(), default=0)
    late = [start_s for start_s in stale if start_s < newest_own_s]
    at_once = LATE_AT_ONCE if late else BLOCKS_AT_ONCE
    for at in range(0, len(blocks) or 1, at_once):
        part = blocks[at : at + at_once]
        with transaction.atomic():
            lock_shard(shard)
            if marks != read_marks(width_s=coarser.width_s, from_s=block_start_s, until_s=until_s, shard=shard):
                return 0
            if late and read_stale_starts(step.all_finer, from_s=late[0], until_s=until_s, shard=shard):
                # What would be deleted here is not in the finer ones yet: it is their turn first.
                return 0
            write_blocks(part, width_s=coarser.width_s, start_s=block_start_s, shard=shard)
            for activity, _ in part if late else ():
                own_before_s = stored.own_before.get((block_start_s, activity), 0)
                added = [start_s for start_s in late if start_s < own_before_s]
                for span in joined_spans(added, width_s=coarser.width_s):
                    delete_finer(step, *span, [activity], shard=shard)
            if step.beyond:
                mark_stale(stale, width_s=step.beyond.width_s, shard=shard)
            if at + at_once < len(blocks):
                marks = touch(marks)
            else:
                write_blocks(of_all, width_s=coarser.width_s, start_s=block_start_s, shard=shard)
                unmark(marks)
            failpoint("before_fold_commit")
    return len(blocks) or 1


def finer_slots(step: Fold, starts: Sequence[int], *, shard: int, activities: Sequence[int] | None = None) -> SlotTable:
    """The finer buckets of some coarser ones, which are in order."""
    finer, found = step.finer, []
    for from_s, until_s in joined_spans(starts, width_s=step.coarser.width_s):
        if finer.width_s in WRITTEN_S:
            times = range(from_s, until_s, finer.width_s)
            found.append(read_rows(times, width_s=finer.width_s, shard=shard, activities=activities))
        else:
            blocks = blocks_of(finer, from_s=from_s, until_s=until_s)
            span = (from_s, until_s)
            found.append(read_blocks(finer, starts=blocks, shard=shard, activities=activities, within=span).slots)
    return joined(found)


def with_finer(stored: StoredBlocks, finer: SlotTable, stale: Sequence[int]) -> SlotTable:
    """
    Stored buckets, those that are stale made anew of the finer ones: these are added where nothing else is left of
    them, and take their place where they are still whole. A slot may be there more than once.
    """
    is_replaced = np.isin(stored.slots.start_s, stale) & ~stored.is_own
    return joined([slots_where(stored.slots, ~is_replaced), finer])


def _made_anew(stored: StoredBlocks, finer: SlotTable, stale: Sequence[int]) -> SlotTable:
    """The whole blocks of the activities that have finer buckets."""
    touched = stored.where(np.isin(stored.slots.activity, finer.activity))
    return summed(with_finer(touched, finer, stale), width_s=1)


def _sums_of_all(
    step: Fold, made: SlotTable, stored: SlotTable, stale: Sequence[int], block_start_s: int, *, shard: int
) -> list[tuple[int, bytes]]:
    """The block of all activities: stale buckets are summed up from what every one of them has now."""
    before = read_blocks(step.coarser, starts=[block_start_s], shard=shard, activities=[ALL]).slots
    others = slots_where(stored, ~np.isin(stored.activity, made.activity))
    stale_ones = [slots_where(slots, np.isin(slots.start_s, stale)) for slots in (made, others)]
    sums = summed(
        joined([slots_where(before, ~np.isin(before.start_s, stale)), *stale_ones]),
        width_s=1,
        over_servers=True,
        over_activities=True,
    )
    return list(encode_blocks(sums, start_s=block_start_s, width_s=step.coarser.width_s))


def delete_finer(step: Fold, from_s: int, until_s: int, activities: Collection[int], *, shard: int) -> int:
    """Delete everything finer than the coarser buckets, which have it, in [from_s, until_s); returns how many rows."""
    deleted = 0
    for each in step.all_finer:
        if each.width_s in WRITTEN_S:
            oldest_s = oldest_row_s(width_s=each.width_s)
            if oldest_s is not None and oldest_s < until_s:
                times = range(from_s, until_s, each.width_s)
                deleted += delete_rows(times, width_s=each.width_s, shard=shard, activities=activities)
        else:
            starts = blocks_of(each, from_s=from_s, until_s=until_s)
            blocks = at_times(BucketBlock.objects.filter(width_s=each.width_s, shard=shard), starts)
            deleted += blocks.filter(activity_id__in=list(activities)).delete()[0]
    return deleted
