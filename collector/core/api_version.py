"""Which version stands in the path of a host's config endpoint: /api/config-manager/0x30/…"""

from __future__ import annotations

import re
from collections.abc import Sequence

from collector.models.host import KNOWN_VERSIONS

#: Versions seen in log lines that are worth a question; more is somebody's joke.
MAX_SEEN = 4
_VERSION = re.compile(r"(\d{1,3})[.x](\d{1,3})(?:[.x+-].{0,32})?")


def api_version(engine_version: str) -> str:
    """
    "0.30.1" → "0x30": the first two parts, as hopeit puts them into paths; "" for what is no version.

    Source: hopeit.server.version, APPS_API_VERSION.
    """
    match = _VERSION.fullmatch(engine_version)
    return f"{match[1]}x{match[2]}" if match else ""


def versions_to_try(*, configured: str, remembered: str, seen: Sequence[str]) -> tuple[str, ...]:
    """
    API versions in the order to ask for them, each once.

    Args:
        configured: EVENTSCOPE_HOPEIT_VERSION; when set, no other is asked for.
        remembered: what this host answered to last time, "" before.
        seen: engine versions seen in log lines, newest first.
    """
    if configured:
        return (api_version(configured) or configured,)
    candidates = (remembered, *(api_version(version) for version in seen[:MAX_SEEN]), *KNOWN_VERSIONS)
    return tuple(dict.fromkeys(version for version in candidates if version))
