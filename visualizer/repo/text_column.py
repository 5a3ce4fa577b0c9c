"""Texts from logs and people on their way into columns, and into questions about them."""

from __future__ import annotations


def cut(text: str, chars: int) -> str:
    """At most so many characters; without NUL, which PostgreSQL refuses."""
    return text.replace("\0", "\ufffd")[:chars]
