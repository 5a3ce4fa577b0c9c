"""When the topology is asked for: hosts declare something else, or something was seen for the first time."""

from __future__ import annotations

import time
from collections.abc import Callable

#: A topology nobody could be asked for is asked for again.
RETRY_S = 30.0


class TopologyRequests:
    """What a rollup asks the worker for."""

    def __init__(self, ask: Callable[[], bool]) -> None:
        """Args: ask: False when nobody could be asked."""
        self._ask = ask
        self._seen: tuple[bytes | None, int, int] = (None, 0, 0)
        self._is_old = True
        #: By the monotonic clock.
        self._due = 0.0

    def begin(self) -> None:
        """Ask at the next look, whatever is seen."""
        self._is_old, self._due = True, 0.0

    def look(self, config_version: bytes | None, newest_activity: int, calls: int) -> None:
        """Ask where anything is otherwise than when it was asked for last. Args: calls: how many are known."""
        seen, now = (config_version, newest_activity, calls), time.monotonic()
        if (seen != self._seen or self._is_old) and now >= self._due:
            self._is_old, self._seen = not self._ask(), seen
            self._due = now + RETRY_S if self._is_old else now
