"""Texts from logs on their way into columns."""

from __future__ import annotations


def cut(text: str, chars: int) -> str:
    """At most so many characters; without NUL, which PostgreSQL refuses."""
    return text.replace("\0", "\ufffd")[:chars]
