"""
Viewer: the slot of one open socket. It never holds more than a few messages, however slow the browser: what is too much
is left out, and a snapshot follows when the browser has caught up.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

#: Deltas on their way at most: at ten a second this is 0.8 s of round trip, as every fourth is acknowledged.
WINDOW = 12
#: The same in characters: what is on its way lies in buffers of this process, once for each browser.
WINDOW_CHARS = 256 * 1024
#: A browser acknowledges with each beat, and when it has taken in so many deltas (static/js/feed.js).
ACKNOWLEDGE_EVERY = 4
#: A browser that owes an acknowledgement for this long is gone.
DEAD_AFTER_S = 10.0

#: Makes a snapshot: its seq and its text.
MakeSnapshot = Callable[[], tuple[int, str]]


class Viewer:
    """One socket's outgoing texts. `clock` counts seconds and never goes back."""

    def __init__(self, *, make_snapshot: MakeSnapshot, clock: Callable[[], float]) -> None:
        self._make_snapshot = make_snapshot
        self._clock = clock
        #: (seq of a delta or -1, text).
        self._texts: deque[tuple[int, str]] = deque()
        self._wake = asyncio.Event()
        #: (seq, when it was given out, characters), oldest first.
        self._owed: deque[tuple[int, float, int]] = deque()
        self._owed_chars = 0
        #: Deltas were left out: only a snapshot helps.
        self._is_stale = False
        #: seq of the snapshot that is on its way; -1 for none.
        self._snapshot_seq = -1

    def send_snapshot(self) -> None:
        """Everything, anew; what waits is of no use any more."""
        self._texts.clear()
        self._owed.clear()
        self._owed_chars = 0
        self._is_stale = False
        self._snapshot_seq, text = self._make_snapshot()
        self._put(self._snapshot_seq, text)
        # A snapshot has to go, however large: it takes no room from what follows.
        self._owed.append((self._snapshot_seq, self._clock(), 0))

    def offer_delta(self, seq: int, text: str) -> None:
        """The next delta, if there is room for it."""
        if self._is_stale:
            return
        if len(self._owed) >= WINDOW or (self._owed_chars and self._owed_chars + len(text) > WINDOW_CHARS):
            self._is_stale = True
            return
        self._put(seq, text)
        self._owed.append((seq, self._clock(), len(text)))
        self._owed_chars += len(text)

    def offer_beat(self, text: str) -> None:
        """A proof of life. Not for a stale picture: that one is not alive."""
        if not self._is_stale and len(self._texts) <= WINDOW:
            self._put(-1, text)

    def acknowledge(self, seq: int) -> None:
        """The browser has drawn everything up to `seq`."""
        while self._owed and self._owed[0][0] <= seq:
            self._owed_chars -= self._owed.popleft()[2]
        if seq >= self._snapshot_seq:
            self._snapshot_seq = -1
        # It has caught up: fewer than these it does not acknowledge by themselves.
        if self._is_stale and len(self._owed) < ACKNOWLEDGE_EVERY:
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
        return (await self.next_message())[1]

    async def next_message(self) -> tuple[int, str]:
        """The same, with the seq that acknowledges it; -1 where nothing has to be acknowledged."""
        while not self._texts:
            self._wake.clear()
            await self._wake.wait()
        return self._texts.popleft()

    def _put(self, seq: int, text: str) -> None:
        self._texts.append((seq, text))
        self._wake.set()
