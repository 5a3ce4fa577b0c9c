"""SourceRow: one log file as the page about sources shows it: what its collector says, joined with what SQL holds."""

from __future__ import annotations

from dataclasses import dataclass, field

from collector.models.file_status import GONE, QUIET, READING, RESTS, UNREADABLE, WAITING, FileStatus

#: No format fits its lines.
UNKNOWN = "unknown format"
#: SQL knows it, and no collector says that it follows it.
UNFOLLOWED = "not followed"
#: All states, what people should look at first.
ROW_STATES = (UNREADABLE, UNKNOWN, WAITING, UNFOLLOWED, GONE, READING, QUIET, RESTS)
#: Of these, the ones that want somebody to do something.
PROBLEM_STATES = frozenset({UNREADABLE, UNKNOWN, WAITING})


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One file. Texts are untrusted."""

    #: What the collector says; of a file nobody follows, what SQL knows in the same shape.
    status: FileStatus
    #: One of ROW_STATES.
    state: str
    #: Id of the collector; "" when nobody follows it.
    collector_id: str = ""
    #: Bytes that were gone before they could be read, over all its generations.
    lost_bytes: int = 0

    @property
    def is_problem(self) -> bool:
        """Whether somebody should do something."""
        return self.state in PROBLEM_STATES

    def lag_s(self, now_s: float) -> float:
        """For how long its oldest unread byte waits, seconds; 0 for none."""
        since_s = self.status.behind_since_s
        return max(0.0, now_s - since_s) if since_s and self.status.lag_bytes else 0.0


@dataclass(frozen=True, slots=True)
class SourceCounts:
    """What SQL holds of one file, over all its generations."""

    #: Lines that became entries.
    parsed_lines: int = 0
    #: Reason → lines that are none.
    skipped_lines: dict[str, int] = field(default_factory=dict)
    #: Reason → lines of batches that could not be decoded.
    dropped_lines: dict[str, int] = field(default_factory=dict)
    #: Reason → bytes gone before they could be read.
    lost_bytes: dict[str, int] = field(default_factory=dict)
