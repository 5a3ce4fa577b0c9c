"""ApiToken: what a script shows to be let into the API, as SQL keeps it. The token itself is nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

READ_GRAPH = "read:graph"
READ_CONFIG = "read:config"
READ_LINES = "read:lines"
#: Scope → what it opens, for people.
SCOPES = {
    READ_GRAPH: "what is connected, how it does and did, what is wrong, what differs, who suffers, the live stream",
    READ_CONFIG: "what apps declare: the linter, diffs; hosts and log files",
    READ_LINES: "texts out of log lines: newest lines, failures with their tracebacks, single operations",
}

#: By which scanners for leaked secrets know one of ours.
MARK = "evs_"
_CHECK_CHARS = 8


@dataclass(frozen=True, slots=True)
class ApiToken:
    """One token."""

    #: In SQL.
    id: int
    #: What people call it; no other has it.
    name: str
    #: Of SCOPES.
    scopes: frozenset[str]
    created: datetime
    expires: datetime
    #: To the minute; None: never.
    last_used: datetime | None = None


def token_text(secret: str) -> str:
    """The token of a random text: a mark before it, a checksum behind it."""
    return f"{MARK}{secret}{_checksum(secret)}"


def is_token_text(text: str) -> bool:
    """Is it of our making? What is not, nobody is asked about."""
    secret = text.removeprefix(MARK)[:-_CHECK_CHARS]
    return bool(secret) and text.isascii() and text == token_text(secret)


def _checksum(secret: str) -> str:
    return f"{crc32(secret.encode()):0{_CHECK_CHARS}x}"
