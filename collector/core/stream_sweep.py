"""StreamSweep: which streams a broker has, found by steps of SCAN that may take several polls."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: Streams that are looked at: each costs two questions a poll.
MOST_STREAMS = 1000
#: A longer name would only fill Redis and browsers.
_MOST_NAME_BYTES = 512
#: Eventscope's own, where its Redis is the broker's (collector/models/redis_keys.py).
_OWN = re.compile(rb"\{s\d\d\}:(batches|live)")


class StreamSweep:
    """A sweep goes over all keys once; what the last whole one did not meet is gone."""

    def __init__(self) -> None:
        #: Where SCAN goes on.
        self.cursor = 0
        self._swept: set[bytes] = set()
        self._known: set[bytes] = set()

    @property
    def names(self) -> list[bytes]:
        """Keys of the streams that are looked at, in order."""
        return sorted(self._known)[:MOST_STREAMS]

    @property
    def left_out(self) -> int:
        """How many more there are."""
        return max(0, len(self._known) - MOST_STREAMS)

    def take(self, cursor: int, names: Iterable[bytes]) -> None:
        """Take the answer to one SCAN."""
        found = {name for name in names if len(name) <= _MOST_NAME_BYTES and not _OWN.fullmatch(name)}
        self._swept |= found
        self._known |= found
        self.cursor = cursor
        if cursor == 0:
            self._known, self._swept = self._swept, set()
