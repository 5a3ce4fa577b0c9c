"""
Viewer: the slot of one open socket. It never holds more than a few messages, however slow the browser: what is too much
is left out, and a snapshot follows when the browser has caught up.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

#: Deltas on their way at most: at ten a second this is 0.8 s of round trip.
WINDOW = 8
#: A browser that owes an acknowledgement for this long is gone.
DEAD_AFTER_S = 15.0

#: Makes a snapshot: its seq and its text.
MakeSnapshot = Callable[[], tuple[int, str]]


class Viewer:
    """One socket's outgoing texts. `clock` counts seconds and never goes back."""

    def __init__(self, *, make_snapshot: MakeSnapshot, clock: Callable[[], float]) -> None:
        self._make_snapshot = make_snapshot
        self._clock = clock
        self._texts: deque[str] = deque()
        self._wake = asyncio.Event()
        #: (seq, when it was given out), oldest first.
        self._owed: deque[tuple[int, float]] = deque()
        #: Deltas were left out: only a snapshot helps.
        self._is_stale = False
        #: seq of the snapshot that is on its way; -1 for none.
        self._snapshot_seq = -1

    def send_snapshot(self) -> None:
        """Everything, anew; what waits is of no use any more."""
        self._texts.clear()
        self._owed.clear()
        self._is_stale = False
        self._snapshot_seq, text = self._make_snapshot()
        self._put(text)
        self._owed.append((self._snapshot_seq, self._clock()))

    def offer_delta(self, seq: int, text: str) -> None:
        """The next delta, if there is room for it."""
        if self._is_stale:
            return
        if len(self._owed) >= WINDOW:
            self._is_stale = True
            return
        self._put(text)
        self._owed.append((seq, self._clock()))

    def offer_beat(self, text: str) -> None:
        """A proof of life. Not for a stale picture: that one is not alive."""
        if not self._is_stale and len(self._texts) <= WINDOW:
            self._put(text)

    def acknowledge(self, seq: int) -> None:
        """The browser has drawn everything up to `seq`."""
        while self._owed and self._owed[0][0] <= seq:
            self._owed.popleft()
        if seq >= self._snapshot_seq:
            self._snapshot_seq = -1
        if self._is_stale and not self._owed:
            self.send_snapshot()

    def resync(self) -> None:
        """The browser asks for a snapshot; one that is on its way is enough."""
        if self._snapshot_seq < 0:
            self.send_snapshot()

    @property
    def is_dead(self) -> bool:
        """Has the browser owed an acknowledgement for too long?"""
        return bool(self._owed) and self._clock() - self._owed[0][1] > DEAD_AFTER_S

    async def next_text(self) -> str:
        """The next text to send; waits for it."""
        while not self._texts:
            self._wake.clear()
            await self._wake.wait()
        return self._texts.popleft()

    def _put(self, text: str) -> None:
        self._texts.append(text)
        self._wake.set()
