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
        #: ours is made.
        self._known_ids = {record.file_id for record in known}
        self._records = records
        self._copies = copies

    def shard(self, record: FileRecord) -> int:
        """Where the record is kept."""
        return shard_of(record.file_id, self._beginning.shards)

    def notice(self, record: FileRecord) -> None:
        """There is a record of this id."""
        self._known_ids.add(record.file_id)

    async def find_record(self, file: FollowedFile, head: bytes) -> tuple[FileRecord, FileRecord | None]:
        """The record a file would begin with, and the one it has."""
        device, inode = file.key
        host_id = self._beginning.host_id
        # With the device in it, for the second of two live files that would share an id.
        hosts = (f"{host_id}\0device {device}", host_id)
        blanks = [
            FileRecord(
                file_id=make_file_id(host_id=host, inode=inode, first_line=head),
                head_bytes=len(head),
                head_hash=content_hash(head),
                path=file.shown_path,
                host_id=host_id,
            )
            for host in hosts
        ]
        own, plain = blanks
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
        if blank.file_id not in self._known_ids:
            return None
        return (await self._records.read(self.shard(blank), [blank.file_id]))[0]
