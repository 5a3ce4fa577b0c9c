"""Are these hopeit's log lines, and if not, what is the first thing that is wrong with them?"""

from __future__ import annotations

import msgspec

from collector.core.hopeit_head import (
    MILLISECONDS,
    SECOND_BYTES,
    SEPARATOR,
    TIMESTAMP_BYTES,
    parse_head,
    parse_logger_name,
    starts_like_a_timestamp,
    strip_line,
    unix_second,
)
from collector.core.labels import printable
from collector.core.redact import redact_text

#: Python's warnings, captured by hopeit, have a logger of their own.
_WARNINGS_LOGGER = b"py.warnings"
#: Of a line that is shown.
_SHOWN_CHARS = 80
_EXPECTED = "expected `YYYY-MM-DD HH:MM:SS,mmm | LEVEL | <app> <version> <event> <host> <pid> | <message> | …`"
_MAGIC = (
    (b"\x1f\x8b", "it is compressed (gzip)"),
    (b"\x28\xb5\x2f\xfd", "it is compressed (zstd)"),
    (b"BZh", "it is compressed (bzip2)"),
    (b"\xfd7zXZ", "it is compressed (xz)"),
    (b"PK\x03\x04", "it is compressed (zip)"),
    (b"\xff\xfe", "it is UTF-16, expected UTF-8"),
    (b"\xfe\xff", "it is UTF-16, expected UTF-8"),
)


class Recognition(msgspec.Struct, frozen=True):
    """What a sample looks like."""

    #: Share of the records that are hopeit's, 0 to 1.
    confidence: float
    #: For people: the first line that is none, and why; "" when all are.
    complaint: str


def recognise_hopeit(sample: bytes) -> Recognition:
    """
    How much of a sample hopeit wrote. Lines that go on with a record before them count neither way.

    Args:
        sample: the beginning of a source; the last line may be cut.
    """
    for magic, why in _MAGIC:
        if sample.startswith(magic):
            return Recognition(0.0, why)
    ours = others = 0
    complaint = ""
    for number, line in enumerate(_lines(sample), start=1):
        why = _why_not(line)
        if not why:
            ours += 1
        elif starts_like_a_timestamp(line) or not ours:
            others += 1
            complaint = complaint or f"line {number}: {why}, in {_shown(line)}"
    return Recognition(ours / (ours + others) if ours else 0.0, complaint)


def _lines(sample: bytes) -> list[bytes]:
    lines = sample.split(b"\n")
    # The last one is cut, or nothing behind a newline; alone it is all there is to judge by.
    whole = lines[:-1] or lines
    return [text for line in whole if (text := strip_line(line)).strip()]


def _why_not(line: bytes) -> str:
    head = parse_head(line)
    if head is not None:
        words = head.logger.count(b" ") + 1
        if head.logger == _WARNINGS_LOGGER or parse_logger_name(head.logger):
            return ""
        return f"its third field has {words} words, expected 5: <app> <version> <event> <host> <pid>"
    if not starts_like_a_timestamp(line):
        return f"no time stamp at its start, {_EXPECTED}"
    if unix_second(line[:SECOND_BYTES]) is None or line[SECOND_BYTES:TIMESTAMP_BYTES] not in MILLISECONDS:
        return "its time stamp is not YYYY-MM-DD HH:MM:SS,mmm"
    return f"{line.count(SEPARATOR) + 1} fields between ` | `, {_EXPECTED}"


def _shown(line: bytes) -> str:
    text = printable(redact_text(line[:4096].decode("utf-8", "backslashreplace")))
    return f'"{text[:_SHOWN_CHARS]}{"…" if len(text) > _SHOWN_CHARS else ""}"'
