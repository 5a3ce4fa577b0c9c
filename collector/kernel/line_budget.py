"""LineBudget: how many of the newest lines may be kept whole. They are to look at, so a second's worth is enough."""

from __future__ import annotations

import time

#: For all sources of a process together.
LINES_PER_S = 20.0
#: What one source may take at once.
MOST_AT_ONCE = 20


class LineBudget:
    """A bucket that fills with time up to what a second brings; what is taken beyond that has to be waited for."""

    def __init__(self) -> None:
        self._left = LINES_PER_S
        self._filled_at = time.monotonic()

    def most(self) -> int:
        """How many lines the next source may take."""
        now = time.monotonic()
        self._left = min(LINES_PER_S, self._left + (now - self._filled_at) * LINES_PER_S)
        self._filled_at = now
        return max(0, min(MOST_AT_ONCE, int(self._left)))

    def spend(self, lines: int) -> None:
        """So many were taken."""
        self._left -= lines
