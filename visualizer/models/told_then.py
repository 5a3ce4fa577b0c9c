"""ToldThen: what a panel tells of a time that is over, and what of it is not kept."""

from __future__ import annotations

from dataclasses import dataclass

#: What is known of now alone, and left out of a panel that tells of then; in the order in which it is said.
RUNNING = "running"
STANDSTILLS = "standstills"
DEPTHS = "depths"
TROUBLES = "troubles"
EVIDENCE = "evidence"
BLAST = "blast"
FINDINGS = "findings"
LINES = "lines"


@dataclass(frozen=True, slots=True)
class ToldThen:
    """What a panel tells of a time that is over. Times are unix seconds."""

    at_s: int
    #: What its numbers are of: the minute before, or one bucket where only wider ones are kept.
    from_s: int
    until_s: int
    #: Width of these buckets, seconds.
    width_s: int
    #: What its chart shows: an hour around it, or more where only wide buckets are kept; nothing that is yet to come.
    chart_from_s: int
    chart_until_s: int
    #: What is not told, as it is not kept: constants above.
    left_out: tuple[str, ...]
    #: Was any failure of then thrown away for newer ones?
    failures_gone: bool
