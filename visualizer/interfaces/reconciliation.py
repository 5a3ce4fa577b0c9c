"""
Keeps the file records in Redis in step with what SQL has counted, also of files to which nobody writes: Redis may have
lost writes it acknowledged, or everything; SQL may be an older copy of itself.
"""

from __future__ import annotations

from msgspec.structs import replace

from collector.models.file_record import FileRecord
from visualizer.interfaces.history_writer import HistoryWriter
from visualizer.repo.batches import FIRST, BatchStream, id_order
from visualizer.repo.file_records import FileRecords

#: A file that is gone and read to its end is forgotten by Redis after this time; until then it may come back.
ENDED_S = 24 * 3600


class Reconciliation:
    """The records of one shard against its sources."""

    def __init__(self, records: FileRecords, stream: BatchStream, history: HistoryWriter) -> None:
        self._records = records
        self._stream = stream
        self._history = history
        #: Records that are not where their source's mark is: their batches are on the way, or something was lost.
        self._suspects: dict[str, FileRecord] = {}
        #: Once everything up to this message is counted, nothing is on the way any more.
        self._up_to = FIRST

    def begin(self, *, now_s: float) -> None:
        """Restore what is missing on either side, and remember the records that disagree with SQL."""
        in_redis = self._records.read_all()
        # After the records: whatever moved one of them to where it was seen has an id up to this one.
        self._up_to = self._stream.newest_id()
        in_sql = self._history.sources.records()
        self._history.add_files(_unknown(in_redis, in_sql), {}, now_s=now_s)
        for file_id, record in in_sql.items():
            seen = in_redis.get(file_id)
            if seen is None or seen.generation < record.generation:
                self._records.replace(seen, replace(record, epoch=_next_epoch(seen, record)))
        self._suspects = {
            file_id: record for file_id, record in in_redis.items() if record.offset != _mark(record, in_sql)
        }
        self._forget_ended(in_redis, in_sql, now_s=now_s)

    def finish(self, *, counted_to: bytes, is_drained: bool) -> None:
        """
        Send collectors to the mark wherever a record still disagrees, once all it can have shipped is counted.

        Args:
            counted_to: id of the last message that was counted.
            is_drained: nothing waited when the stream was read last.
        """
        if not self._suspects or not (is_drained or id_order(counted_to) >= id_order(self._up_to)):
            return
        in_sql = self._history.sources.records()
        for file_id, seen in self._suspects.items():
            record = in_sql.get(file_id)
            if record and record.generation == seen.generation and record.offset != seen.offset:
                mended = replace(record, epoch=_next_epoch(seen, record), path=seen.path)
                # A collector that went on since then is refused: its record is not the one that was seen.
                self._records.replace(seen, mended)
        self._suspects = {}

    def _forget_ended(self, in_redis: dict[str, FileRecord], in_sql: dict[str, FileRecord], *, now_s: float) -> None:
        ended = {f: r for f, r in in_redis.items() if r.ended and r.offset == _mark(r, in_sql)}
        for file_id in self._history.sources.quiet(list(ended), before_s=now_s - ENDED_S) if ended else ():
            self._history.sources.mark_ended(file_id)
            self._records.remove_ended(ended[file_id])


def _unknown(in_redis: dict[str, FileRecord], in_sql: dict[str, FileRecord]) -> list[FileRecord]:
    return [r for f, r in in_redis.items() if f not in in_sql or in_sql[f].generation < r.generation]


def _mark(record: FileRecord, in_sql: dict[str, FileRecord]) -> int:
    """Where SQL stands; where reading began for what it has only just heard of."""
    known = in_sql.get(record.file_id)
    return known.offset if known and known.generation == record.generation else record.first_offset


def _next_epoch(seen: FileRecord | None, record: FileRecord) -> int:
    """Above all epochs there were: a batch of before must not rewind what comes after."""
    return max(seen.epoch if seen else 0, record.epoch) + 1
