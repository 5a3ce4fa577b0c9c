"""
The counted runs: buckets of 1 s and 10 s, and totals. Written in the transaction that claims their batches.

A shard's rows are written by its owner alone (`lock_shard`), so a histogram can be read, merged and written back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from django.db import connection

from collector.lib.log_buckets import merge_counts
from visualizer.core.roll_up import Counts, SlotKey, TotalKey

#: 1 s buckets are kept, and written, for this long: what the panel shows in full.
FINE_S = 900
#: Rows asked for in one statement; more would only make it longer to parse.
_ROWS = 400

_ADD_BUCKET = """
INSERT INTO visualizer_bucket (width_s, shard, start_s, activity_id, server_id, started, done, failed, ignored,
  durations, stream_ages)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (width_s, start_s, activity_id, server_id, shard) DO UPDATE SET
  started = visualizer_bucket.started + excluded.started,
  done = visualizer_bucket.done + excluded.done,
  failed = visualizer_bucket.failed + excluded.failed,
  ignored = visualizer_bucket.ignored + excluded.ignored
"""
#: A row whose histograms did not change is written without them: they are the bulk of it.
_ADD_BUCKET_MEASURED = _ADD_BUCKET + ", durations = excluded.durations, stream_ages = excluded.stream_ages"
_ADD_TOTAL = """
INSERT INTO visualizer_total (shard, activity_id, server_id, started, done, failed, ignored, last_s)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (activity_id, server_id, shard) DO UPDATE SET
  started = visualizer_total.started + excluded.started,
  done = visualizer_total.done + excluded.done,
  failed = visualizer_total.failed + excluded.failed,
  ignored = visualizer_total.ignored + excluded.ignored,
  last_s = CASE WHEN excluded.last_s > visualizer_total.last_s THEN excluded.last_s ELSE visualizer_total.last_s END
"""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(dict[int, int]).decode


def lock_shard(shard: int) -> None:
    """
    Be the only writer of the shard's rows until the transaction ends. Two rollups may both believe that they own it
    for a moment. SQLite's IMMEDIATE transactions have one writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_SPACE, shard])


def add_buckets(buckets: Mapping[SlotKey, Counts], *, width_s: int, shard: int) -> None:
    """Add runs to the buckets of one width."""
    measured = sorted(key for key, counts in buckets.items() if counts.durations or counts.stream_ages)
    histograms = {}
    for key, durations, stream_ages in _stored_histograms(measured, width_s=width_s, shard=shard):
        histograms[key] = (durations, stream_ages)
    rows: tuple[list[Sequence[Any]], list[Sequence[Any]]] = ([], [])
    for key in sorted(buckets):
        counts = buckets[key]
        is_measured = bool(counts.durations or counts.stream_ages)
        durations, stream_ages = histograms.get(key, (b"", b""))
        merged = (_merged(durations, counts.durations), _merged(stream_ages, counts.stream_ages))
        rows[is_measured].append((width_s, shard, *key, *counts.statuses, *merged))
    with connection.cursor() as cursor:
        for sql, of_kind in zip((_ADD_BUCKET, _ADD_BUCKET_MEASURED), rows, strict=True):
            if of_kind:
                cursor.executemany(sql, of_kind)


def add_totals(totals: Mapping[TotalKey, Counts], *, shard: int) -> None:
    """Add runs to the totals."""
    if totals:
        rows = [(shard, *key, *totals[key].statuses, int(totals[key].last_s)) for key in sorted(totals)]
        with connection.cursor() as cursor:
            cursor.executemany(_ADD_TOTAL, rows)


def read_slots(*, shard: int, from_s: int) -> Iterator[tuple[SlotKey, Counts]]:
    """The 1 s buckets from this second on: what a live window is rebuilt from."""
    sql = """
    SELECT start_s, activity_id, server_id, started, done, failed, ignored, durations, stream_ages
    FROM visualizer_bucket WHERE width_s = 1 AND shard = %s AND start_s >= %s
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [shard, from_s])
        for start_s, activity_id, server_id, *statuses, durations, stream_ages in cursor.fetchall():
            counts = Counts()
            counts.statuses = statuses
            counts.durations, counts.stream_ages = decode_histogram(durations), decode_histogram(stream_ages)
            counts.last_s = float(start_s + 1)
            yield (start_s, activity_id, server_id), counts


def read_open(*, shard: int) -> list[tuple[int, int, int, float]]:
    """(activity id, server id, started − ended, last_s) of the totals where the two differ."""
    sql = """
    SELECT activity_id, server_id, started - done - failed - ignored, last_s
    FROM visualizer_total WHERE shard = %s AND started <> done + failed + ignored
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [shard])
        return [(activity, server, runs, float(last_s)) for activity, server, runs, last_s in cursor.fetchall()]


def decode_histogram(stored: bytes | memoryview) -> dict[int, int]:
    """Bucket → count of a stored histogram."""
    return _decode(stored) if stored else {}


#: Sets our advisory locks apart from those of others in the same PostgreSQL.
_LOCK_SPACE = 0x45765363


def _stored_histograms(
    keys: Sequence[SlotKey], *, width_s: int, shard: int
) -> Iterator[tuple[SlotKey, bytes | memoryview, bytes | memoryview]]:
    """What is stored for these keys, where there is something."""
    for at in range(0, len(keys), _ROWS):
        # Only integers of ours: as parameters they would cost more than the query.
        values = ",".join(f"({start},{activity},{server})" for start, activity, server in keys[at : at + _ROWS])
        # A join, as SQLite uses no index for `(a, b, c) IN (VALUES …)`.
        sql = f"""
        SELECT b.start_s, b.activity_id, b.server_id, b.durations, b.stream_ages
        FROM (VALUES {values}) AS wanted JOIN visualizer_bucket b
          ON b.width_s = {int(width_s)} AND b.start_s = wanted.column1 AND b.activity_id = wanted.column2
          AND b.server_id = wanted.column3 AND b.shard = {int(shard)}
        """  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(sql)
            for start, activity, server, durations, stream_ages in cursor.fetchall():
                yield (start, activity, server), durations, stream_ages


def _merged(stored: bytes | memoryview, more: dict[int, int]) -> bytes:
    if not stored:
        return _encode(more) if more else b""
    merged = _decode(stored)
    merge_counts(merged, more)
    return _encode(merged)
