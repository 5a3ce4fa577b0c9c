"""Bytes from a log line → text that is safe to store, compare and show: valid UTF-8, printable, bounded."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

#: Longer names are cut here. hopeit's longest recorded one has 68 characters.
MAX_LABEL_CHARS = 128


def clean_label(raw: bytes) -> str:
    """
    A name as the line has it. What cannot be printed (control characters, bidi overrides, invalid UTF-8) is written
    as an escape, so that no two names look or compare alike; a name that is too long is cut and ends in a hash.
    """
    # Names are few and come back with every line; what is too long for one is not worth the memory.
    return _known_label(raw) if len(raw) <= MAX_LABEL_CHARS else _make_label(raw)


def _make_label(raw: bytes) -> str:
    # Four bytes hold any character: a longer name is cut before work is spent on what nobody sees.
    text = printable(raw[: 4 * MAX_LABEL_CHARS + 4].decode("utf-8", "backslashreplace"))
    if len(text) <= MAX_LABEL_CHARS:
        return text
    return f"{text[:MAX_LABEL_CHARS]}~{blake2b(raw, digest_size=4).hexdigest()}"


_known_label = lru_cache(maxsize=8192)(_make_label)


def printable(text: str, *, keep: str = "") -> str:
    """The text with every character that cannot be printed written as an escape, but those in `keep`."""
    if text.isprintable():
        return text
    odd = [c for c in set(text) if not c.isprintable() and c not in keep]
    return text.translate({ord(c): c.encode("unicode_escape").decode("ascii") for c in odd})
