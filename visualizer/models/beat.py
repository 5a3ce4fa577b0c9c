"""Beat: how an app did in half a minute, as the cards and the phone show it."""

from __future__ import annotations

from dataclasses import dataclass

#: Seconds of a beat, and how many are shown: the last sixteen minutes.
BEAT_S = 30
BEATS = 32


@dataclass(frozen=True, slots=True)
class Beat:
    """BEAT_S seconds of an app."""

    #: Runs that ended.
    runs: int = 0
    #: Those that failed.
    failed: int = 0
