"""Reading what collectors say of their files (Redis), and what SQL knows of files that nobody speaks of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import msgspec
import redis
from django.db.models import Sum

from collector.models import redis_keys
from collector.models.file_status import FileStatus, decode_status
from visualizer.models.source_row import UNFOLLOWED, SourceCounts
from visualizer.repo.models import LostBytes, Source, SourceBytes


def read_statuses(client: redis.Redis, collector_ids: Iterable[str]) -> dict[str, list[FileStatus]]:
    """
    Collector id → its files and what else it counts, in the order asked for; what is damaged is left out.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    any_client: Any = client
    return {
        collector_id: [
            status
            for key in (redis_keys.file_statuses(collector_id), redis_keys.tally_statuses(collector_id))
            for status in _decoded(any_client.hvals(key))
        ]
        for collector_id in collector_ids
    }


def read_stored() -> list[FileStatus]:
    """Every file that has not ended, as far as it is counted."""
    rows = Source.objects.filter(ended=False).order_by("generation")
    newest = {
        row[0]: row for row in rows.values_list("file_id", "generation", "path", "high_water", "updated_s").iterator()
    }
    return [
        FileStatus(
            path=path,
            kind=path.partition("://")[0] if "://" in path else "",
            state=UNFOLLOWED,
            file_id=file_id,
            generation=generation,
            size_bytes=high_water,
            offset=high_water,
            last_line_s=float(updated_s),
        )
        for file_id, generation, path, high_water, updated_s in newest.values()
    ]


def read_lost() -> dict[str, int]:
    """File id → bytes gone before they could be read; only files that lost some."""
    return dict(LostBytes.objects.values_list("file_id").annotate(size=Sum("size_bytes")))


def read_source_sums() -> dict[tuple[str, str, str], tuple[int, int]]:
    """(path, fate, reason) → lines and bytes, over all files there ever were at the path."""
    rows = SourceBytes.objects.exclude(fate="skewed").values_list("source__path", "fate", "reason")
    return {row[:3]: row[3:] for row in rows.annotate(n=Sum("lines"), size=Sum("size_bytes"))}


def read_source_counts(file_ids: Collection[str]) -> dict[str, SourceCounts]:
    """File id → what SQL holds of it."""
    counts: defaultdict[str, SourceCounts] = defaultdict(SourceCounts)
    fates = SourceBytes.objects.filter(source__file_id__in=file_ids)
    sums = fates.values_list("source__file_id", "fate", "reason").annotate(n=Sum("lines")).order_by("reason")
    parsed: dict[str, int] = {}
    for file_id, fate, reason, lines in sums:
        if fate == "parsed":
            parsed[file_id] = lines
        elif fate in ("skipped", "dropped"):
            reasons = counts[file_id].skipped_lines if fate == "skipped" else counts[file_id].dropped_lines
            reasons[reason] = lines
    lost = LostBytes.objects.filter(file_id__in=file_ids).values_list("file_id", "reason")
    for file_id, reason, size_bytes in lost.annotate(size=Sum("size_bytes")).order_by("reason"):
        counts[file_id].lost_bytes[reason] = size_bytes
    return {
        file_id: SourceCounts(parsed.get(file_id, 0), each.skipped_lines, each.dropped_lines, each.lost_bytes)
        for file_id in file_ids
        for each in [counts[file_id]]
    }


def _decoded(replies: Iterable[bytes]) -> Iterator[FileStatus]:
    for reply in replies:
        try:
            yield decode_status(reply)
        except msgspec.DecodeError:
            continue
