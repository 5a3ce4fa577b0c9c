"""Adds what single files say up to an Inspection."""

from __future__ import annotations

from collections import Counter

from collector.core.labels import printable
from collector.models.activity import Status
from collector.models.batch import LogBatch
from collector.models.inspection import InspectedEntry, InspectedFile, Inspection
from collector.models.recognition import Recognition


class InspectionBuilder:
    """One inspection in the making."""

    def __init__(self) -> None:
        self._files: list[InspectedFile] = []
        self._entries: Counter[tuple[str, str, int]] = Counter()
        self._skipped: Counter[str] = Counter()
        self._problems: list[str] = []

    def complain(self, problem: str) -> None:
        """Say why something is not seen."""
        self._problems.append(printable(problem))

    def begin_file(self, path: str, recognition: Recognition) -> InspectedFile:
        """A file that is about to be read."""
        file = InspectedFile(
            path=path,
            format=recognition.format or None,
            confidence=round(recognition.confidence, 3),
            bytes=0,
            lines=0,
            nearest=recognition.nearest,
            complaint=recognition.complaint,
            first_lines=recognition.first_lines,
        )
        self._files.append(file)
        if recognition.complaint:
            what = "has lines that are not counted" if recognition.format else "has no known format"
            near = "" if recognition.format else f"; the nearest is {recognition.nearest}"
            self.complain(f"{path} {what}: {recognition.complaint}{near}")
        return file

    def add(self, file: InspectedFile, batch: LogBatch, *, size_bytes: int) -> None:
        """The next lines of a file."""
        file.bytes += size_bytes
        file.lines += batch.lines
        for count in batch.counts:
            key = batch.keys[count.key]
            self._entries[key.app, key.event_label, count.status] += count.count
        for reason, skipped in batch.skipped.items():
            self._skipped[reason] += skipped.lines

    def build(self, *, elapsed_s: float) -> Inspection:
        """The inspection, with what is to be said of all files together."""
        lines = sum(file.lines for file in self._files)
        empty = sum(file.bytes == 0 for file in self._files)
        if empty:
            self.complain(f"{empty} of {len(self._files)} files are empty")
        if lines and not self._entries:
            self.complain(f"{lines} lines were read, and none is START, DONE, FAILED or IGNORED")
        entries = sorted(self._entries.items())
        return Inspection(
            files=self._files,
            entries=[InspectedEntry(app, event, Status(status).name, n) for (app, event, status), n in entries],
            skipped=dict(sorted(self._skipped.items())),
            lines_per_s=round(lines / elapsed_s) if elapsed_s > 0 else 0,
            problems=self._problems,
        )
