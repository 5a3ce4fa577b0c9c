"""OpenFiles: descriptors of log files, as many as the process may hold; the one unused for longest goes first."""

from __future__ import annotations

import errno
import os
import resource
from collections import OrderedDict
from collections.abc import Hashable

from collector.io.log_file import open_log

#: Left for sockets, pipes and the interpreter.
RESERVED = 32
#: More than this is never needed at once, whatever the limit says.
MOST = 4096


class OpenFiles:
    """Descriptors by file; (device, inode) says which one is meant, the path only where to find it."""

    def __init__(self, *, most: int | None = None) -> None:
        """
        Args:
            most: open at once; by default what the process's limit leaves.
        """
        self._most = most or max(16, min(MOST, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - RESERVED))
        self._open: OrderedDict[tuple[int, int], int] = OrderedDict()
        self._kept: set[Hashable] = set()

    def __contains__(self, key: tuple[int, int]) -> bool:
        return key in self._open

    def get(self, key: tuple[int, int], path: str) -> int:
        """
        A descriptor, opened if need be.

        Raises:
            FileNotFoundError: nothing is at the path, or another file is there by now.
            OSError: it cannot be opened.
        """
        if key in self._open:
            self._open.move_to_end(key)
            return self._open[key]
        descriptor = self._open_evicting(path)
        status = os.fstat(descriptor)
        if (status.st_dev, status.st_ino) != key:
            os.close(descriptor)
            raise FileNotFoundError(errno.ENOENT, "another file is there by now", path)
        self._open[key] = descriptor
        return descriptor

    def keep(self, key: tuple[int, int], *, unread: bool) -> None:
        """Say whether the file has unread bytes: such files are closed last, they may be deleted meanwhile."""
        (self._kept.add if unread else self._kept.discard)(key)

    def close(self, key: tuple[int, int]) -> None:
        """Close it, if it is open."""
        self._kept.discard(key)
        if key in self._open:
            os.close(self._open.pop(key))

    def close_all(self) -> None:
        """Close everything."""
        for key in list(self._open):
            self.close(key)

    def _open_evicting(self, path: str) -> int:
        while len(self._open) >= self._most:
            self._evict()
        while True:
            try:
                return open_log(path)
            except OSError as exc:
                if exc.errno not in (errno.EMFILE, errno.ENFILE) or not self._open:
                    raise
                # Somebody else's descriptors count, too: stay below what was possible just now.
                self._most = max(1, len(self._open))
                self._evict()

    def _evict(self) -> None:
        victim = next((key for key in self._open if key not in self._kept), next(iter(self._open)))
        os.close(self._open.pop(victim))
