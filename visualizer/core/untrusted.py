"""Values of decoded JSON that may be anything: what fits comes back, what does not becomes a warning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

#: Longest name that is drawn. Longer ones would be the cheapest way to fill Redis and every browser.
MAX_TEXT_CHARS = 512

Warn = Callable[[str], None]


def as_dict(value: object, what: str, warn: Warn) -> dict[str, Any]:
    """The dict, or an empty one."""
    if isinstance(value, dict):
        return value
    warn(f"{what} is {kind_words(value)} where an object was expected")
    return {}


def as_list(value: object, what: str, warn: Warn) -> list[Any]:
    """The list, or an empty one."""
    if isinstance(value, list):
        return value
    warn(f"{what} is {kind_words(value)} where a list was expected")
    return []


def as_text(value: object, what: str, warn: Warn) -> str | None:
    """The text, or None when it is none, too long, or nothing that can be written as UTF-8."""
    if not isinstance(value, str):
        warn(f"{what} is {kind_words(value)} where text was expected")
        return None
    if len(value) > MAX_TEXT_CHARS:
        warn(f"{what} is longer than {MAX_TEXT_CHARS} characters")
        return None
    if not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
        warn(f"{what} is broken text (half of a surrogate pair)")
        return None
    return value


def quoted(text: object) -> str:
    """The text as people may safely see it in a terminal: quoted, control characters escaped, short."""
    shown = text if isinstance(text, str) else str(text)
    return ascii(shown[:80]) if len(shown) <= 80 else ascii(shown[:77]) + "…"


def visible(text: object) -> str:
    r"""The text with everything that is not seen or turns what is seen around spelled out: "a\u202eb" has no effect."""
    shown = str(text)
    if shown.isprintable():
        return shown
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in shown)


def kind_words(value: object) -> str:
    """What came, in words that hold nothing of it."""
    if value is None:
        return "missing"
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
    return names.get(type(value), "something else")
