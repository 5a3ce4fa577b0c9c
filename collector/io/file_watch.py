"""FileWatch: waits until something changes in the watched folders, by inotify where there is one, else by the clock."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass

from collector.io.inotify import IN_MODIFY, Inotify

#: Changes are gathered this long once they follow each other: a commit costs the same for one line as for many.
GATHER_S = 0.015
#: Without inotify, how often somebody looks.
POLL_S = 0.2


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened."""

    #: Paths whose content changed.
    modified: frozenset[str] = frozenset()
    #: Names came, went or moved, or it is not known what happened: look at everything.
    rescan: bool = False


class FileWatch:
    """Use it inside a running event loop; `close` it in the end."""

    def __init__(self, *, use_inotify: bool = True) -> None:
        self._inotify = _open_inotify() if use_inotify else None
        self._watches: dict[str, int] = {}
        self._missed = self._inotify is None
        self._changed = asyncio.Event()
        self._gathered_at = 0.0

    @property
    def polls(self) -> bool:
        """Whether something is not told by the kernel, so that looking is the only way."""
        return self._missed

    def watch(self, folders: Iterable[str]) -> None:
        """Watch exactly these folders."""
        wanted = set(folders)
        if self._inotify is None:
            return
        for gone in self._watches.keys() - wanted:
            self._inotify.remove(self._watches.pop(gone))
        self._missed = False
        for folder in wanted:
            try:
                # Again each time: a folder that was replaced gets a new watch under the same path.
                self._watches[folder] = self._inotify.add(folder)
            except OSError:
                self._watches.pop(folder, None)
                self._missed = True

    async def changes(self, *, within_s: float) -> Changes:
        """Wait until something changes, but not longer; then everything that changed since the last call."""
        if self._inotify is None:
            await asyncio.sleep(min(within_s, POLL_S))
            return Changes(rescan=True)
        loop, descriptor = asyncio.get_running_loop(), self._inotify.descriptor
        loop.add_reader(descriptor, self._changed.set)
        try:
            await asyncio.wait_for(self._changed.wait(), min(within_s, POLL_S) if self._missed else within_s)
        except TimeoutError:
            return Changes(rescan=self._missed)
        finally:
            loop.remove_reader(descriptor)
            self._changed.clear()
        # The first change after a quiet moment is told at once.
        await asyncio.sleep(max(0.0, self._gathered_at + GATHER_S - time.monotonic()))
        self._gathered_at = time.monotonic()
        return self._gather(self._inotify)

    def close(self) -> None:
        """Watch nothing any more."""
        if self._inotify is not None:
            self._inotify.close()
            self._inotify = None

    def _gather(self, inotify: Inotify) -> Changes:
        folders = {watch: folder for folder, watch in self._watches.items()}
        modified: set[str] = set()
        rescan = False
        for event in inotify.read():
            if event.mask & IN_MODIFY and event.watch in folders:
                modified.add(_join(folders[event.watch], event.name))
            else:
                rescan = True
        return Changes(frozenset(modified), rescan)


def _open_inotify() -> Inotify | None:
    try:
        return Inotify()
    except OSError:
        return None


def _join(folder: str, name: str) -> str:
    return os.path.join(folder, name)
