"""Since when history is kept."""

from __future__ import annotations

from collections.abc import Sequence

from collector.models.resolution import WRITTEN_S, Resolution
from visualizer.core.slot_block import first_slot_s
from visualizer.core.slot_sums import ALL
from visualizer.repo.history_models import BucketBlock
from visualizer.repo.slot_rows import oldest_row_s


def read_history_begin(resolutions: Sequence[Resolution]) -> int | None:
    """
    Unix second of the first run that is kept, as exactly as buckets tell; None while nothing is.

    Raises:
        ValueError: a block of history is damaged.
    """
    begin_s, width_s = None, 0
    for resolution in reversed(resolutions[1:]):
        first_s = _first_s(resolution)
        # Wide buckets are kept for long, and finer ones say when in the first of them.
        if first_s is not None and (begin_s is None or first_s < begin_s + width_s):
            begin_s, width_s = first_s, resolution.width_s
    return begin_s


def _first_s(resolution: Resolution) -> int | None:
    if resolution.width_s in WRITTEN_S:
        return oldest_row_s(width_s=resolution.width_s)
    rows = BucketBlock.objects.filter(width_s=resolution.width_s, activity_id=ALL)
    start_s = rows.order_by("start_s").values_list("start_s", flat=True).first()
    if start_s is None:
        return None
    blocks = rows.filter(start_s=start_s).values_list("start_s", "activity_id", "slots")
    return first_slot_s(blocks, width_s=resolution.width_s)
