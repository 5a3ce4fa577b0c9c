"""JSON → JSON that stands in a script element and cannot end it."""

from __future__ import annotations

#: As Django's json_script has them; the last two end a line in old JavaScript.
_ESCAPES = {ord(each): f"\\u{ord(each):04X}" for each in "<>&\u2028\u2029"}


def inert_json(text: str) -> str:
    """The same JSON: outside of strings it has none of these characters."""
    return text.translate(_ESCAPES)
