"""FileWatch: waits until something changes in the watched folders, by inotify where there is one, else by the clock."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterable

import msgspec

from collector.io.inotify import IN_MODIFY, Inotify
from collector.io.remote_folders import is_remote

#: Changes are gathered this long once they follow each other: a commit costs the same for one line as for many. Whoever
#: counts the lines rests as long between two looks.
GATHER_S = 0.1
#: Without inotify, how often somebody looks.
POLL_S = 0.2


class Changes(msgspec.Struct, frozen=True):
    """What happened."""

    #: Paths whose content changed.
    modified: frozenset[str] = frozenset()
    #: Names came, went or moved, or it is not known what happened: look at everything.
    rescan: bool = False


_NOTHING = Changes()
_ANYTHING = Changes(rescan=True)


class FileWatch:
    """Use it inside a running event loop; `close` it in the end."""

    def __init__(self, *, use_inotify: bool = True) -> None:
        self._inotify = _open_inotify() if use_inotify else None
        self._watches: dict[str, int] = {}
        self._folders: dict[int, str] = {}
        self._remote: dict[str, bool] = {}
        self._missed = self._inotify is None
        self._gathered_at = 0.0

    @property
    def polls(self) -> bool:
        """Whether something is not told by the kernel, so that looking is the only way."""
        return self._missed

    def watch(self, folders: Iterable[str]) -> bool:
        """Watch exactly these folders. True when one of them was not watched before."""
        wanted = set(folders)
        if self._inotify is None:
            return False
        for gone in self._watches.keys() - wanted:
            self._inotify.remove(self._watches.pop(gone))
        self._remote = {folder: self._remote[folder] for folder in self._remote.keys() & wanted}
        self._missed = is_new = False
        for folder in wanted:
            try:
                # Again each time: a folder that was replaced gets a new watch under the same path.
                watch = self._inotify.add(folder)
            except OSError:
                self._watches.pop(folder, None)
                self._missed = True
                continue
            if self._watches.get(folder) != watch:
                self._watches[folder], self._remote[folder] = watch, is_remote(folder)
                is_new = True
            self._missed |= self._remote[folder]
        self._folders = {watch: folder for folder, watch in self._watches.items()}
        return is_new

    async def changes(self, *, within_s: float) -> Changes:
        """Wait until something changes, but not longer; then everything that changed since the last call."""
        if self._inotify is None:
            await asyncio.sleep(min(within_s, POLL_S))
            return _ANYTHING
        pause_s = self._gathered_at + GATHER_S - time.monotonic()
        if pause_s > 0:
            # As long as changes follow each other nothing wakes us in between.
            await asyncio.sleep(pause_s)
            changes = self._gather(self._inotify)
            if changes is not _NOTHING:
                return changes
        if not await self._becomes_readable(self._inotify, min(within_s, POLL_S) if self._missed else within_s):
            return _ANYTHING if self._missed else _NOTHING
        # The first change after a quiet moment is told at once.
        return self._gather(self._inotify)

    def close(self) -> None:
        """Watch nothing any more."""
        if self._inotify is not None:
            self._inotify.close()
            self._inotify = None

    async def _becomes_readable(self, inotify: Inotify, within_s: float) -> bool:
        loop = asyncio.get_running_loop()
        readable: asyncio.Future[bool] = loop.create_future()
        loop.add_reader(inotify.descriptor, _settle, readable, True)
        timer = loop.call_later(within_s, _settle, readable, False)
        try:
            return await readable
        finally:
            timer.cancel()
            loop.remove_reader(inotify.descriptor)

    def _gather(self, inotify: Inotify) -> Changes:
        self._gathered_at = time.monotonic()
        modified: set[str] = set()
        rescan = False
        for watch, mask, name in inotify.read():
            if mask & IN_MODIFY and watch in self._folders:
                modified.add(os.path.join(self._folders[watch], name))
            else:
                rescan = True
        if rescan or modified:
            return Changes(frozenset(modified), rescan)
        return _NOTHING


def _settle(readable: asyncio.Future[bool], is_readable: bool) -> None:
    # Both the timer and the reader may come in one turn of the loop.
    if not readable.done():
        readable.set_result(is_readable)


def _open_inotify() -> Inotify | None:
    try:
        return Inotify()
    except OSError:
        return None
