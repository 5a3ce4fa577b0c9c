"""
The spool: what was received is a line in a file before anybody is told so, and the collector reads it like any other
log. A process writes files of its own, so nobody's lines run into another's.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from threading import Lock

from collector.lib.private_files import make_private_dir
from collector.models.otlp_spool import SUFFIX
from visualizer.models.errors import SpoolRefuses

FILE_BYTES = 64 * 1024 * 1024
#: Of all files of all processes.
TOTAL_BYTES = 256 * 1024 * 1024
#: A file that rested this long is not written any more: whoever tidies up may take it.
REST_S = 300.0
_LOOK_EVERY_S = 1.0


class OtlpSpool:
    """One per process; may be used by several threads."""

    def __init__(self, folder: Path, *, file_bytes: int = FILE_BYTES, total_bytes: int = TOTAL_BYTES) -> None:
        self._folder = folder
        self._file_bytes = file_bytes
        self._total_bytes = total_bytes
        self._lock = Lock()
        self._descriptor: int | None = None
        self._written_at = 0.0
        self._held_bytes = 0
        self._looked_at = float("-inf")

    def append(self, line: bytes) -> None:
        """
        Write a line, whole or not at all; it is in the file when this returns.

        Args:
            line: without a newline.

        Raises:
            SpoolRefuses: there is no room for it.
        """
        with self._lock:
            data = line + b"\n"
            self._check_room(len(data))
            try:
                self._write(self._file_for(len(data)), data)
            except OSError as exc:
                raise SpoolRefuses(f"nothing can be written: {(exc.strerror or 'unknown').lower()}") from exc
            self._held_bytes += len(data)
            self._written_at = time.monotonic()

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _check_room(self, size_bytes: int) -> None:
        if time.monotonic() - self._looked_at > _LOOK_EVERY_S:
            self._held_bytes, self._looked_at = held_bytes(self._folder), time.monotonic()
        if self._held_bytes + size_bytes > self._total_bytes:
            held_mib = self._held_bytes / 1024 / 1024
            raise SpoolRefuses(f"{held_mib:.0f} MiB wait to be counted, and there is no room for more")

    def _file_for(self, size_bytes: int) -> int:
        if self._descriptor is not None:
            status = os.fstat(self._descriptor)
            rested = time.monotonic() - self._written_at > REST_S
            if rested or not status.st_nlink or status.st_size + size_bytes > self._file_bytes:
                self.close()
        if self._descriptor is None:
            self._descriptor = self._open()
        return self._descriptor

    def _open(self) -> int:
        make_private_dir(self._folder)
        name = f"{os.getpid()}-{time.time_ns()}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
        descriptor = os.open(self._folder / f"{name}{SUFFIX}", flags, 0o600)
        try:
            # Kept while it may be written to: whoever wants to delete it finds it taken.
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            # Two files that begin with the same line are taken for one and its copy.
            self._write(descriptor, b'{"resourceSpans":[],"spool":"%s-%s"}\n' % (name.encode(), token_hex(8).encode()))
        except OSError:
            os.close(descriptor)
            raise
        return descriptor

    def _write(self, descriptor: int, data: bytes) -> None:
        size_bytes = os.fstat(descriptor).st_size
        try:
            written = os.write(descriptor, data)
        except OSError:
            written = -1
            raise
        finally:
            if written != len(data):
                # Half a line would run into the next one.
                with suppress(OSError):
                    os.ftruncate(descriptor, size_bytes)
        if written != len(data):
            raise OSError(None, "the disk took only a part")


def held_bytes(folder: Path) -> int:
    """Bytes of all files of the spool."""
    total = 0
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):
                total += entry.stat(follow_symlinks=False).st_size
    return total


def spool_files(folder: Path) -> list[tuple[Path, int]]:
    """(file, its size), the oldest first."""
    found: list[tuple[float, Path, int]] = []
    for path in folder.glob(f"*{SUFFIX}"):
        with suppress(FileNotFoundError):
            status = path.lstat()
            found.append((status.st_mtime, path, status.st_size))
    return [(path, size_bytes) for _, path, size_bytes in sorted(found)]


def remove_if_free(path: Path, *, size_bytes: int) -> bool:
    """Delete a file that has still this size and that nobody writes; says whether it did."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(descriptor).st_size != size_bytes:
            return False
        path.unlink()
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True
