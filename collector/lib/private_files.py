"""Files and folders that only their owner may read."""

from __future__ import annotations

import os
from pathlib import Path
from secrets import token_urlsafe


def make_private_dir(path: Path) -> Path:
    """Make the folder (0700) if it is not there."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def write_private(path: Path, text: str) -> None:
    """Write the file (0600) so that a reader sees the old text or the new one, never half of it."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    partial.replace(path)


def kept_secret(path: Path) -> str:
    """The secret in this file; a random one is made and kept there the first time."""
    if not path.exists():
        make_private_dir(path.parent)
        write_private(path, token_urlsafe(48))
    return path.read_text("utf-8").strip()
