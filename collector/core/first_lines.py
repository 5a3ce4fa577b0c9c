"""The first lines of a source no format fits, for people to see what they are."""

from __future__ import annotations

from collector.core.labels import printable
from collector.core.redact import redact_text

MAX_LINES = 3
MAX_CHARS = 200
#: Of a line that is looked at: a secret that begins in what is shown ends in here.
_LOOKED_AT_BYTES = 4096


def first_lines(sample: bytes) -> tuple[str, ...]:
    """At most three lines that are not empty; redacted before they are cut, for half a token is known by nobody."""
    lines = [line.strip() for line in sample.split(b"\n", 64) if line.strip()]
    return tuple(_shown(line) for line in lines[:MAX_LINES])


def _shown(line: bytes) -> str:
    text = printable(redact_text(line[:_LOOKED_AT_BYTES].decode("utf-8", "backslashreplace")))
    return text if len(text) <= MAX_CHARS else f"{text[: MAX_CHARS - 1]}…"
