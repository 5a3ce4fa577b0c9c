"""
Who reads which process, and what ran where. Written in the transaction that claims the batches: what comes twice
changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from django.db import connection
from django.db.models import Exists, Max, OuterRef, QuerySet

from collector.models.packed_column import Column
from visualizer.models.feed import FEED_OVER_S, Feed
from visualizer.models.seen_process import PROCESSES_S
from visualizer.repo.models import Total
from visualizer.repo.process_models import Feed as FeedRow
from visualizer.repo.upsert import upsert

_FEED = "INSERT INTO visualizer_feed (server_id, collector, shard, first_s, last_s)"
_ADD_FEED = """
ON CONFLICT (server_id, collector, shard) DO UPDATE SET
  last_s = {greatest}(visualizer_feed.last_s, excluded.last_s)
"""


def add_feeds(feeds: Sequence[Feed], *, shard: int) -> None:
    """Add what was read, which is in order; it may be known already."""
    greatest = "GREATEST" if connection.vendor == "postgresql" else "MAX"
    rows = [(one.server, one.collector, shard, one.last_s, one.last_s) for one in feeds]
    upsert(_FEED, _ADD_FEED.format(greatest=greatest), rows)


def read_feeds() -> list[Feed]:
    """All pairs, over all shards."""
    rows = FeedRow.objects.values_list("server_id", "collector").annotate(last=Max("last_s"))
    return [Feed(*row) for row in rows]


def read_runs() -> dict[int, Column]:
    """
    Activity id → ids of the processes that it ever ran on; twice those of two shards. As one text an activity: where
    there are a million pairs, row by row they take ten times as long.
    """
    joined = "string_agg(server_id::text, ',')" if connection.vendor == "postgresql" else "group_concat(server_id)"
    with connection.cursor() as cursor:
        # Only words of ours.
        cursor.execute(f"SELECT activity_id, {joined} FROM visualizer_total GROUP BY activity_id")  # noqa: S608
        return {activity: np.fromstring(servers, np.int64, sep=",") for activity, servers in cursor.fetchall()}


def read_spoke() -> dict[int, int]:
    """Server id → unix second at which anything ran there last."""
    return dict(Total.objects.values_list("server_id").annotate(last=Max("last_s")))


def old_feeds(*, now_s: float) -> list[QuerySet[FeedRow]]:
    """Rows that are kept no longer: they go with their process, or when another collector has long read it."""
    newer = FeedRow.objects.filter(server=OuterRef("server"), last_s__gt=OuterRef("last_s") + FEED_OVER_S)
    return [
        FeedRow.objects.filter(last_s__lt=int(now_s - PROCESSES_S)),
        FeedRow.objects.filter(last_s__lt=int(now_s - FEED_OVER_S)).filter(Exists(newer)),
    ]
