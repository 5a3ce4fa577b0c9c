"""Identity: the id a file has and the record it has or would begin with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from collector.applications.sources.log_files.copies import Copies
from collector.applications.sources.log_files.followed_file import FollowedFile
from collector.models.file_record import FileRecord, content_hash, make_file_id, shard_of
from collector.repo.file_records import FileRecords


@dataclass(frozen=True, slots=True)
class Beginning:
    """What decides where reading a file begins that has no record."""

    #: In how many shards records are kept.
    shards: int
    #: Name of this machine in file ids.
    host_id: str
    #: EVENTSCOPE_READ_FROM=end.
    from_end: bool
    #: Unix time when a collector first started on this host, seconds.
    first_start_s: float
    #: Whether that is this very start.
    is_first_start: bool


class Identity:
    """One per process."""

    def __init__(
        self, beginning: Beginning, *, known: Iterable[FileRecord], records: FileRecords, copies: Copies
    ) -> None:
        """
        Args:
            known: all records there are at the start.
        """
        self._beginning = beginning
        #: Only these are asked for: a new file costs one call. A record somebody else made meanwhile is found out when
        #: ours is made. With the record where it was just read and nobody was given it yet.
        self._known: dict[str, FileRecord | None] = {record.file_id: record for record in known}
        self._records = records
        self._copies = copies

    def shard(self, record: FileRecord) -> int:
        """Where the record is kept."""
        return shard_of(record.file_id, self._beginning.shards)

    def notice(self, record: FileRecord) -> None:
        """There is a record of this id."""
        self._known[record.file_id] = None

    def knows(self, blank: FileRecord) -> bool:
        """Whether there may be a record of this id."""
        return blank.file_id in self._known

    def blank(self, file: FollowedFile, head: bytes, *, device: int | None = None) -> FileRecord:
        """
        The record a file would begin with.

        Args:
            device: to have it in the id, for the second of two live files that would share one.
        """
        host_id = self._beginning.host_id
        return FileRecord(
            file_id=make_file_id(
                host_id=host_id if device is None else f"{host_id}\0device {device}",
                inode=file.key[1],
                first_line=head,
            ),
            head_bytes=len(head),
            head_hash=content_hash(head),
            path=file.shown_path,
            host_id=host_id,
        )

    async def find_record(self, file: FollowedFile, head: bytes) -> tuple[FileRecord, FileRecord | None]:
        """The record a file would begin with, and the one it has."""
        own, plain = self.blank(file, head, device=file.key[0]), self.blank(file, head)
        if self._copies.spans_devices and (stored := await self._read(own)):
            return own, stored
        if self._copies.is_followed(plain, other_than=file):
            return own, None
        return plain, await self._read(plain)

    def is_too_old(self, file: FollowedFile) -> bool:
        """Whether it was rotated away before anybody asked us to read."""
        return file.sibling and file.modified_s < self._beginning.first_start_s

    def begins_at_end(self, file: FollowedFile) -> bool:
        """Whether only what comes from now on is read."""
        # A file that came after our first start is read whole: nobody chose to leave it out.
        start = self._beginning
        return start.from_end and ((start.is_first_start and file.from_start) or file.modified_s < start.first_start_s)

    async def _read(self, blank: FileRecord) -> FileRecord | None:
        if not self.knows(blank):
            return None
        known, self._known[blank.file_id] = self._known[blank.file_id], None
        if known is not None:
            return known
        return (await self._records.read(self.shard(blank), [blank.file_id]))[0]
