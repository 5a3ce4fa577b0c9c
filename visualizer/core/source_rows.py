"""Joins, finds, sorts and pages the files of the page about sources: ten thousand of them are asked for often."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from collector.models.file_status import QUIET, READING, RESTS, FileStatus
from visualizer.models.source_row import PROBLEM_STATES, ROW_STATES, UNFOLLOWED, UNKNOWN, SourceRow

PAGE_ROWS = 100
#: Name in the address → what is compared, and whether the largest comes first.
SORTS: dict[str, tuple[Callable[[SourceRow], Any], bool]] = {
    "state": (lambda row: ROW_STATES.index(row.state), False),
    "path": (lambda row: row.status.path, False),
    "size": (lambda row: row.status.size_bytes, True),
    "lag": (lambda row: row.status.lag_bytes, True),
    # Those behind for the longest time first, those behind for no time last.
    "behind": (lambda row: row.status.behind_since_s or float("inf"), False),
    "rate": (lambda row: row.status.lines_per_s, True),
    "format": (lambda row: row.status.format, False),
    "lost": (lambda row: row.lost_bytes, True),
    "last": (lambda row: row.status.last_line_s, True),
}
FIRST_SORT = "state"


@dataclass(frozen=True, slots=True)
class SourcePage:
    """One page of the rows that were found."""

    #: What is shown.
    rows: Sequence[SourceRow]
    #: How many were found, and how many there are.
    found: int
    total: int
    #: From 1; the last one there is when a later one was asked for.
    number: int
    #: How many pages there are, at least 1.
    pages: int


def join_rows(
    said: Mapping[str, Collection[FileStatus]], stored: Iterable[FileStatus], lost_bytes: Mapping[str, int]
) -> list[SourceRow]:
    """
    One row a file.

    Args:
        said: collector id → what it says of its files; of two that name one file, the later one is believed.
        stored: what SQL knows of each file that has not ended.
        lost_bytes: file id → bytes.
    """
    by_file: dict[str, SourceRow] = {}
    for collector_id, statuses in said.items():
        for status in statuses:
            lost = lost_bytes.get(status.file_id, 0)
            by_file[status.file_id or f"{collector_id} {status.path}"] = SourceRow(
                status, _state(status), collector_id, lost
            )
    for status in stored:
        if status.file_id not in by_file:
            by_file[status.file_id] = SourceRow(status, UNFOLLOWED, "", lost_bytes.get(status.file_id, 0))
    return list(by_file.values())


def find_rows(rows: Iterable[SourceRow], *, words: str, only_problems: bool) -> list[SourceRow]:
    """Rows in which every word stands somewhere: in path, state, reason, format or collector."""
    wanted = words.casefold().split()
    found = []
    for row in rows:
        if only_problems and row.state not in PROBLEM_STATES:
            continue
        if wanted:
            status = row.status
            text = " ".join((status.path, row.state, status.reason, status.format, row.collector_id)).casefold()
            if not all(word in text for word in wanted):
                continue
        found.append(row)
    return found


def page_of(rows: list[SourceRow], *, total: int, sort: str, backwards: bool, number: int) -> SourcePage:
    """The rows in order, those of one page."""
    key, largest_first = SORTS[sort]
    # Equal ones: the furthest behind first, then by path, whichever way the column is sorted.
    ordered = sorted(rows, key=lambda row: (-row.status.lag_bytes, row.status.path))
    ordered.sort(key=key, reverse=largest_first != backwards)
    pages = max(1, -(-len(rows) // PAGE_ROWS))
    number = min(max(1, number), pages)
    return SourcePage(ordered[(number - 1) * PAGE_ROWS : number * PAGE_ROWS], len(rows), total, number, pages)


def _state(status: FileStatus) -> str:
    if status.state in (READING, QUIET) and status.complaint and not status.format:
        return UNKNOWN
    return status.state if status.state in ROW_STATES else RESTS
