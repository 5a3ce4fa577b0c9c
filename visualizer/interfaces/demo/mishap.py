"""Something that goes wrong about once in a while, and for how long things are slow."""

from __future__ import annotations

import random
import time
from collections.abc import Callable


class Mishap:
    """Happens once when its time has come; the next time is `every_s` later, ± 20 %."""

    def __init__(
        self, *, first_s: float, every_s: float, clock: Callable[[], float] = time.monotonic, seed: int | None = None
    ) -> None:
        """
        Args:
            first_s: when it happens first, seconds from now: soon enough for somebody who just started the demo.
        """
        self._clock, self._every_s = clock, every_s
        self._dice = random.Random(seed)  # noqa: S311 – it only makes traffic
        self._next_s = clock() + first_s

    def happens(self) -> bool:
        """Whether it happens now."""
        if self._clock() < self._next_s:
            return False
        self._next_s = self._clock() + self._every_s * self._dice.uniform(0.8, 1.2)
        return True


class SlowSpell:
    """A time of slowness that begins anew every `every_s` and lasts `lasts_s`."""

    def __init__(
        self, *, first_s: float, every_s: float, lasts_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock, self._every_s, self._lasts_s = clock, every_s, lasts_s
        self._began_s = clock() + first_s

    def lasts(self) -> bool:
        """Whether things are slow now."""
        since_s = self._clock() - self._began_s
        return since_s >= 0 and since_s % self._every_s < self._lasts_s
