"""
Which wider buckets are to be made anew. The mark is written in the transaction that writes finer ones, and goes in the
one that has made the wider one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import F

from collector.models.resolution import Resolution
from visualizer.repo.history_models import StaleBucket
from visualizer.repo.upsert import upsert

_STALE = "INSERT INTO visualizer_stalebucket (width_s, start_s, shard, changes)"
_AGAIN = "ON CONFLICT (width_s, start_s, shard) DO UPDATE SET changes = visualizer_stalebucket.changes + 1"


class Mark(NamedTuple):
    """A stale bucket as it was read: another one says that finer buckets were written since."""

    id: int
    start_s: int
    changes: int


def mark_stale(times_s: Iterable[int], *, width_s: int, shard: int) -> None:
    """Say that something was written in the buckets of these times."""
    starts = sorted({at_s - at_s % width_s for at_s in times_s})
    upsert(_STALE, _AGAIN, [(width_s, start_s, shard, 1) for start_s in starts])


def read_stale_blocks(*, width_s: int, block_s: int, until_s: int, most: int) -> list[tuple[int, int]]:
    """(shard, start) of blocks with stale buckets that begin before then, the newest first."""
    rows = StaleBucket.objects.filter(width_s=width_s, start_s__lt=until_s).order_by("-start_s")
    found = rows.values_list("shard", "start_s")[:most]
    return list(dict.fromkeys((shard, start_s - start_s % block_s) for shard, start_s in found))


def read_marks(*, width_s: int, from_s: int, until_s: int, shard: int) -> list[Mark]:
    """The stale buckets of this width that begin in [from_s, until_s), in order."""
    rows = StaleBucket.objects.filter(width_s=width_s, start_s__gte=from_s, start_s__lt=until_s, shard=shard)
    return [Mark(*row) for row in rows.order_by("start_s").values_list("id", "start_s", "changes")]


def read_stale_starts(resolutions: Iterable[Resolution], *, from_s: int, until_s: int, shard: int) -> list[int]:
    """Buckets of the widest of these resolutions, in order, of which themselves or a finer part is stale."""
    widths = [each.width_s for each in resolutions]
    rows = StaleBucket.objects.filter(width_s__in=widths, start_s__gte=from_s, start_s__lt=until_s, shard=shard)
    return sorted({start_s - start_s % max(widths) for start_s in rows.values_list("start_s", flat=True)})


def touch(marks: Sequence[Mark]) -> list[Mark]:
    """Say that these buckets are written right now: whoever read them before begins anew."""
    StaleBucket.objects.filter(id__in=[mark.id for mark in marks]).update(changes=F("changes") + 1)
    return [mark._replace(changes=mark.changes + 1) for mark in marks]


def unmark(marks: Sequence[Mark]) -> None:
    """They are made."""
    StaleBucket.objects.filter(id__in=[mark.id for mark in marks]).delete()
