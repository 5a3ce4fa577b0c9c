"""
Reading history in any resolution. Buckets that are made already are read as they are; those that are stale, or not over
yet, are made on the way from finer ones. So what is read is the same in every resolution, and right whether or not a
worker runs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy as np

from collector.models.resolution import WRITTEN_S, Resolution
from visualizer.core.history_steps import kept_from_s
from visualizer.core.roll_up import FUTURE_S
from visualizer.core.slot_sums import ALL, joined, slots_where, summed
from visualizer.core.slot_table import SlotTable
from visualizer.core.spans import joined_spans
from visualizer.repo.blocks import blocks_of, has_own, read_blocks
from visualizer.repo.folding import with_finer
from visualizer.repo.history_models import BucketBlock
from visualizer.repo.shard_state import read_shards
from visualizer.repo.slot_rows import oldest_row_s, read_rows
from visualizer.repo.stale_buckets import read_stale_starts

#: Instead of ids: the sums of all activities.
OF_ALL = (ALL,)


def read_slots(
    resolutions: Sequence[Resolution], width_s: int, *, from_s: int, until_s: int, activities: Collection[int] | None
) -> SlotTable:
    """
    The buckets of one width that begin in [from_s, until_s), multiples of the width; all shards summed up.

    Args:
        activities: ids, or OF_ALL; None: every one, by itself.

    Raises:
        ValueError: a block is damaged.
    """
    finest_first = [each for each in resolutions if each.width_s <= width_s]
    found = [_read(finest_first, from_s, until_s, shard=shard, activities=activities) for shard in range(read_shards())]
    return found[0] if len(found) == 1 else summed(joined(found), width_s=1)


def _read(
    resolutions: Sequence[Resolution], from_s: int, until_s: int, *, shard: int, activities: Collection[int] | None
) -> SlotTable:
    """Of one shard, in the last of the resolutions."""
    *finer, resolution = resolutions
    width_s, of_all = resolution.width_s, activities == OF_ALL
    if width_s in WRITTEN_S:
        times = range(from_s, until_s, width_s)
        rows = read_rows(times, width_s=width_s, shard=shard, activities=None if of_all else activities)
        return summed(rows, width_s=1, over_servers=True, over_activities=True) if of_all else rows
    stale = read_stale_starts(resolutions, from_s=from_s, until_s=until_s, shard=shard)
    spans = joined_spans(stale, width_s=width_s)
    starts = blocks_of(resolution, from_s=from_s, until_s=until_s)
    blocks = read_blocks(resolution, starts=starts, shard=shard, activities=activities, within=(from_s, until_s))
    found = [slots_where(blocks.slots, ~np.isin(blocks.slots.start_s, stale))]
    found += [_anew(finer, resolution, span, shard=shard, activities=activities) for span in spans]
    return joined(found)


def _anew(
    finer: Sequence[Resolution],
    resolution: Resolution,
    span: tuple[int, int],
    *,
    shard: int,
    activities: Collection[int] | None,
) -> SlotTable:
    """Stale buckets that follow each other, as they will be when they are made."""
    from_s, until_s = span
    width_s = resolution.width_s
    is_late = has_own(resolution, from_s=from_s, until_s=until_s, shard=shard)
    # What all have in sums may partly be there already, and partly not: then it is summed up here.
    asked = None if is_late and activities == OF_ALL else activities
    made = summed(_read(finer, from_s, until_s, shard=shard, activities=asked), width_s=width_s)
    if is_late:
        starts = blocks_of(resolution, from_s=from_s, until_s=until_s)
        stored = read_blocks(resolution, starts=starts, shard=shard, activities=asked, within=span)
        stale = range(from_s, until_s, width_s)
        made = summed(with_finer(stored, made, stale), width_s=1)
    if asked != activities:
        made = summed(made, width_s=1, over_servers=True, over_activities=True)
    return made


def read_as_kept(
    resolutions: Sequence[Resolution],
    *,
    since_s: float | None,
    until_s: float | None,
    now_s: float,
    activities: Collection[int] | None = None,
) -> Iterator[SlotTable]:
    """
    What ran in [since_s, until_s), each time as fine as it is kept; the ends are rounded down to the buckets there.

    Args:
        since_s: None: from the beginning.
        until_s: None: to the newest.
        activities: ids, or OF_ALL; None: every one, by itself.
    """
    _, *levels = resolutions
    until = int(now_s) + FUTURE_S + 1 if until_s is None else int(until_s)
    since = _oldest_s(levels[-1]) if since_s is None else int(since_s)
    for at, level in enumerate(levels):
        from_s = max(since, kept_from_s(levels, at, now_s=now_s))
        if from_s < until:
            yield from _by_block(resolutions, level, from_s, until, activities=activities)
            until = from_s
        if until <= since:
            return


def _by_block(
    resolutions: Sequence[Resolution],
    level: Resolution,
    from_s: int,
    until_s: int,
    *,
    activities: Collection[int] | None,
) -> Iterator[SlotTable]:
    """A block at a time where all activities are wanted: the memory they take is that of a block."""
    width_s = level.width_s
    from_s, until_s = from_s - from_s % width_s, until_s - until_s % width_s
    step_s = level.block_s if activities is None else until_s - from_s
    for start_s in range(from_s, until_s, max(step_s, width_s)):
        end_s = min(until_s, start_s + step_s)
        yield read_slots(resolutions, width_s, from_s=start_s, until_s=end_s, activities=activities)


def _oldest_s(coarsest: Resolution) -> int:
    """When history begins."""
    blocks = BucketBlock.objects.filter(width_s=coarsest.width_s).order_by("start_s")
    found = [blocks.values_list("start_s", flat=True).first(), oldest_row_s(width_s=WRITTEN_S[-1])]
    return min((start_s for start_s in found if start_s is not None), default=0)
