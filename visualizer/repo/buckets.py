"""
The counted runs: buckets of 1 s and 10 s, and totals. Written in the transaction that claims their batches.

A shard's rows are written by its owner alone (`lock_shard`), so a histogram can be read, merged and written back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from django.db import connection

from visualizer.core.counts import Counts
from visualizer.core.slot_table import SlotTable
from visualizer.models.seen_process import LONG_GONE
from visualizer.repo.histograms import decode_histogram, encode_histograms, with_stored
from visualizer.repo.upsert import upsert

#: 1 s buckets are kept, and written, for this long: what the panel shows in full.
FINE_S = 900
#: Rows asked for in one statement; more would only make it longer to parse.
_ROWS = 400

_BUCKET = """INSERT INTO visualizer_bucket (width_s, shard, start_s, activity_id, server_id, started, done, failed,
  ignored, durations, stream_ages)"""
_ADD_BUCKET = """
ON CONFLICT (width_s, start_s, activity_id, server_id, shard) DO UPDATE SET
  started = visualizer_bucket.started + excluded.started,
  done = visualizer_bucket.done + excluded.done,
  failed = visualizer_bucket.failed + excluded.failed,
  ignored = visualizer_bucket.ignored + excluded.ignored,
  durations = CASE WHEN length(excluded.durations) > 0
    THEN excluded.durations ELSE visualizer_bucket.durations END,
  stream_ages = CASE WHEN length(excluded.stream_ages) > 0
    THEN excluded.stream_ages ELSE visualizer_bucket.stream_ages END
"""
#: Adds rows to the totals: these columns.
TOTAL = "INSERT INTO visualizer_total (shard, activity_id, server_id, started, done, failed, ignored, last_s)"
ADD_TOTAL = """
ON CONFLICT (activity_id, server_id, shard) DO UPDATE SET
  started = visualizer_total.started + excluded.started,
  done = visualizer_total.done + excluded.done,
  failed = visualizer_total.failed + excluded.failed,
  ignored = visualizer_total.ignored + excluded.ignored,
  last_s = CASE WHEN excluded.last_s > visualizer_total.last_s THEN excluded.last_s ELSE visualizer_total.last_s END
"""


def lock_shard(shard: int) -> None:
    """
    Be the only writer of the shard's rows until the transaction ends. Two rollups may both believe that they own it
    for a moment. SQLite's IMMEDIATE transactions have one writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_SPACE, shard])


def add_buckets(slots: SlotTable, *, width_s: int, shard: int) -> None:
    """Add runs to the buckets of one width."""
    stored = _stored_histograms(slots, width_s=width_s, shard=shard)
    histograms = (
        encode_histograms(with_stored(new, [(row, known[place]) for row, *known in stored]), len(slots))
        for place, new in enumerate((slots.durations, slots.stream_ages))
    )
    keys = ([width_s] * len(slots), [shard] * len(slots), *_key_columns(slots))
    upsert(_BUCKET, _ADD_BUCKET, list(zip(*keys, *slots.statuses.T.tolist(), *histograms, strict=True)))


def add_totals(totals: SlotTable, *, shard: int) -> None:
    """Add runs to the totals."""
    columns = (*_key_columns(totals)[1:], *totals.statuses.T.tolist(), totals.last_s.astype(np.int64).tolist())
    upsert(TOTAL, ADD_TOTAL, list(zip([shard] * len(totals), *columns, strict=True)))


def read_slots(*, shard: int, from_s: int) -> Iterator[tuple[tuple[int, int, int], Counts]]:
    """((second, activity id, server id), counts) of the 1 s buckets from this second on: what a live window is from."""
    sql = """
    SELECT start_s, activity_id, server_id, started, done, failed, ignored, durations, stream_ages
    FROM visualizer_bucket WHERE width_s = 1 AND shard = %s AND start_s >= %s
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [shard, from_s])
        for start_s, activity_id, server_id, *statuses, durations, stream_ages in cursor:
            counts = Counts()
            counts.statuses = statuses
            counts.durations, counts.stream_ages = decode_histogram(durations), decode_histogram(stream_ages)
            counts.last_s = float(start_s + 1)
            yield (start_s, activity_id, server_id), counts


def read_open(*, shard: int) -> list[tuple[int, int, int, float]]:
    """(activity id, server id, started − ended, last_s) of the totals where the two differ; of no long gone process."""
    sql = """
    SELECT activity_id, server_id, started - done - failed - ignored, last_s
    FROM visualizer_total WHERE shard = %s AND started <> done + failed + ignored
      AND server_id NOT IN (SELECT id FROM visualizer_seenserver WHERE host_name = %s AND pid = %s)
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [shard, LONG_GONE.host_name, LONG_GONE.pid])
        return [(activity, server, runs, float(last_s)) for activity, server, runs, last_s in cursor.fetchall()]


def read_newest_s(*, shard: int) -> float:
    """Unix time of the newest entry that was ever counted; 0 when none was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT MAX(last_s) FROM visualizer_total WHERE shard = %s", [shard])
        return float(cursor.fetchone()[0] or 0)


#: Sets our advisory locks apart from those of others in the same PostgreSQL.
_LOCK_SPACE = 0x45765363


def _key_columns(slots: SlotTable) -> list[list[int]]:
    return [column.tolist() for column in (slots.start_s, slots.activity, slots.server)]


def _stored_histograms(
    slots: SlotTable, *, width_s: int, shard: int
) -> list[tuple[int, bytes | memoryview, bytes | memoryview]]:
    """(row, durations, stream ages) as stored, of the rows that bring more of them."""
    measured = np.zeros(len(slots), np.bool_)
    measured[slots.durations.cell] = measured[slots.stream_ages.cell] = True
    # In a backlog most seconds are new; asking for each of their slots would cost as much as writing them.
    measured &= np.isin(slots.start_s, _known_starts(np.unique(slots.start_s[measured]).tolist(), width_s=width_s))
    rows = np.flatnonzero(measured).tolist()
    starts, activities, servers = _key_columns(slots)
    found = []
    for at in range(0, len(rows), _ROWS):
        # Only integers of ours: as parameters they would cost more than the query.
        values = ",".join(f"({row},{starts[row]},{activities[row]},{servers[row]})" for row in rows[at : at + _ROWS])
        # A join, as SQLite uses no index for `(a, b, c) IN (VALUES …)`.
        sql = f"""
        SELECT wanted.column1, b.durations, b.stream_ages
        FROM (VALUES {values}) AS wanted JOIN visualizer_bucket b
          ON b.width_s = {int(width_s)} AND b.start_s = wanted.column2 AND b.activity_id = wanted.column3
          AND b.server_id = wanted.column4 AND b.shard = {int(shard)}
        """  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(sql)
            found += cursor.fetchall()
    return found


def _known_starts(starts: Sequence[int], *, width_s: int) -> list[int]:
    """Which of these buckets have any row."""
    found = []
    for at in range(0, len(starts), _ROWS):
        values = ",".join(f"({start})" for start in starts[at : at + _ROWS])
        sql = f"""
        SELECT wanted.column1 FROM (VALUES {values}) AS wanted WHERE EXISTS (
          SELECT 1 FROM visualizer_bucket b WHERE b.width_s = {int(width_s)} AND b.start_s = wanted.column1)
        """  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(sql)
            found += [row[0] for row in cursor.fetchall()]
    return found
