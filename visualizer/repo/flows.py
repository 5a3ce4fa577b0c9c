"""How much every activity started lately."""

from __future__ import annotations

from django.db.models import Sum

from visualizer.repo.history_models import Bucket


def read_lately(*, from_s: int) -> dict[int, int]:
    """Activity id → runs that started from this second on; no entry for none."""
    rows = Bucket.objects.filter(width_s=1, start_s__gte=from_s).values_list("activity_id").annotate(n=Sum("started"))
    return {activity_id: runs for activity_id, runs in rows.iterator() if runs}
