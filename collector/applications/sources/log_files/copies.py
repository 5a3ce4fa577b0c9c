"""Copies: which file is a copy of which. A copy made by copytruncate, or a replacement, goes on where reading was."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator

from collector.applications.sources.log_files.file_table import FileTable
from collector.applications.sources.log_files.followed_file import FollowedFile
from collector.io.log_file import describes, is_prefix, read_head, read_tail_hash
from collector.io.log_paths import is_sibling_name
from collector.io.open_files import OpenFiles
from collector.models.file_record import FileRecord, content_hash, shard_of
from collector.repo.file_records import FileRecords


class Copies:
    """Compares files by content; only files whose names belong together are compared."""

    def __init__(
        self, known: Iterable[FileRecord], *, table: FileTable, open_files: OpenFiles, records: FileRecords, shards: int
    ) -> None:
        """
        Args:
            known: all records there are at the start: the originals of copies may be gone.
        """
        #: All files.
        self.table = table
        self._open_files = open_files
        self._records = records
        self._shards = shards
        self._known: defaultdict[str, dict[str, FileRecord]] = defaultdict(dict)
        self._settled: defaultdict[str, set[FollowedFile]] = defaultdict(set)
        for record in known:
            self.remember(record)

    @property
    def spans_devices(self) -> bool:
        """Whether files of more than one device are followed: only then two of them can share an id."""
        return len(self.table.devices) > 1

    def remember(self, record: FileRecord) -> None:
        """Keep in mind that a file with this head was read."""
        self._known[record.head_hash][record.file_id] = record

    def settled(self, file: FollowedFile, record: FileRecord) -> None:
        """Keep in mind that this file is read now."""
        self._settled[record.head_hash].add(file)

    def know_head(self, head_hash: str) -> bool:
        """Whether any other file is known that begins like this."""
        if self._settled.get(head_hash) or self._known.get(head_hash):
            return True
        return any(other.former is not None and other.former.head_hash == head_hash for other in self.table.leaving)

    def is_followed(self, blank: FileRecord, *, other_than: FollowedFile) -> bool:
        """Whether another live file has this id."""
        return any(
            file is not other_than and record.file_id == blank.file_id
            for file, record in self._followed(blank.head_hash)
        )

    def of(self, file: FollowedFile, former: FileRecord) -> Iterator[FollowedFile]:
        """Files without a record of their own that hold the content this file had."""
        for other in self.table:
            if other is file or other.record is not None or not _belongs(other.shown_path, former.path):
                continue
            try:
                descriptor = self._open_files.get(other.key, other.path)
                head = read_head(descriptor)
                if head is None or content_hash(head) != former.head_hash or not describes(former, descriptor):
                    continue
            except OSError:
                continue
            yield other

    def shorter(self, file: FollowedFile, former: FileRecord) -> Iterator[FollowedFile]:
        """Files without a record that hold the content this file had, but end before where it was read."""
        for other in self.table:
            if other is file or other.record is not None or not _belongs(other.shown_path, former.path):
                continue
            try:
                descriptor = self._open_files.get(other.key, other.path)
                head, size_bytes = read_head(descriptor), os.fstat(descriptor).st_size
                if head is None or content_hash(head) != former.head_hash or size_bytes >= former.offset:
                    continue
                within = [anchor for anchor in file.anchors if anchor[0] <= size_bytes]
                # Without one, the first batch already went beyond the copy: its first line has to do.
                if file.anchors and (not within or read_tail_hash(descriptor, within[-1][0]) == within[-1][1]):
                    yield other
            except OSError:
                continue

    def is_unclear(self, file: FollowedFile, blank: FileRecord) -> bool:
        """Whether a file that may be its original is about to change or to be read to its end: wait for that."""
        for other in self.table.leaving:
            former = other.former
            if former is not None and former.head_hash == blank.head_hash and _belongs(file.shown_path, former.path):
                return True
        for other, record in self._originals(file, blank):
            descriptor = self._descriptor(other)
            if descriptor is not None and not describes(record, descriptor):
                return True
            if other.gone_since is not None and descriptor is not None:
                # Nobody looks at it any more, so it may have grown unseen.
                other.seen_bytes = max(other.seen_bytes, os.fstat(descriptor).st_size)
                if other.waiting_bytes:
                    return True
        return False

    def original_of(self, file: FollowedFile, descriptor: int, blank: FileRecord) -> FileRecord | None:
        """The record of a file that begins with everything this one holds, and goes on."""
        for other, record in self._originals(file, blank):
            original = self._descriptor(other)
            goes_on = other.gone_since is None or not describes(record, descriptor)
            if original is not None and goes_on and is_prefix(descriptor, original):
                return record
        return None

    async def origin_of(
        self, file: FollowedFile, descriptor: int, blank: FileRecord, *, beyond: int = 0
    ) -> FileRecord | None:
        """The record of an original that is gone, where reading it ended; None when that is not beyond the offset."""
        origins: list[FileRecord] = []
        followed = self._followed(blank.head_hash)
        for other, record in followed:
            is_gone = other is not file and other.gone_since is not None
            if is_gone and _belongs(file.shown_path, record.path) and describes(record, descriptor):
                origins.append(record)
        live = {record.file_id for _, record in followed} | {blank.file_id}
        for known in list(self._known[blank.head_hash].values()):
            # Another host may have a file of this name with the same banner on top.
            is_ours = known.host_id in ("", blank.host_id) and known.file_id not in live
            if is_ours and _belongs(file.shown_path, known.path):
                (now,) = await self._records.read(shard_of(known.file_id, self._shards), [known.file_id])
                if now is not None and describes(now, descriptor):
                    origins.append(now)
        # A file that was replaced again and again was read furthest in its last form.
        furthest = max(origins, key=lambda record: record.offset, default=None)
        return furthest if furthest is not None and furthest.offset > beyond else None

    def _followed(self, head_hash: str) -> list[tuple[FollowedFile, FileRecord]]:
        found = []
        for file in list(self._settled[head_hash]):
            if file.record is not None and file.record.head_hash == head_hash and file in self.table:
                found.append((file, file.record))
            else:
                self._settled[head_hash].discard(file)
        return found

    def _originals(self, file: FollowedFile, blank: FileRecord) -> list[tuple[FollowedFile, FileRecord]]:
        return [
            (other, record)
            for other, record in self._followed(blank.head_hash)
            if other is not file and _belongs(file.shown_path, record.path)
        ]

    def _descriptor(self, file: FollowedFile) -> int | None:
        try:
            return self._open_files.get(file.key, file.path)
        except OSError:
            return None


def _belongs(copy_path: str, original_path: str) -> bool:
    return copy_path == original_path or is_sibling_name(copy_path, original_path)
