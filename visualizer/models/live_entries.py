"""What ran in the last minute, as hopeit's visualizer asks for it: LiveEntries."""

from __future__ import annotations

from dataclasses import dataclass

from collector.models.activity import ActivityKey


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveEntries:
    """One activity in the last STATE_WINDOW_S, on the servers that were asked for."""

    #: What ran.
    key: ActivityKey
    #: Its entries START, FAILED and IGNORED.
    started: int = 0
    failed: int = 0
    ignored: int = 0
    #: Entries of any status in the last RATE_WINDOW_S.
    recent: int = 0
    #: Runs started and not ended, over all time.
    pending: int = 0
