"""A writer of logs in a thread of its own, as an app is one: it keeps a file open and is told when to open it anew."""

from __future__ import annotations

import os
import time
from pathlib import Path
from threading import Event, Lock, Thread

from tests.faults.numbered_lines import NumberedLines


class LogWriter:
    """Appends lines until it is stopped."""

    def __init__(self, path: Path, lines: NumberedLines, *, lines_per_s: int, append: bool = True) -> None:
        self._path = path
        self._lines = lines
        self._flags = os.O_WRONLY | os.O_CREAT | (os.O_APPEND if append else 0)
        self._descriptor = os.open(path, self._flags, 0o644)
        self._per_step = max(1, lines_per_s // 100)
        self._stop = Event()
        self._lock = Lock()
        #: Of each line since the file was last empty: the byte after it, and the line.
        self.written: list[tuple[int, bytes]] = []
        #: Lines that stood in the file only between a copy and a truncation.
        self.at_risk: list[bytes] = []
        self._thread = Thread(target=self._run, name="log writer", daemon=True)

    def __enter__(self) -> LogWriter:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stop.set()
        self._thread.join()
        os.close(self._descriptor)

    def reopen(self) -> None:
        """Write into what is at the path from now on, as a signal from logrotate makes apps do."""
        with self._lock:
            os.close(self._descriptor)
            self._descriptor = os.open(self._path, self._flags, 0o644)
            self.written = []

    def truncate_after_copy(self, copied_bytes: int) -> None:
        """Empty the file; what came after the copy is written down."""
        with self._lock:
            self.at_risk += [line for end, line in self.written if end > copied_bytes]
            os.truncate(self._path, 0)
            self.written = []

    def _run(self) -> None:
        while not self._stop.wait(0.01):
            self._write()

    def _write(self) -> None:
        with self._lock:
            place = self.written[-1][0] if self.written else 0
            data = b""
            for _ in range(self._per_step):
                line = self._lines.line()
                data += line
                place += len(line)
                self.written.append((place, line))
            os.write(self._descriptor, data)


def copy_and_truncate(writer: LogWriter, path: Path, copy: Path, *, pause_s: float = 0.0) -> None:
    """What logrotate's copytruncate does, while the writer goes on."""
    data = path.read_bytes()
    copy.write_bytes(data)
    time.sleep(pause_s)
    writer.truncate_after_copy(len(data))
