"""The demo's folder in the data folder: logs, and fleet.json, which says where the fleet can be watched."""

from __future__ import annotations

import fcntl
import glob
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from collector.lib.private_files import make_private_dir, write_private

#: {"logs": glob, "hosts": [base URLs], "pid": of the fleet}; there while the fleet answers.
FLEET_FILE = "fleet.json"
LOGS = "logs"
_LOCK_FILE = "lock"
#: Its time is when the fleet was started last.
_STARTED_FILE = "started"


class FleetRuns(Exception):
    """The demo fleet runs already on this data folder."""


def demo_dir(data_dir: Path) -> Path:
    """The demo's folder; nothing of the demo is anywhere else, but for its streams in Redis."""
    return data_dir / "demo"


def forget_demo(data_dir: Path) -> bool:
    """
    Remove the demo's folder. Its hosts leave Redis when the collector starts without them.

    Returns:
        Whether it is gone; a fleet that somebody has running keeps it.
    """
    folder = demo_dir(data_dir)
    if not folder.exists():
        return True
    try:
        with locked(folder):
            shutil.rmtree(folder)
    except FleetRuns:
        return False
    return True


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """
    The folder is ours, for this process and those it forks.

    Raises:
        FleetRuns: it is somebody else's.
    """
    descriptor = os.open(make_private_dir(folder) / _LOCK_FILE, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise FleetRuns(FleetRuns.__doc__) from None
    finally:
        os.close(descriptor)


def prepare_logs(folder: Path) -> Path:
    """
    The folder for logs. Files of the last run stay, for a collector may not have read them to their end; older ones go.
    """
    logs, started = make_private_dir(folder / LOGS), folder / _STARTED_FILE
    if started.exists():
        started_s = started.stat().st_mtime
        for path in logs.iterdir():
            if path.stat().st_mtime < started_s:
                path.unlink()
    started.touch()
    return logs


def write_fleet_file(folder: Path, *, hosts: Sequence[str]) -> None:
    """Say where the fleet can be watched."""
    fleet = {"logs": f"{glob.escape(str(folder / LOGS))}/*.log", "hosts": list(hosts), "pid": os.getpid()}
    write_private(folder / FLEET_FILE, json.dumps(fleet, indent=2) + "\n")


def remove_fleet_file(folder: Path) -> None:
    """It can be watched no more."""
    (folder / FLEET_FILE).unlink(missing_ok=True)
