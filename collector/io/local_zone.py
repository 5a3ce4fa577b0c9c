"""The time zone of this machine, whatever the process's own is (Django sets TZ)."""

from __future__ import annotations

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

_FILE = "/etc/localtime"


def find_local_zone() -> tzinfo:
    """As /etc/localtime has it; UTC where there is none."""
    try:
        with open(_FILE, "rb") as file:
            return ZoneInfo.from_file(file, key="localtime")
    except (OSError, ValueError):
        return UTC
