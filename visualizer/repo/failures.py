"""Failed runs, kept whole: the newest of each activity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db import connection
from django.db.models import Count, Min

from collector.models.batch import KeptEntry
from visualizer.repo.models import Failure
from visualizer.repo.text_column import cut
from visualizer.repo.upsert import upsert

#: What a panel can show of one activity; older ones go.
KEPT = 100
#: A traceback longer than this says nothing more at its end.
_TRACEBACK_CHARS = 16_000
_CAUSE_CHARS = 2_000

_ADD = """INSERT INTO visualizer_failure (activity_id, server_id, timestamp_s, request_id, operation_id, message_id,
  cause, traceback)"""
_DELETE_OLDER = """
DELETE FROM visualizer_failure WHERE activity_id = %s AND id NOT IN (
  SELECT id FROM visualizer_failure WHERE activity_id = %s ORDER BY timestamp_s DESC, id DESC LIMIT %s)
"""


def add_failures(failures: Sequence[tuple[int, int, KeptEntry]]) -> None:
    """Keep (activity id, server id, entry) of failed runs; of each activity only the newest KEPT stay."""
    by_activity: dict[int, list[tuple[int, KeptEntry]]] = defaultdict(list)
    for activity_id, server_id, entry in failures:
        by_activity[activity_id].append((server_id, entry))
    rows = [
        _row(activity_id, server_id, entry)
        for activity_id, entries in sorted(by_activity.items())
        for server_id, entry in sorted(entries, key=lambda kept: kept[1].timestamp_s)[-KEPT:]
    ]
    upsert(_ADD, "", rows)
    with connection.cursor() as cursor:
        for activity_id in sorted(by_activity):
            cursor.execute(_DELETE_OLDER, [activity_id, activity_id, KEPT])


def failures_since(activity_ids: Sequence[int]) -> float:
    """Since when the failures of each of these activities are kept, unix seconds; 0 where none had to go."""
    rows = Failure.objects.filter(activity__in=activity_ids).values("activity_id").order_by()
    full = rows.annotate(kept=Count("pk"), first_s=Min("timestamp_s")).filter(kept__gte=KEPT)
    return max(full.values_list("first_s", flat=True), default=0.0)


def _row(activity_id: int, server_id: int, entry: KeptEntry) -> tuple[object, ...]:
    ids = (cut(text, 128) for text in (entry.request_id, entry.operation_id, entry.message_id))
    cause, traceback = cut(entry.cause, _CAUSE_CHARS), cut(entry.traceback, _TRACEBACK_CHARS)
    return (activity_id, server_id, entry.timestamp_s, *ids, cause, traceback)
