"""What `report` says: HistoryReport, its JSON form."""

from __future__ import annotations

import msgspec


class ReportEntry(msgspec.Struct, frozen=True, order=True):
    """How often an event was seen in one way."""

    #: App key: "simple_example.0x30".
    app: str
    #: Event with its stage; a plugin's event as "basic_auth.0x30.login".
    event: str
    #: START | DONE | FAILED | IGNORED.
    status: str
    #: How often.
    count: int


class ReportBytes(msgspec.Struct, frozen=True):
    """Two independent sums that must agree: read = parsed + skipped + dropped."""

    #: Σ (high water − first offset) over the sources.
    read: int
    #: Bytes of lines that are executions.
    parsed: int
    #: Bytes of lines that are something else, by reason in `skipped`.
    skipped: int
    #: Bytes of batches that could not be read.
    dropped: int


class HistoryReport(msgspec.Struct, frozen=True):
    """What SQL holds."""

    #: Executions, sorted.
    entries: list[ReportEntry]
    #: Reason → lines that are no executions.
    skipped: dict[str, int]
    #: Reason → bytes that were gone before they could be read, at least.
    lost: dict[str, int]
    #: Where the bytes went.
    bytes: ReportBytes
