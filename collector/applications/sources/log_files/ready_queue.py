"""ReadyQueue: files of one shard that may have something to read, each once, in the order they came."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from collector.applications.sources.log_files.followed_file import FollowedFile


class ReadyQueue:
    """Fair: a file that has more goes to the end."""

    def __init__(self) -> None:
        self._files: OrderedDict[tuple[int, int], FollowedFile] = OrderedDict()
        self._filled = asyncio.Event()
        self._closed = False
        self._given_back = asyncio.Event()
        #: Files that workers have in hand.
        self.in_hand = 0

    @property
    def is_idle(self) -> bool:
        """Nothing waits and nothing is in hand."""
        return not self._files and not self.in_hand

    def put(self, file: FollowedFile) -> None:
        """Have the file read; one in hand is looked at once more."""
        if file.busy:
            file.again = True
            return
        self._files[file.key] = file
        self._filled.set()

    async def take(self) -> FollowedFile | None:
        """The next one, which `done` gives back; None once the queue is closed."""
        while not self._files and not self._closed:
            self._filled.clear()
            await self._filled.wait()
        if self._closed:
            return None
        _, file = self._files.popitem(last=False)
        file.busy, file.again = True, False
        self.in_hand += 1
        return file

    def done(self, file: FollowedFile, *, has_more: bool) -> None:
        """The worker is through with it."""
        file.busy = False
        self.in_hand -= 1
        self._given_back.set()
        if has_more or file.again:
            self.put(file)

    async def close(self) -> None:
        """Hand out nothing more and wait until what is in hand is done."""
        self._closed = True
        self._filled.set()
        while self.in_hand:
            self._given_back.clear()
            await self._given_back.wait()
