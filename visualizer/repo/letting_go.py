"""
Lets finer buckets go once they are in wider ones and their time is over. In the transaction that deletes them, the
wider ones are told that they are the only copy now: what comes late is added to them from then on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator

from django.db import transaction

from collector.models.resolution import WRITTEN_S, Resolution
from visualizer.repo.buckets import lock_shard
from visualizer.repo.folding import Fold, delete_finer
from visualizer.repo.history_models import BucketBlock
from visualizer.repo.slot_rows import activities_in, oldest_row_s
from visualizer.repo.stale_buckets import mark_stale, read_stale_starts

#: Activities of one transaction: 360 rows of 10 s each, or one block. A few milliseconds either way.
_OF_ROWS, _OF_BLOCKS = 4, 200


def let_go(step: Fold, *, now_s: float, shards: int, go_on: Callable[[], bool]) -> int:
    """
    Delete the finer buckets that are kept no longer; returns how many rows.

    Args:
        go_on: asked before each transaction; what is left is for the next time.
    """
    before_s = int(now_s - step.finer.keep_s)
    if step.finer.width_s in WRITTEN_S:
        return _let_rows_go(step, before_s=before_s, shards=shards, go_on=go_on)
    deleted = 0
    for shard, start_s, activities in _old_blocks(step.finer, before_s=before_s):
        if not go_on():
            break
        deleted += _let_go_of(step, start_s, start_s + step.finer.block_s, activities, shard=shard)
    return deleted


def let_oldest_go(coarsest: Resolution, *, now_s: float, go_on: Callable[[], bool]) -> int:
    """Delete blocks of the coarsest resolution that are kept no longer: with them the time is forgotten."""
    deleted = 0
    for shard, start_s, activities in _old_blocks(coarsest, before_s=int(now_s - coarsest.keep_s)):
        if not go_on():
            break
        deleted += _delete_blocks(coarsest, start_s, activities, shard=shard)
    return deleted


def _let_rows_go(step: Fold, *, before_s: int, shards: int, go_on: Callable[[], bool]) -> int:
    finer, block_s, deleted, from_s = step.finer, step.coarser.block_s, 0, 0
    while go_on() and (oldest_s := oldest_row_s(width_s=finer.width_s, from_s=from_s)) is not None:
        start_s = oldest_s - oldest_s % block_s
        from_s = start_s + block_s
        if from_s > before_s:
            break
        for shard in range(shards):
            found = activities_in(range(start_s, from_s, finer.width_s), width_s=finer.width_s, shard=shard)
            for at in range(0, len(found), _OF_ROWS):
                if go_on():
                    deleted += _let_go_of(step, start_s, from_s, found[at : at + _OF_ROWS], shard=shard)
    return deleted


def _let_go_of(step: Fold, from_s: int, until_s: int, activities: Collection[int], *, shard: int) -> int:
    """What of these activities lies in [from_s, until_s), unless the wider buckets do not have it yet."""
    coarser = step.coarser
    block = from_s - from_s % coarser.block_s
    with transaction.atomic():
        lock_shard(shard)
        if read_stale_starts((*step.all_finer, coarser), from_s=from_s, until_s=until_s, shard=shard):
            return 0
        wider = BucketBlock.objects.filter(width_s=coarser.width_s, start_s=block, shard=shard)
        wider = wider.filter(activity_id__in=list(activities))
        if wider.count() < len(activities):
            # Nobody marked what was written: history that is older than marks.
            mark_stale(range(from_s, until_s, coarser.width_s), width_s=coarser.width_s, shard=shard)
            return 0
        wider.filter(own_before_s__lt=until_s).update(own_before_s=until_s)
        return delete_finer(step, from_s, until_s, activities, shard=shard)


def _old_blocks(resolution: Resolution, *, before_s: int) -> Iterator[tuple[int, int, list[int]]]:
    """(shard, start, some activity ids) of the blocks that ended before then."""
    blocks = BucketBlock.objects.filter(width_s=resolution.width_s, start_s__lte=before_s - resolution.block_s)
    start_s: int | None = -1
    while start_s is not None:
        later = blocks.filter(start_s__gt=start_s).order_by("start_s")
        start_s = later.values_list("start_s", flat=True).first()
        if start_s is not None:
            found = defaultdict[int, list[int]](list)
            for shard, activity in blocks.filter(start_s=start_s).values_list("shard", "activity_id"):
                found[shard].append(activity)
            for shard, activities in sorted(found.items()):
                for at in range(0, len(activities), _OF_BLOCKS):
                    yield shard, start_s, activities[at : at + _OF_BLOCKS]


def _delete_blocks(resolution: Resolution, start_s: int, activities: Collection[int], *, shard: int) -> int:
    rows = BucketBlock.objects.filter(width_s=resolution.width_s, start_s=start_s, shard=shard)
    return rows.filter(activity_id__in=list(activities)).delete()[0]
