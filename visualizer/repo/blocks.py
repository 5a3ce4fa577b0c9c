"""Reading and writing the blocks of wider buckets (history_models.BucketBlock)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from collector.models.resolution import BUCKETS_A_BLOCK, Resolution
from visualizer.core.slot_block import decode_blocks
from visualizer.core.slot_sums import ALL, slots_where
from visualizer.core.slot_table import SlotTable
from visualizer.repo.history_models import BucketBlock
from visualizer.repo.stale_buckets import mark_stale
from visualizer.repo.times import at_times
from visualizer.repo.upsert import upsert

_BLOCK = "INSERT INTO visualizer_bucketblock (width_s, start_s, activity_id, shard, own_before_s, slots)"
# Who lets finer buckets go says it of the block itself; who writes slots does not know better.
_NEW_SLOTS = "ON CONFLICT (width_s, start_s, activity_id, shard) DO UPDATE SET slots = excluded.slots"

_IDS = 500


@dataclass(frozen=True, slots=True)
class StoredBlocks:
    """Blocks of one resolution and shard."""

    #: Their slots, of all of them.
    slots: SlotTable
    #: (start, activity id) of a block → its buckets before this are the only copy: what comes late is added to them.
    own_before: Mapping[tuple[int, int], int]
    #: What a block covers, seconds.
    block_s: int

    @property
    def is_own(self) -> npt.NDArray[np.bool_]:
        """Of each slot: is it the only copy?"""
        if not self.own_before:
            return np.zeros(len(self.slots), np.bool_)
        starts = self.slots.start_s - self.slots.start_s % self.block_s
        keys = zip(starts.tolist(), self.slots.activity.tolist(), strict=True)
        before = np.fromiter((self.own_before.get(key, 0) for key in keys), np.int64, len(self.slots))
        is_own: npt.NDArray[np.bool_] = self.slots.start_s < before
        return is_own

    def where(self, kept: npt.NDArray[np.bool_]) -> StoredBlocks:
        """Only some of the slots."""
        return StoredBlocks(slots_where(self.slots, kept), self.own_before, self.block_s)


def read_blocks(
    resolution: Resolution,
    *,
    starts: Sequence[int],
    shard: int,
    activities: Collection[int] | None = None,
    within: tuple[int, int] | None = None,
) -> StoredBlocks:
    """
    The blocks that begin at these times.

    Args:
        activities: ids, ALL among them or not; None: every one but ALL.
        within: only buckets that begin in [from, until).
    """
    rows = at_times(BucketBlock.objects.filter(width_s=resolution.width_s, shard=shard), starts)
    rows = rows.filter(activity_id__gt=ALL) if activities is None else rows.filter(activity_id__in=list(activities))
    found = list(rows.values_list("start_s", "activity_id", "slots", "own_before_s"))
    slots = decode_blocks([row[:3] for row in found], width_s=resolution.width_s, within=within)
    own_before = {(start_s, activity): before_s for start_s, activity, _, before_s in found if before_s}
    return StoredBlocks(slots, own_before, resolution.block_s)


def has_own(resolution: Resolution, *, from_s: int, until_s: int, shard: int) -> bool:
    """Is any bucket that begins in [from_s, until_s) the only copy?"""
    starts = blocks_of(resolution, from_s=from_s, until_s=until_s)
    rows = at_times(BucketBlock.objects.filter(width_s=resolution.width_s, shard=shard), starts)
    return rows.filter(own_before_s__gt=from_s).exists()


def write_blocks(blocks: Iterable[tuple[int, bytes]], *, width_s: int, start_s: int, shard: int) -> None:
    """(activity id, stored form) of blocks that begin at the same time, by activity."""
    upsert(_BLOCK, _NEW_SLOTS, [(width_s, start_s, activity, shard, 0, data) for activity, data in blocks])


def blocks_of(resolution: Resolution, *, from_s: int, until_s: int) -> range:
    """Where the blocks begin that have room for buckets in [from_s, until_s)."""
    return range(from_s - from_s % resolution.block_s, until_s, resolution.block_s)


def forget_blocks(activity_ids: Collection[int]) -> None:
    """Delete what was made of these activities; the sums of all, which had them in it, are to be made anew."""
    ids = list(activity_ids)
    for at in range(0, len(ids), _IDS):
        BucketBlock.objects.filter(activity_id__in=ids[at : at + _IDS]).delete()
    of_all = BucketBlock.objects.filter(activity_id=ALL)
    for width_s, start_s, shard in of_all.values_list("width_s", "start_s", "shard"):
        mark_stale(range(start_s, start_s + width_s * BUCKETS_A_BLOCK, width_s), width_s=width_s, shard=shard)
    of_all.delete()
