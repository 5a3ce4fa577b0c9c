"""
A whole Eventscope in a temporary folder: real Valkey, real processes, real files. For tests that need more than
one process; each test builds its own World and everything in it is ended with it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import redis

from collector.lib.valkey_server import find_valkey, start_valkey, write_valkey_config
from tests.ports import own_port
from visualizer.io.web_server import web_server_arguments

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "tests" / "fixtures"
#: Gives away the capabilities that let root read everything, then becomes what it is asked to be.
AS_ANYBODY = """
import ctypes, os, sys
for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""
T = TypeVar("T")


def wait_until(condition: Callable[[], T], *, timeout_s: float = 120, step_s: float = 0.05) -> T:
    """The first true value of the condition; fails with the last one when the time is over."""
    deadline = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not true within {timeout_s} s, last value: {value!r}")
        time.sleep(step_s)


class World:
    """Processes of one Eventscope and what they share."""

    def __init__(self, folder: Path, *, migrated: Path | None = None, **env: str) -> None:
        self.folder = folder
        self.data_dir = folder / "data"
        self.logs = folder / "logs"
        self.logs.mkdir(parents=True)
        self.data_dir.mkdir(mode=0o700)
        self._share_scripts()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.redis_url = ""
        self.env = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("EVENTSCOPE_", "REDIS_", "DATABASE_"))},
            "EVENTSCOPE_DATA_DIR": str(self.data_dir),
            "EVENTSCOPE_HOST_ID": "test-host",
            "EVENTSCOPE_LOGS": str(self.logs / "*.log"),
            "EVENTSCOPE_CONFIG": str(folder / "eventscope.toml"),
            "PYTHONWARNINGS": "default",
            **env,
        }
        if migrated is not None:
            shutil.copy(migrated, self.sqlite)

    @property
    def sqlite(self) -> Path:
        """The database file."""
        return self.data_dir / "eventscope.sqlite3"

    def start_valkey(self) -> redis.Redis:
        """Start, or start again on the same folder and port; returns a connected client."""
        folder = self.data_dir / "valkey"
        if not self.redis_url:
            self.redis_url = write_valkey_config(folder, port=own_port())
            self.env["REDIS_URL"] = self.redis_url
        program = find_valkey()
        assert program, "no valkey-server: run `make setup`"
        self.processes["valkey"] = start_valkey(program, folder)
        client = redis.Redis.from_url(self.redis_url, socket_timeout=120)

        def answers() -> bool:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

        wait_until(answers)
        return client

    def start(self, command: str, *args: str, name: str = "", **env: str) -> subprocess.Popen[bytes]:
        """Start `manage.py <command>`; its output goes to <folder>/<name>.out."""
        return self.spawn(name or command, str(ROOT / "manage.py"), command, *args, **env)

    def spawn(self, name: str, *args: str, **env: str) -> subprocess.Popen[bytes]:
        """Start our Python with these arguments, from the folder of the World."""
        with (self.folder / f"{name}.out").open("ab") as out:
            process = subprocess.Popen(
                [sys.executable, *args],
                cwd=self.folder,
                env={**self.env, "PYTHONPATH": str(ROOT), **env},
                stdout=out,
                stderr=out,
            )
        self.processes[name] = process
        return process

    def start_web(self, port: int, *, server: str = "daphne") -> None:
        """Start the web process, and wait until it answers."""
        self.spawn("web", *web_server_arguments(port, server=server), PORT=str(port))

        def answers() -> bool:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20):
                    return True
            except OSError:
                return False

        wait_until(answers)

    def start_worker(self) -> None:
        """Start Celery's worker, with beat in it."""
        quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING")
        self.spawn("worker", "-m", "celery", "-A", "visualizer.celery", "worker", "--pool", "solo", "--beat", *quiet)

    def kill(self, name: str, how: int = signal.SIGKILL) -> None:
        """Send a signal; for SIGKILL and SIGTERM wait for the end."""
        process = self.processes[name]
        process.send_signal(how)
        if how in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT):
            process.wait(timeout=120)

    def manage(self, *args: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *args],
            cwd=self.folder,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        if check and done.returncode != 0:
            raise AssertionError(
                f"manage.py {' '.join(args)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
            )
        return done

    def report(self) -> dict[str, Any]:
        """What SQL holds."""
        answer: dict[str, Any] = json.loads(self.manage("report", "--json").stdout)
        return answer

    def output(self, name: str) -> str:
        """What a process has printed so far."""
        return (self.folder / f"{name}.out").read_text(errors="replace")

    def _share_scripts(self) -> None:
        """What browsers are sent is named by its content: one folder serves all Worlds, or each would make it anew."""
        if shared := os.environ.get("EVENTSCOPE_DATA_DIR"):
            folder = Path(shared, "static")
            folder.mkdir(mode=0o700, exist_ok=True)
            (self.data_dir / "static").symlink_to(folder)

    def close(self) -> None:
        """End everything."""
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait(timeout=120)
