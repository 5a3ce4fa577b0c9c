"""
What tells a browser's developer tools, and the traces they show, which of our modules a line of a linked script is of:
https://tc39.es/ecma426/. By lines alone: what is sent keeps to a statement a line.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from visualizer.core.linked_script import Linked

_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def source_map(linked: Linked, sources: Mapping[str, str]) -> str:
    """
    JSON.

    Args:
        sources: path of a module → address of its lean file.
    """
    lines = [""] * linked.text.count("\n")
    # Each number is told as what it is more than the last one of its kind.
    last_source = last_line = 0
    for source, (begin, count) in enumerate(linked.lines.values()):
        for line in range(count):
            lines[begin + line] = f"A{_number(source - last_source)}{_number(line - last_line)}A"
            last_source, last_line = source, line
    return json.dumps(
        {"version": 3, "sources": [sources[name] for name in linked.lines], "names": [], "mappings": ";".join(lines)},
        separators=(",", ":"),
    )


def _number(value: int) -> str:
    """Base64 VLQ: the sign in the lowest bit, five bits a digit, the lowest first."""
    left, digits = (-value << 1 | 1) if value < 0 else value << 1, ""
    while True:
        left, five = left >> 5, left & 31
        digits += _DIGITS[five | (32 if left else 0)]
        if not left:
            return digits
