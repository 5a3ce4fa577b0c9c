"""Which label each log file has in metrics: few enough for whoever scrapes them, and nothing in them but text."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

from visualizer.core.untrusted import visible

MAX_SOURCES = 1000
MAX_CHARS = 128
#: All files that have no label of their own.
OTHER = "other"
_HASH_CHARS = 8


def source_label(path: str) -> str:
    """The path, made visible; a long one is its end and a hash of all of it."""
    shown = visible(path)
    if len(shown) <= MAX_CHARS:
        return shown
    digest = blake2b(path.encode("utf-8", "replace"), digest_size=_HASH_CHARS // 2).hexdigest()
    return f"…{shown[len(shown) - MAX_CHARS + _HASH_CHARS + 2 :]}~{digest}"


def label_sources(lag_bytes: Mapping[str, int]) -> dict[str, str]:
    """
    Path → label, for the MAX_SOURCES files furthest behind; all others are OTHER.

    Args:
        lag_bytes: path → bytes that wait, of every file there is now.
    """
    first = sorted(lag_bytes, key=lambda path: (-lag_bytes[path], path))[:MAX_SOURCES]
    return {path: source_label(path) for path in first}
