"""
Why an execution FAILED: the ERROR record just before it, of the same operation, with its traceback.

The message of such a record may span lines, and it may hold anything, also " | track.operation_id=". So records are
kept as they are, few and short-lived, and searched for the failed operation's own id only when a failure is kept.
"""

from __future__ import annotations

import json
import re
from binascii import a2b_qp
from collections import deque
from functools import lru_cache

import msgspec

from collector.core.hopeit_head import SEPARATOR
from collector.core.labels import printable
from collector.core.redact import redact_text

#: ERROR and FAILED are written one after the other; a few operations of one event may interleave.
MAX_RECORDS = 16
#: Bytes of one record that are kept: a traceback of 100 frames, quoted.
MAX_RECORD_BYTES = 32 * 1024
#: Bytes that one source may hold on to between two chunks.
MAX_HELD_BYTES = 64 * 1024
MAX_CAUSE_CHARS = 500
#: The end of a traceback says where it broke.
MAX_TRACEBACK_CHARS = 4000

_TRACE = b" | trace="
_FIRST_EXTRA = re.compile(rb" \| (?:extra|stream|service|metrics|response|track|event)\.")


class Cause(msgspec.Struct, frozen=True):
    """Texts of a failure: redacted, printable, cut."""

    #: "ValueError: no stock"; "" when no record was found.
    text: str = ""
    #: "" when the record had none.
    traceback: str = ""


class RecentErrors:
    """The last ERROR records of one source."""

    def __init__(self) -> None:
        self._records: deque[bytes] = deque(maxlen=MAX_RECORDS)
        self._open = False

    def begin(self, text: bytes) -> None:
        """A line that begins an ERROR record: everything behind its logger name."""
        self._records.append(text[:MAX_RECORD_BYTES])
        self._open = True

    def extend(self, line: bytes) -> None:
        """A line without a head: it belongs to the record that is open, if one is."""
        if self._open and len(self._records[-1]) + len(line) < MAX_RECORD_BYTES:
            self._records[-1] += b"\n" + line

    def close(self) -> None:
        """Another record began."""
        self._open = False

    def cause_of(self, operation_id: bytes) -> Cause:
        """What the newest record of this operation says."""
        if operation_id:
            needle = b" | track.operation_id=" + operation_id + SEPARATOR
            for record in reversed(self._records):
                if needle in record:
                    return _read_cause(record)
        return Cause()

    def trim(self) -> None:
        """Forget the oldest until at most MAX_HELD_BYTES are held."""
        while sum(map(len, self._records)) > MAX_HELD_BYTES:
            self._records.popleft()


def _read_cause(record: bytes) -> Cause:
    before, found, quoted = record.rpartition(_TRACE)
    if found:
        cause = _read_trace(quoted)
        if cause.text:
            return cause
    message = before if found else record
    first_extra = _FIRST_EXTRA.search(message)
    text = message[: first_extra.start()] if first_extra else message
    return Cause(_shown(_bounded(text.decode("utf-8", "backslashreplace")))[:MAX_CAUSE_CHARS])


# What fails again and again fails with the same traceback, and looking for secrets in it is what takes time.
@lru_cache(maxsize=64)
def _read_trace(quoted: bytes) -> Cause:
    parts = _traceback_parts(quoted)
    # The exception's own line names its type; the message alone is often just "'id'".
    frames = _last_frames([_bounded(part) for part in parts])
    shown = _shown("".join(frames))
    # Of one frame alone that is what is shown already.
    text = _shown(frames[-1]) if len(frames) > 1 else shown
    return Cause(text[:MAX_CAUSE_CHARS], shown[-MAX_TRACEBACK_CHARS:])


def _traceback_parts(quoted: bytes) -> list[str]:
    try:
        # The same escapes with another sign, read in C: what is all percent signs costs urllib ten times as much.
        parts = json.loads(a2b_qp(quoted.replace(b"=", b"=3D").replace(b"%", b"=")))
    except (ValueError, RecursionError):
        return []
    return parts if isinstance(parts, list) and all(isinstance(part, str) for part in parts) else []


def _last_frames(parts: list[str]) -> list[str]:
    # Whole frames, and before secrets are looked for, which takes longest.
    chars = 0
    for place in range(len(parts) - 1, -1, -1):
        chars += len(parts[place])
        if chars > MAX_TRACEBACK_CHARS:
            return parts[min(place + 1, len(parts) - 1) :]
    return parts


def _bounded(text: str) -> str:
    # At white space, for half a token would not be known for a secret.
    return text if len(text) <= MAX_TRACEBACK_CHARS else (text[:MAX_TRACEBACK_CHARS].rsplit(None, 1) or [""])[0]


def _shown(text: str) -> str:
    # Before it is cut any further, for the same reason.
    return printable(redact_text(text), keep="\n\t").strip()
