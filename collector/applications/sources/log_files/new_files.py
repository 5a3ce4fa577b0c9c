"""
NewFiles: files nobody has seen before and that are like no other, which is what nearly all new files are, get their
records many in one round trip. What is left is Settling's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from collector.applications.sources.log_files.copies import Copies
from collector.applications.sources.log_files.followed_file import FollowedFile
from collector.applications.sources.log_files.identity import Identity
from collector.io.log_file import last_line_start, read_head, read_tail_hash
from collector.io.open_files import OpenFiles
from collector.models.errors import StoreUnavailable
from collector.models.file_record import FileRecord
from collector.models.ingest_answer import Answer, IngestAnswer
from collector.repo.file_records import FileRecords

#: Made in one script call: Redis stops for some milliseconds.
AT_ONCE = 200


def known(answer: IngestAnswer) -> IngestAnswer:
    """
    The answer, unless Redis is not to be believed.

    Raises:
        StoreUnavailable: no rollup has made it ready.
    """
    if answer.answer is Answer.WAIT:
        raise StoreUnavailable("waiting for a rollup: none has made Redis ready")
    return answer


class NewFiles:
    """Part of Settling, in the same task."""

    def __init__(
        self,
        *,
        identity: Identity,
        records: FileRecords,
        open_files: OpenFiles,
        copies: Copies,
        settle: Callable[[FollowedFile, FileRecord], None],
    ) -> None:
        """
        Args:
            settle: gives a file its record.
        """
        self._identity = identity
        self._records = records
        self._open_files = open_files
        self._copies = copies
        self._settle = settle

    async def make(self, files: Sequence[FollowedFile]) -> None:
        """
        Make records for those of the files that are new and like no other.

        Raises:
            StoreUnavailable: also while no rollup has made Redis ready.
        """
        for begin in range(0, len(files), AT_ONCE):
            found = [(file, record) for file in files[begin : begin + AT_ONCE] if (record := self._record(file))]
            heads = Counter(record.head_hash for _, record in found)
            unique = [(file, record) for file, record in found if heads[record.head_hash] == 1]
            for shard in {self._identity.shard(record) for _, record in unique}:
                await self._make(shard, [each for each in unique if self._identity.shard(each[1]) == shard])

    async def _make(self, shard: int, files: Sequence[tuple[FollowedFile, FileRecord]]) -> None:
        answers = await self._records.make_all(shard, [record for _, record in files])
        for (file, record), answer in zip(files, answers, strict=True):
            self._identity.notice(record)
            if known(answer).answer is Answer.OK and file.record is None and file in self._copies.table:
                self._settle(file, record)

    def _record(self, file: FollowedFile) -> FileRecord | None:
        """The record to make; None when there is more to it."""
        if file.former is not None or file.believed is not None or file.gone_since is not None or file.unreadable:
            return None
        if self._identity.is_too_old(file) or self._copies.spans_devices:
            return None
        try:
            descriptor = self._open_files.get(file.key, file.path)
            head = read_head(descriptor)
            if head is None:
                return None
            blank = self._identity.blank(file, head)
            if self._identity.knows(blank) or self._copies.know_head(blank.head_hash):
                return None
            start = last_line_start(descriptor) if self._identity.begins_at_end(file) else 0
            return replace(blank, offset=start, first_offset=start, tail_hash=read_tail_hash(descriptor, start))
        except OSError:
            return None
