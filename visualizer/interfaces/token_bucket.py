"""A token bucket: so many at once, so many a second."""

from __future__ import annotations

from collections.abc import Callable


class TokenBucket:
    """Starts full. `clock` counts seconds and never goes back."""

    def __init__(self, *, burst: float, per_s: float, clock: Callable[[], float]) -> None:
        self._burst = burst
        self._per_s = per_s
        self._clock = clock
        self._tokens = burst
        self._at_s = clock()

    def take(self, cost: float = 1) -> bool:
        """Take tokens; False when there are too few."""
        now_s = self._clock()
        self._tokens = min(self._burst, self._tokens + (now_s - self._at_s) * self._per_s)
        self._at_s = now_s
        if self._tokens < cost:
            return False
        self._tokens -= cost
        return True
