"""The name of this machine in file ids: it must be the same after a restart."""

from __future__ import annotations

from pathlib import Path

from collector.lib.private_files import kept_secret

MACHINE_ID = Path("/etc/machine-id")


def find_host_id(configured: str, *, data_dir: Path, machine_id: Path = MACHINE_ID) -> str:
    """The configured one, else the machine's, else one kept in the data folder."""
    if configured:
        return configured
    try:
        if found := machine_id.read_text("ascii").strip():
            return found
    except (OSError, UnicodeDecodeError):
        pass
    return kept_secret(data_dir / "host.id")[:32]
