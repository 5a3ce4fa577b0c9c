"""ShippedSums: what the batches of one run said, added up: the exact summary of `collect --once`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from collector.models.activity import Status
from collector.models.batch import LogBatch


@dataclass(slots=True)
class ShippedSums:
    """Everything shipped so far."""

    #: Status name → lines.
    runs: Counter[str] = field(default_factory=Counter)
    #: Reason → lines that are no entries.
    skipped: Counter[str] = field(default_factory=Counter)
    #: Bytes of entries, and of the other lines.
    parsed_bytes: int = 0
    skipped_bytes: int = 0
    #: Bytes of the spans the batches were made of.
    read_bytes: int = 0
    #: Reason → bytes that were gone before they could be read.
    lost_bytes: Counter[str] = field(default_factory=Counter)
    #: Ids of the files.
    files: set[str] = field(default_factory=set)

    def add(self, batch: LogBatch, *, file_id: str, size_bytes: int) -> None:
        """A batch of the file is stored; it was made of so many bytes."""
        for status in Status:
            if lines := int(batch.counts.count[batch.counts.status == status].sum()):
                self.runs[status.name] += lines
        for reason, each in batch.skipped.items():
            self.skipped[reason] += each.lines
            self.skipped_bytes += each.size_bytes
        self.parsed_bytes += batch.counts.total_bytes
        self.read_bytes += size_bytes
        self.files.add(file_id)

    @property
    def lines(self) -> int:
        """All lines."""
        return self.runs.total() + self.skipped.total()

    @property
    def missing_bytes(self) -> int:
        """Bytes that were read and counted as nothing."""
        return self.read_bytes - self.parsed_bytes - self.skipped_bytes
