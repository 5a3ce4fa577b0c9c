"""Entries of sampled operations, kept whole."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite

from collector.models.batch import KeptEntry
from visualizer.repo.text_column import cut
from visualizer.repo.upsert import upsert

_ADD = """INSERT INTO visualizer_sampledentry (activity_id, server_id, timestamp_s, status, duration_ms, request_id,
  operation_id, message_id)"""


def add_samples(samples: Iterable[tuple[int, int, KeptEntry]]) -> None:
    """Keep (activity id, server id, entry) of sampled operations."""
    rows = []
    for activity_id, server_id, entry in samples:
        duration_ms = entry.duration_ms if isfinite(entry.duration_ms) and entry.duration_ms >= 0 else None
        ids = (cut(text, 128) for text in (entry.request_id, entry.operation_id, entry.message_id))
        rows.append((activity_id, server_id, entry.timestamp_s, entry.status, duration_ms, *ids))
    upsert(_ADD, "", rows)
