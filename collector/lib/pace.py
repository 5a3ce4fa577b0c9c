"""
How often connecting to one server is tried: what fails is not tried again before a pause with jitter is over, whoever
asks and however often. In between it fails at once, with the reason of the last try.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from collector.lib.backoff import next_try_s

#: A server that is back is found within this, seconds.
LONGEST_PAUSE_S = 3.0


class Pace:
    """The tries of all connections of one client."""

    def __init__(
        self, *, clock: Callable[[], float] = time.monotonic, random: Callable[[], float] = random.random
    ) -> None:
        #: Why the last try failed.
        self.reason = ""
        self._clock = clock
        self._random = random
        self._failures = 0
        self._next_at = 0.0

    @property
    def is_pausing(self) -> bool:
        """Whether it is too early for another try."""
        return self._clock() < self._next_at

    def failed(self, reason: str) -> None:
        """A try failed."""
        self.reason = reason
        self._failures += 1
        pause_s = next_try_s(self._failures, interval_s=0, longest_s=LONGEST_PAUSE_S, random=self._random)
        self._next_at = self._clock() + pause_s

    def worked(self) -> None:
        """A try worked."""
        self._failures, self._next_at = 0, 0.0
