"""
The head of a hopeit log line: `<ts> | <LEVEL> | <app> <version> <event> <host> <pid> | <message> | `.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

import msgspec

from collector.models.activity import Status

#: Between the fields of a line, and between its extras.
SEPARATOR = b" | "
#: `2026-11-22 18:27:06` of `2026-11-22 18:27:06,775`.
SECOND_BYTES = 19
#: Time stamp with its milliseconds.
TIMESTAMP_BYTES = 23
#: Every way in which milliseconds may be written: one look-up a line instead of a conversion.
MILLISECONDS = frozenset(b",%03d" % ms for ms in range(1000))
#: What marks an execution; another level with the same text is a message that an app wrote.
EXECUTIONS = {
    (b"INFO", b"START"): Status.START,
    (b"INFO", b"DONE"): Status.DONE,
    (b"ERROR", b"FAILED"): Status.FAILED,
    (b"WARNING", b"IGNORED"): Status.IGNORED,
}
STATS = (b"INFO", b"STATS")
#: Begins `hopeit.engine 0.30.1 engine <host> <pid>`: what the engine logs of itself.
ENGINE_LOGGER = b"hopeit.engine "

_BOM = b"\xef\xbb\xbf"
_TIMESTAMP = re.compile(rb"(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)", re.ASCII)
_STARTS_LIKE_A_TIMESTAMP = re.compile(rb"\d{4}-\d\d-\d\d[ T]")


class Head(msgspec.Struct):
    """A line's fields up to its extras, as bytes."""

    #: Unix second of the line's own time.
    second: int
    #: "INFO".
    level: bytes
    #: The logger's name: five words, or "py.warnings".
    logger: bytes
    #: "START", or any text.
    message: bytes
    #: Everything behind the message.
    extras: bytes


class LoggerName(msgspec.Struct, frozen=True):
    """The five words of a logger's name."""

    #: As configured: "simple-example".
    app: bytes
    #: As configured: "0.30".
    version: bytes
    #: Without its stage: "streams.process_events".
    event: bytes
    #: "vm".
    host_name: bytes
    #: "29067".
    pid: bytes


def strip_line(line: bytes) -> bytes:
    """
    The line without what is no part of it: a byte order mark, the NULs that `copytruncate` leaves under a writer
    that does not append, the CR of CRLF.
    """
    if line[:1].isdigit() and line[-1:] != b"\r":
        return line
    return line.lstrip(b"\0").removeprefix(_BOM).removesuffix(b"\r")


def starts_like_a_timestamp(line: bytes) -> bool:
    """Whether this begins a new record rather than going on with the one before."""
    return _STARTS_LIKE_A_TIMESTAMP.match(line) is not None


def parse_head(line: bytes) -> Head | None:
    """The head of a stripped line; None when it has none, or a damaged one."""
    fields = line.split(SEPARATOR, 4)
    if len(fields) < 4 or len(fields[0]) != TIMESTAMP_BYTES or fields[0][SECOND_BYTES:] not in MILLISECONDS:
        return None
    second = unix_second(fields[0][:SECOND_BYTES])
    if second is None:
        return None
    if len(fields) == 4:
        # Without extras a line still ends in " | "; only where somebody took trailing blanks off it does not.
        return Head(second, fields[1], fields[2], fields[3].removesuffix(b" |"), b"")
    return Head(second, *fields[1:])


def parse_logger_name(logger: bytes) -> LoggerName | None:
    """The five words, counted from the right, for an app's name may hold blanks; None when words are missing."""
    words = logger.rsplit(b" ", 4)
    return LoggerName(*words) if len(words) == 5 and all(words) else None


# Neighbouring lines share their second, in all sources at once: each is worked out once.
@lru_cache(maxsize=4096)
def unix_second(text: bytes) -> int | None:
    """`2026-11-22 18:27:06`, always UTC → unix second; None for what is no date."""
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        return None
    try:
        year, month, day, hour, minute, second = map(int, match.groups())
        return int(datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp())
    except ValueError:
        return None
