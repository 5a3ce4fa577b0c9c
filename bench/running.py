"""A whole Eventscope as `make up` runs it, for benches that need the real thing."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from collector.lib.valkey_server import free_port

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "a password for the bench"


@dataclass
class Running:
    """One `manage.py up`."""

    #: The supervisor.
    process: subprocess.Popen[str]
    #: "http://127.0.0.1:41234/sign-in/…"
    sign_in_url: str
    #: time.monotonic() when it was started.
    started_s: float
    #: Its data folder.
    data_dir: Path

    @property
    def base_url(self) -> str:
        """ "http://127.0.0.1:41234"."""
        return self.sign_in_url.partition("/sign-in")[0]


@contextmanager
def running(data_dir: Path, **env: str) -> Iterator[Running]:
    """Start `manage.py up`, wait for its sign-in line, stop it with SIGINT at the end."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("EVENTSCOPE_", "REDIS_", "DATABASE_"))}
    started_s = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), "up"],
        cwd=data_dir.parent,
        env={**clean, "EVENTSCOPE_DATA_DIR": str(data_dir), "PORT": str(free_port()), **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said = []
    try:
        for line in process.stdout:
            said.append(line)
            if match := re.search(r"Sign in: (http://\S+)", line):
                yield Running(process, match[1], started_s, data_dir)
                break
        else:
            raise RuntimeError("`manage.py up` ended:\n" + "".join(said))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=15)
