"""
ReadyQueue: files of one shard that may have something to read, each once, in the order they came. Those with little
are handed out many at once, those with much a chunk's worth at a time and in turn with the others, so that neither
waits long.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque

from collector.applications.sources.log_files.followed_file import FollowedFile
from collector.io.log_file import CHUNK_BYTES

#: A file with more waiting than this has much.
LITTLE_BYTES = 64 * 1024
#: Files with little that are handed out at once: one Lua call ships them all and takes Redis well under 10 ms.
AT_ONCE = 256


class ReadyQueue:
    """A file that has more goes to the end."""

    def __init__(self) -> None:
        self._little: OrderedDict[tuple[int, int], FollowedFile] = OrderedDict()
        self._much: OrderedDict[tuple[int, int], FollowedFile] = OrderedDict()
        self._is_turn_of_much = False
        #: Workers that wait: those that take anything, and those that take only files with little.
        self._free: deque[asyncio.Future[None]] = deque()
        self._free_for_little: deque[asyncio.Future[None]] = deque()
        #: A worker was woken and has not come yet; it takes what comes until then.
        self._is_woken = False
        self._is_closed = False
        self._given_back = asyncio.Event()
        #: Files that workers have in hand.
        self.in_hand = 0

    @property
    def is_idle(self) -> bool:
        """Nothing waits and nothing is in hand."""
        return not self._little and not self._much and not self.in_hand

    def put(self, file: FollowedFile) -> None:
        """Have the file read; one in hand is looked at once more."""
        if file.busy:
            file.again = True
            return
        if file.key in self._much or file.waiting_bytes > LITTLE_BYTES:
            # It may have had little when it came: in both it would be given to two workers at once.
            self._little.pop(file.key, None)
            self._much[file.key] = file
        else:
            self._little[file.key] = file
        if not self._is_woken:
            self._wake()

    async def take(self, *, only_little: bool) -> list[FollowedFile]:
        """The next ones, which `done` gives back one by one; empty once the queue is closed."""
        free = self._free_for_little if only_little else self._free
        while not self._is_closed:
            files = self._next(only_little=only_little)
            self._is_woken = False
            self._wake()
            if files:
                for file in files:
                    file.busy, file.again = True, False
                self.in_hand += len(files)
                return files
            woken = asyncio.get_running_loop().create_future()
            free.append(woken)
            await woken
        return []

    def done(self, file: FollowedFile, *, has_more: bool) -> None:
        """The worker is through with it."""
        file.busy = False
        self.in_hand -= 1
        self._given_back.set()
        if has_more or file.again:
            self.put(file)

    async def close(self) -> None:
        """Hand out nothing more and wait until what is in hand is done."""
        self._is_closed = True
        for free in (self._free, self._free_for_little):
            while free:
                _wake_up(free.popleft())
        while self.in_hand:
            self._given_back.clear()
            await self._given_back.wait()

    def _next(self, *, only_little: bool) -> list[FollowedFile]:
        if self._much and not only_little and (self._is_turn_of_much or not self._little):
            self._is_turn_of_much = False
            return self._next_of_much()
        self._is_turn_of_much = True
        return [self._little.popitem(last=False)[1] for _ in range(min(AT_ONCE, len(self._little)))]

    def _next_of_much(self) -> list[FollowedFile]:
        """One, and those behind it as long as all of them together have no more than is read of one at once."""
        files = [self._much.popitem(last=False)[1]]
        left_bytes = CHUNK_BYTES - files[0].waiting_bytes
        while self._much and (left_bytes := left_bytes - next(iter(self._much.values())).waiting_bytes) >= 0:
            files.append(self._much.popitem(last=False)[1])
        return files

    def _wake(self) -> None:
        """One worker is enough: it wakes the next when it leaves something."""
        if self._free and (self._little or self._much):
            _wake_up(self._free.popleft())
            self._is_woken = True
        elif self._free_for_little and self._little:
            _wake_up(self._free_for_little.popleft())
            self._is_woken = True


def _wake_up(worker: asyncio.Future[None]) -> None:
    # It may have been cancelled while it waited.
    if not worker.done():
        worker.set_result(None)
