"""
How far each source is counted: the high-water marks, and what became of the bytes below them.

`claim` is what makes a count exact: it moves the mark over a batch only if the mark stands at the batch's start, in
the transaction that adds the batch's counts. Everything here runs inside such a transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection
from django.db.models import Max

from collector.models.batch import BatchEnvelope
from collector.models.file_record import FileRecord
from visualizer.repo.models import DeadLetter, Source
from visualizer.repo.upsert import upsert

_ADD = """
INSERT INTO visualizer_source (file_id, generation, shard, epoch, first_offset, high_water, tail_hash, head_bytes,
  head_hash, path, ended, updated_s)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (file_id, generation) DO NOTHING
"""
_FIND = "SELECT id FROM visualizer_source WHERE file_id = %s AND generation = %s"
_CLAIM = """
UPDATE visualizer_source SET high_water = %s, tail_hash = %s, epoch = %s, path = %s, updated_s = %s, ended = false
WHERE id = %s AND high_water = %s
"""
_FATE = "INSERT INTO visualizer_sourcebytes (source_id, fate, reason, lines, size_bytes)"
_ADD_FATE = """
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

    #: Byte after the last counted one.
    high_water: int
    #: Hash of the bytes before it.
    tail_hash: str


@dataclass(frozen=True, slots=True)
class Claims:
    """What came of claiming batches."""

    #: For each batch the id of its source; None for one that does not begin at its source's mark.
    source_ids: Sequence[int | None]
    #: Of those: batches that reach beyond the mark, and the mark as it will be committed. Others are repeats.
    gaps: Sequence[tuple[BatchEnvelope, Mark]]


class Sources:
    """The sources of one shard."""

    def __init__(self, shard: int, *, claims: bool = True) -> None:
        """Args: claims: False is the negative control of the tests: every batch is counted, repeats too."""
        self._shard = shard
        self._claims = claims
        #: (file id, generation) → row, as far as they were asked for.
        self._ids: dict[tuple[str, int], int] = {}

    def forget(self) -> None:
        """Believe nothing about rows any more: a transaction failed, or another database is behind the URL."""
        self._ids.clear()

    def add_records(self, records: Iterable[FileRecord], *, now_s: float) -> None:
        """Make rows for files seen in Redis; known ones stay as they are."""
        # The record's hash is that of its offset; where reading began it is known only while nothing was read.
        rows = [self._new_row(r, r.tail_hash if r.offset == r.first_offset else "", now_s) for r in records]
        if rows:
            with connection.cursor() as cursor:
                cursor.executemany(_ADD, rows)

    def claim(self, envelopes: Sequence[BatchEnvelope], *, now_s: float) -> Claims:
        """
        Move the marks over the batches that begin where their source's mark stands, each on top of those before it.

        Raises:
            django.db.OperationalError: somebody else moved a mark meanwhile; nothing may be committed.
            Source.DoesNotExist: another database is behind the URL.
        """
        self._learn(envelopes, now_s)
        of = [self._ids[each.file_id, each.generation] for each in envelopes]
        before = self._marks(dict(zip(of, envelopes, strict=True)))
        after, last = dict(before), dict[int, BatchEnvelope]()
        claimed: list[int | None] = []
        for source_id, each in zip(of, envelopes, strict=True):
            fits = each.start == after[source_id].high_water or not self._claims
            claimed.append(source_id if fits else None)
            if fits:
                after[source_id], last[source_id] = Mark(each.end, each.tail_hash), each
        _move(before, last, now_s)
        # After all claims: the mark to go back to is the one that will be committed.
        off = [
            (each, after[source_id]) for source_id, each, ours in zip(of, envelopes, claimed, strict=True) if not ours
        ]
        return Claims(claimed, [(each, mark) for each, mark in off if each.end > mark.high_water])

    def _learn(self, envelopes: Iterable[BatchEnvelope], now_s: float) -> None:
        unknown = {(e.file_id, e.generation): e for e in envelopes if (e.file_id, e.generation) not in self._ids}
        if unknown:
            with connection.cursor() as cursor:
                cursor.executemany(_ADD, [self._new_row(each, "", now_s) for each in unknown.values()])
                for source in unknown:
                    cursor.execute(_FIND, source)
                    self._ids[source] = int(cursor.fetchone()[0])

    def _marks(self, expected: Mapping[int, BatchEnvelope]) -> dict[int, Mark]:
        marks = {}
        rows = Source.objects.filter(id__in=list(expected))
        for row in rows.values_list("id", "file_id", "generation", "high_water", "tail_hash"):
            if row[1:3] == (expected[row[0]].file_id, expected[row[0]].generation):
                marks[row[0]] = Mark(*row[3:])
        if len(marks) != len(expected):
            raise Source.DoesNotExist("sources that had a row have none any more")
        return marks

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


def _move(before: Mapping[int, Mark], last: Mapping[int, BatchEnvelope], now_s: float) -> None:
    """Set the mark of each source to the end of its last batch, if it is still what it was."""
    moves: list[list[Any]] = []
    for source_id, each in sorted(last.items(), key=lambda source: source[0]):
        moved = [each.end, each.tail_hash, each.epoch, _clean(each.path), int(now_s)]
        moves.append([*moved, source_id, before[source_id].high_water])
    if moves:
        with connection.cursor() as cursor:
            cursor.executemany(_CLAIM, moves)
            if cursor.rowcount != len(moves):
                raise OperationalError(f"{len(moves)} marks were to be moved, only {cursor.rowcount} were still there")


def add_fates(fates: Mapping[tuple[int, str, str], list[int]]) -> None:
    """Add lines and bytes to what became of a source's."""
    upsert(_FATE, _ADD_FATE, [(*key, *fates[key]) for key in sorted(fates)])


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
