"""One child process: started in a session of its own, output to a file, gone when we are gone."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)
#: A process that ran this long was no failed start: its back-off begins anew.
STEADY_S = 30.0
MAX_BACKOFF_S = 10.0


def die_with_parent() -> None:
    """For preexec_fn: the kernel ends this process when its parent ends, however that happens (Linux only)."""
    if hasattr(_libc, "prctl"):
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class ChildProcess:
    """A command that should always run: started, watched, restarted with back-off, stopped."""

    def __init__(self, name: str, command: Sequence[str], *, env: Mapping[str, str], output: Path) -> None:
        self.name = name
        self._command = list(command)
        self._env = dict(env)
        self._output = output
        self._process: subprocess.Popen[bytes] | None = None
        self._started_s = 0.0
        self._restart_at_s = 0.0
        self._backoff_s = 0.5

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        """Start it; what it prints is appended to its output file."""
        with self._output.open("ab") as output:
            self._process = subprocess.Popen(
                self._command,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # Ctrl-C in the terminal reaches us alone; we end the others in order.
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
        self._started_s = time.monotonic()

    def ended(self) -> int | None:
        """
        Call it now and then: restarts the process when its back-off is over.

        Returns:
            The exit code, once, when it has ended by itself since the last call; else None.
        """
        now_s = time.monotonic()
        if self._process is None:
            if now_s >= self._restart_at_s:
                self.start()
            return None
        code = self._process.poll()
        if code is None:
            return None
        self._process = None
        steady = now_s - self._started_s > STEADY_S
        self._backoff_s = 0.5 if steady else min(self._backoff_s * 2, MAX_BACKOFF_S)
        self._restart_at_s = now_s + self._backoff_s
        return code

    def last_output(self, lines: int = 12) -> str:
        """The end of what it printed."""
        try:
            return "\n".join(self._output.read_text("utf-8", "replace").splitlines()[-lines:])
        except OSError:
            return ""

    def ask_to_stop(self) -> None:
        """SIGTERM, if it runs."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def stop(self, *, within_s: float) -> None:
        """Wait for its end; after `within_s` it is killed."""
        if self._process is None:
            return
        try:
            self._process.wait(timeout=max(within_s, 0.01))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=5)
