"""An Inspection as a table for people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from collector.core.labels import printable
from collector.models.activity import Status
from collector.models.inspection import Inspection

#: More files are only counted; what is wrong with single ones is said anyway.
MAX_FILES = 20


def inspection_table(inspection: Inspection) -> str:
    """Files, then a row an event, then what is no entry and why."""
    lines = sum(file.lines for file in inspection.files)
    size_bytes = sum(file.bytes for file in inspection.files)
    parts = [_files(inspection), _unknown(inspection), _entries(inspection)]
    if inspection.skipped:
        reasons = " · ".join(f"{reason} {n:,}" for reason, n in inspection.skipped.items())
        parts.append(f"No entries: {reasons}")
    parts.append(
        f"{lines:,} lines, {size_bytes:,} bytes in {len(inspection.files)} files, {inspection.lines_per_s:,} lines/s"
    )
    return "\n\n".join(part for part in parts if part)


def _files(inspection: Inspection) -> str:
    # The fullest first: the empty ones say least.
    files = sorted(inspection.files, key=lambda file: -file.bytes)
    rows = [
        (printable(f.path), f.format or "–", f"{f.confidence:.0%}", f"{f.lines:,}", f"{f.bytes:,}")
        for f in files[:MAX_FILES]
    ]
    table = _table(("File", "Format", "Confidence", "Lines", "Bytes"), rows, left=2)
    more = len(files) - MAX_FILES
    return f"{table}\n… and {more} more" if more > 0 else table


def _unknown(inspection: Inspection) -> str:
    unknown = [file for file in inspection.files if file.first_lines]
    blocks = [
        "\n".join([f"{printable(file.path)} begins with", *(f"  {line}" for line in file.first_lines)])
        for file in unknown[:MAX_FILES]
    ]
    return "\n".join(blocks)


def _entries(inspection: Inspection) -> str:
    by_event: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for entry in inspection.entries:
        by_event[entry.app, entry.event][entry.status] = entry.count
    names = [status.name for status in Status]
    rows = [(*event, *(f"{n[name]:,}" if name in n else "·" for name in names)) for event, n in by_event.items()]
    return _table(("App", "Event", *names), rows, left=2)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], *, left: int) -> str:
    if not rows:
        return ""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (head, *rows)
    )
