"""
How far each source is counted: the high-water marks, and what became of the bytes below them.

`claim` is what makes a count exact: it moves the mark over a batch only if the mark stands at the batch's start, in
the transaction that adds the batch's counts. Everything here runs inside such a transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Max

from collector.models.batch import BatchEnvelope
from collector.models.file_record import FileRecord
from visualizer.repo.models import DeadLetter, Source

_ADD = """
INSERT INTO visualizer_source (file_id, generation, shard, epoch, first_offset, high_water, tail_hash, head_bytes,
  head_hash, path, ended, updated_s)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (file_id, generation) DO NOTHING
"""
_CLAIM = """
UPDATE visualizer_source SET high_water = %s, tail_hash = %s, epoch = %s, path = %s, updated_s = %s, ended = false
WHERE file_id = %s AND generation = %s AND high_water = %s RETURNING id
"""
_ADD_FATE = """
INSERT INTO visualizer_sourcebytes (source_id, fate, reason, lines, size_bytes) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (source_id, fate, reason) DO UPDATE SET
  lines = visualizer_sourcebytes.lines + excluded.lines,
  size_bytes = visualizer_sourcebytes.size_bytes + excluded.size_bytes
"""
_ADD_LOST = """
INSERT INTO visualizer_lostbytes (file_id, generation, reason, size_bytes) VALUES (%s, %s, %s, %s)
ON CONFLICT (file_id, generation, reason) DO UPDATE SET size_bytes =
  CASE WHEN excluded.size_bytes > visualizer_lostbytes.size_bytes
  THEN excluded.size_bytes ELSE visualizer_lostbytes.size_bytes END
"""


_RECORD_COLUMNS = (
    *("file_id", "generation", "epoch", "first_offset", "high_water"),
    *("head_bytes", "head_hash", "tail_hash", "path"),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a source's counting stands."""

    #: Its row.
    source_id: int
    #: Byte after the last counted one.
    high_water: int
    #: Hash of the bytes before it.
    tail_hash: str


class Sources:
    """The sources of one shard."""

    def __init__(self, shard: int, *, claims: bool = True) -> None:
        """Args: claims: False is the negative control of the tests: every batch is counted, repeats too."""
        self._shard = shard
        self._claims = claims
        #: Sources that have a row, so that a batch costs one statement.
        self._known: set[tuple[str, int]] = set()

    def forget(self) -> None:
        """Believe nothing about rows any more: a transaction failed, or another database is behind the URL."""
        self._known.clear()

    def add_records(self, records: Iterable[FileRecord], *, now_s: float) -> None:
        """Make rows for files seen in Redis; known ones stay as they are."""
        # The record's hash is that of its offset; where reading began it is known only while nothing was read.
        rows = [self._new_row(r, r.tail_hash if r.offset == r.first_offset else "", now_s) for r in records]
        if rows:
            with connection.cursor() as cursor:
                cursor.executemany(_ADD, rows)

    def claim(self, envelope: BatchEnvelope, *, now_s: float) -> int | None:
        """Move the mark over the batch; the source's id, or None when the mark does not stand at its start."""
        source = (envelope.file_id, envelope.generation)
        with connection.cursor() as cursor:
            if source not in self._known:
                cursor.execute(_ADD, self._new_row(envelope, "", now_s))
                self._known.add(source)
            start = envelope.start if self._claims else self.mark(*source).high_water
            moved: list[Any] = [envelope.end, envelope.tail_hash, envelope.epoch, _clean(envelope.path), int(now_s)]
            cursor.execute(_CLAIM, [*moved, *source, start])
            row = cursor.fetchone()
        return int(row[0]) if row else None

    def mark(self, file_id: str, generation: int) -> Mark:
        """The mark of a source that has a row."""
        row = Source.objects.values_list("id", "high_water", "tail_hash").get(file_id=file_id, generation=generation)
        return Mark(*row)

    def records(self) -> dict[str, FileRecord]:
        """
        File id → what Redis should hold of it: the newest generation of every file, its offset the mark. Files that
        have ended are left out; one that comes back is new to Redis, and its lines are repeats to us.
        """
        rows = Source.objects.filter(shard=self._shard, ended=False).order_by("generation").values(*_RECORD_COLUMNS)
        return {row["file_id"]: FileRecord(offset=row.pop("high_water"), **row) for row in rows.iterator()}

    def quiet(self, file_ids: Sequence[str], *, before_s: float) -> set[str]:
        """Which of these had no batch since then."""
        rows = Source.objects.filter(shard=self._shard, file_id__in=file_ids).values("file_id")
        newest = rows.annotate(newest_s=Max("updated_s")).filter(newest_s__lt=before_s)
        return set(newest.values_list("file_id", flat=True))

    def mark_ended(self, file_id: str) -> None:
        """Keep the rows of a file that is gone for good; its record is not restored any more."""
        Source.objects.filter(shard=self._shard, file_id=file_id).update(ended=True)

    def _new_row(self, source: FileRecord | BatchEnvelope, tail_hash: str, now_s: float) -> list[Any]:
        first, head = source.first_offset, (source.head_bytes, source.head_hash)
        start: list[Any] = [source.file_id, source.generation, self._shard, source.epoch, first, first]
        return [*start, tail_hash, *head, _clean(source.path), False, int(now_s)]


def add_fates(fates: Mapping[tuple[int, str, str], list[int]]) -> None:
    """Add lines and bytes to what became of a source's."""
    if fates:
        with connection.cursor() as cursor:
            cursor.executemany(_ADD_FATE, [(*key, *fates[key]) for key in sorted(fates)])


def add_lost(lost: Mapping[tuple[str, int, str], int]) -> None:
    """Remember bytes that were gone before they could be read: a lower bound, so the greater figure stays."""
    if lost:
        with connection.cursor() as cursor:
            cursor.executemany(_ADD_LOST, [(*key, lost[key]) for key in sorted(lost)])


def add_dead_letter(source_id: int, envelope: BatchEnvelope, *, payload: bytes, error: str, now_s: float) -> None:
    """Keep a batch that cannot be counted, for people."""
    DeadLetter.objects.create(
        source_id=source_id,
        start=envelope.start,
        end=envelope.end,
        error=_clean(error)[:500],
        payload=payload,
        created_s=int(now_s),
    )


def _clean(text: str) -> str:
    """PostgreSQL refuses NUL, and a path is whatever somebody named a file."""
    return text.replace("\0", "\ufffd")
