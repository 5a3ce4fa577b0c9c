"""The kernel's inotify, through ctypes: which names in a folder have changed. Linux only."""

from __future__ import annotations

import ctypes
import os
import struct
from functools import lru_cache
from typing import NamedTuple

IN_MODIFY = 0x2
IN_ATTRIB = 0x4
IN_MOVED_FROM = 0x40
IN_MOVED_TO = 0x80
IN_CREATE = 0x100
IN_DELETE = 0x200
IN_DELETE_SELF = 0x400
IN_MOVE_SELF = 0x800
IN_Q_OVERFLOW = 0x4000
IN_IGNORED = 0x8000
IN_ONLYDIR = 0x1000000

_WATCHED = IN_MODIFY | IN_ATTRIB | IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF
_HEADER = struct.Struct("iIII")
_READ_BYTES = 64 * 1024
#: One event whose name is as long as names may be.
_LONGEST_BYTES = _HEADER.size + 256


# The same files are written to again and again.
@lru_cache(maxsize=4096)
def _name(padded: bytes) -> str:
    return os.fsdecode(padded.rstrip(b"\0"))


class InotifyEvent(NamedTuple):
    """One event."""

    #: Watch it belongs to; -1 when the queue overflowed.
    watch: int
    #: IN_… bits.
    mask: int
    #: Name in the watched folder; empty for the folder itself.
    name: str


class Inotify:
    """One inotify instance."""

    def __init__(self) -> None:
        """
        Raises:
            OSError: there is none, or too many are open.
        """
        try:
            self._libc = ctypes.CDLL(None, use_errno=True)
            self.descriptor: int = self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        except AttributeError as exc:
            raise OSError("this system has no inotify") from exc
        if self.descriptor < 0:
            raise self._error()

    def add(self, folder: str) -> int:
        """
        Watch a folder; the id of the watch, the same one for the same folder.

        Raises:
            OSError: it is not there, or too many are watched.
        """
        watch: int = self._libc.inotify_add_watch(self.descriptor, os.fsencode(folder), _WATCHED | IN_ONLYDIR)
        if watch < 0:
            raise self._error()
        return watch

    def remove(self, watch: int) -> None:
        """Watch it no longer."""
        self._libc.inotify_rm_watch(self.descriptor, watch)

    def read(self) -> list[InotifyEvent]:
        """Everything that waits; never blocks."""
        events: list[InotifyEvent] = []
        size = _READ_BYTES
        # With room for another event left nothing more waits.
        while size > _READ_BYTES - _LONGEST_BYTES:
            try:
                data = os.read(self.descriptor, _READ_BYTES)
            except BlockingIOError:
                break
            place, size = 0, len(data)
            while place < size:
                watch, mask, _, length = _HEADER.unpack_from(data, place)
                place += _HEADER.size + length
                events.append(InotifyEvent(watch, mask, _name(data[place - length : place])))
        return events

    def close(self) -> None:
        """End it."""
        os.close(self.descriptor)

    @staticmethod
    def _error() -> OSError:
        number = ctypes.get_errno()
        return OSError(number, os.strerror(number))
