"""FollowedFile: what this process knows of one file on disk. All of it is found again from the file and its record."""

from __future__ import annotations

from dataclasses import dataclass, field

from collector.io.log_file import CHUNK_BYTES
from collector.io.log_paths import FoundFile
from collector.models.file_record import FileRecord

#: No first line yet, or a rotated file from before our time: until it changes.
NO_LINE, TOO_OLD = "no line", "too old"
#: A copy, perhaps, of a file that is still read; or one whose record in Redis cannot be true: until the next look.
COPY, STRANGE_RECORD = "copy", "strange record"

#: At least this far apart, and further the further in the file: some dozens are enough for any file.
ANCHORS_APART_BYTES = 64 * 1024


@dataclass(slots=True, eq=False)
class FollowedFile:
    """One (device, inode). Changed by the files' table, by Settling and by the reading worker, never by two at once."""

    #: Where it was last seen, as the operating system spells it.
    path: str
    #: (device, inode).
    key: tuple[int, int]
    #: The largest size seen of this content.
    seen_bytes: int
    #: Unix time of its last change, seconds.
    modified_s: float
    #: Found beside a matched name, not by a pattern.
    sibling: bool
    #: It was there when this process looked for the first time.
    from_start: bool = False
    #: How far it is read; None until Settling has found out who it is.
    record: FileRecord | None = None
    #: Shard of the record.
    shard: int = 0
    #: The record of a content that is gone: truncated or rewritten.
    former: FileRecord | None = None
    #: How many bytes that content had, as far as this process saw it.
    former_bytes: int = 0
    #: What became of that content is found out and told.
    former_told: bool = False
    #: The record this process last shipped with, when Redis has lost it or has another one.
    believed: FileRecord | None = None
    #: Why it is not settled now, and when it is tried again; one of the four above.
    resting: str = ""
    #: It could not be opened or read; tried again at each look.
    unreadable: bool = False
    #: Its size as a copy of another file, and the monotonic time since which it has that, seconds.
    copy_bytes: int = -1
    copy_since: float = 0.0
    #: A worker has it in hand; `again` asks it to look once more.
    busy: bool = False
    again: bool = False
    #: The size it had when its content was last seen to be the record's.
    verified_bytes: int = 0
    #: The size at which nothing complete was left; -1 before.
    drained_bytes: int = -1
    #: Whole lines to read at once; halved when a batch of them is too large.
    limit_bytes: int = CHUNK_BYTES
    #: A longer line is not held in memory; by its format, once a line is longer than any format must take.
    max_line_bytes: int = 0
    #: An oversize line was looked through up to here.
    scanned_to: int = 0
    #: Places up to which this content was read, each with the hash before it: a copy may end before the last of them.
    anchors: list[tuple[int, str]] = field(default_factory=list)
    #: A copy of a content that is gone, which was read further than the copy goes.
    was_read: bool = False
    #: Monotonic time since which it is gone (or out of the patterns) and nothing new came, seconds.
    gone_since: float | None = None

    @property
    def shown_path(self) -> str:
        """The path as text that can be stored anywhere."""
        return self.path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")

    @property
    def waiting_bytes(self) -> int:
        """Bytes that are not shipped yet, an incomplete last line not counted."""
        if self.resting or self.unreadable or self.seen_bytes == self.drained_bytes:
            return 0
        return max(0, self.seen_bytes - (self.record.offset if self.record else 0))

    def found(self, found: FoundFile) -> bool:
        """Take over what a scan says; True when there may be something to read."""
        grown = found.size_bytes != self.seen_bytes or found.modified_s != self.modified_s
        self.path, self.sibling, self.modified_s = found.path, found.sibling, found.modified_s
        self.seen_bytes = max(self.seen_bytes, found.size_bytes)
        self.gone_since = None
        return grown

    def settle(self, record: FileRecord, shard: int) -> None:
        """This is the record to read on from."""
        self.record, self.shard, self.believed = record, shard, None
        self.former, self.former_told, self.was_read = None, False, False
        self.resting, self.scanned_to = "", 0
        self.anchors.clear()

    def shipped(self, record: FileRecord | None) -> None:
        """It is read up to this record's offset now."""
        self.record, self.scanned_to = record, 0
        if record is None:
            return
        apart_bytes = max(ANCHORS_APART_BYTES, record.offset // 8)
        if not self.anchors or record.offset - self.anchors[-1][0] >= apart_bytes:
            self.anchors.append((record.offset, record.tail_hash))

    def unsettle(self, *, believed: FileRecord | None = None) -> None:
        """Who it is has to be found out (again)."""
        self.record, self.believed, self.resting = None, believed, ""
        self.scanned_to, self.drained_bytes, self.max_line_bytes = 0, -1, 0

    def leave(self, former: FileRecord, *, former_bytes: int, size_bytes: int) -> None:
        """The content its record describes is gone; another one has begun."""
        self.unsettle()
        self.former, self.former_bytes, self.former_told = former, former_bytes, False
        self.seen_bytes, self.verified_bytes = size_bytes, 0
