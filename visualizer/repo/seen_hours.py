"""
When things were seen, by hours: kept long enough to learn what is usual. Written in the transaction that claims the
batches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.db import connection

from visualizer.core.seen_hours import seen_hours
from visualizer.models.seen_hour import Pair, SeenHour
from visualizer.repo.models import SeenHour as SeenHourRow
from visualizer.repo.upsert import upsert

#: Four times each day of the week.
SEEN_HOURS_S = 28 * 86400
_PAIRS_AT_ONCE = 200

_HOUR = "INSERT INTO visualizer_seenhour (activity_id, caller_id, start_s, shard, first_s, last_s, gap_s)"
# What comes late, between two sights, does not make the way between them shorter here: too long is the safe side.
_ADD_HOUR = """
ON CONFLICT (activity_id, caller_id, start_s, shard) DO UPDATE SET
  gap_s = {greatest}(visualizer_seenhour.gap_s, excluded.gap_s,
    excluded.first_s - visualizer_seenhour.last_s, visualizer_seenhour.first_s - excluded.last_s),
  first_s = {least}(visualizer_seenhour.first_s, excluded.first_s),
  last_s = {greatest}(visualizer_seenhour.last_s, excluded.last_s)
"""


def add_seen_hours(slots: Mapping[Pair, Sequence[int]], *, shard: int) -> None:
    """Add that these pairs were seen in these 10 s slots, which are in order; it may be known already."""
    rows = [(*pair, hour.start_s, shard, *hour[1:]) for pair in sorted(slots) for hour in seen_hours(slots[pair])]
    is_postgres = connection.vendor == "postgresql"
    words = {"greatest": "GREATEST", "least": "LEAST"} if is_postgres else {"greatest": "MAX", "least": "MIN"}
    upsert(_HOUR, _ADD_HOUR.format(**words), rows)


def read_seen_hours(pairs: Collection[Pair], *, from_s: int) -> dict[Pair, list[SeenHour]]:
    """The hours of these pairs from then on, of all shards, in any order."""
    found: defaultdict[Pair, list[SeenHour]] = defaultdict(list)
    wanted, activities = set(pairs), sorted({pair.activity for pair in pairs})
    columns = ("activity_id", "caller_id", *SeenHour._fields)
    for at in range(0, len(activities), _PAIRS_AT_ONCE):
        part = activities[at : at + _PAIRS_AT_ONCE]
        rows = SeenHourRow.objects.filter(activity__in=part, start_s__gte=from_s).values_list(*columns)
        for activity, caller, *hour in rows.iterator():
            if (pair := Pair(activity, caller)) in wanted:
                found[pair].append(SeenHour(*hour))
    return dict(found)
