"""Comparing: looks whether records have moved in Redis (a rewind, a rival, lost writes), and follows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from collector.applications.sources.log_files.file_table import FileTable
from collector.applications.sources.log_files.followed_file import FollowedFile
from collector.models.file_record import FileRecord
from collector.repo.file_records import FileRecords

#: In so many steps every record is compared once, whatever the marks say: one that was damaged by hand is seen, too.
STEPS = 15
#: Compared in each step at least: as cheap as asking at all.
LEAST = 100


class Comparing:
    """A rollup leaves a mark when it moves a record: as long as that is the same, a few records a step are enough."""

    def __init__(
        self,
        *,
        shards: int,
        table: FileTable,
        records: FileRecords,
        seek: Callable[[FollowedFile, FileRecord, FileRecord | None], None],
    ) -> None:
        """
        Args:
            seek: told of a file, its record as we know it and as it is in Redis.
        """
        self._shards = shards
        self._table = table
        self._records = records
        self._seek = seek
        self._marks: list[bytes | None] = []
        #: Files to compare, the next ones last.
        self._left: list[FollowedFile] = []

    async def step(self) -> None:
        """
        Compare all records when a mark has changed, else the next few.

        Raises:
            StoreUnavailable.
        """
        marks = await self._records.marks(self._shards)
        if marks != self._marks:
            await self.compare()
            self._marks = marks
            return
        if not self._left:
            self._left = list(self._table)
        many = max(LEAST, len(self._table) // STEPS + 1)
        files, self._left = self._left[-many:], self._left[:-many]
        await self._compare(files)

    async def compare(self) -> None:
        """
        Compare all records.

        Raises:
            StoreUnavailable.
        """
        await self._compare(list(self._table))

    async def _compare(self, files: Sequence[FollowedFile]) -> None:
        for shard in range(self._shards):
            known = {f.record.file_id: (f, f.record) for f in files if f.record and f.shard == shard}
            moved = await self._records.moved(shard, [record for _, record in known.values()])
            for file_id, now in moved.items():
                file, record = known[file_id]
                # One in hand is told by the answer to its batch; one that cannot be read is found by the next look.
                if file.record is record and not file.busy:
                    with suppress(OSError):
                        self._seek(file, record, now)
