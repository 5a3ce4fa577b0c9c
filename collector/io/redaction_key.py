"""The secret by which masked values can be told apart (collector/core/redact.py), kept in the data folder."""

from __future__ import annotations

from pathlib import Path

from collector.lib.private_files import kept_secret

REDACTION_KEY_FILE = "redaction.key"


def read_redaction_key(data_dir: Path) -> bytes:
    """The key; made the first time."""
    return kept_secret(data_dir / REDACTION_KEY_FILE).encode()
