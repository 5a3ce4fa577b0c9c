"""What is kept whole of JSON lines: failures with their cause, sampled runs, the newest lines. Texts are redacted."""

from __future__ import annotations

import re
from collections import deque
from typing import Any

from collector.core.json_fields import JsonFields, Number, decode_object
from collector.core.labels import clean_label, printable
from collector.core.redact import redact_text

#: ERROR and the end of the run are written one after the other; a few runs may interleave.
MAX_RECORDS = 16
#: Bytes of lines that one source may hold on to between two chunks.
MAX_HELD_BYTES = 64 * 1024
MAX_CAUSE_CHARS = 500
MAX_TRACEBACK_CHARS = 4000
MAX_MESSAGE_CHARS = 200
#: What a program makes itself: hex digits of a UUID, a trace or a span. Anything else came with a request.
_PLAIN_ID = re.compile(r"[0-9a-f-]{0,36}")


class WholeLine:
    """One line with all its fields."""

    def __init__(self, line: bytes, fields: JsonFields) -> None:
        self._fields = fields
        self._line: dict[str, Any] = decode_object(line) or {}

    @property
    def time(self) -> Number:
        """The time stamp as it stands."""
        return self._fields.lenient(self._line)[1]

    def id(self, role: str) -> str:
        """An id as it came, without secrets."""
        text = clean_label(self._fields.text(self._line, role).encode("utf-8", "backslashreplace"))
        return text if _PLAIN_ID.fullmatch(text) else redact_text(text)

    def raw_id(self, role: str) -> str:
        """An id to compare others with; never shown."""
        return self._fields.text(self._line, role)

    @property
    def level(self) -> str:
        """In capitals, as far as it is told."""
        return clean_label(self._fields.text(self._line, "level").upper().encode("utf-8", "backslashreplace"))

    @property
    def message(self) -> str:
        """Of the line."""
        return _shown(self._fields.text(self._line, "message"))[:MAX_MESSAGE_CHARS]

    @property
    def cause(self) -> str:
        """What the line says of an error: "ValueError: no stock"; "" for nothing."""
        error, kind = self._fields.text(self._line, "error"), self._fields.text(self._line, "error_type")
        if error or kind:
            text = f"{kind}: {error}" if error and kind else error or kind
        else:
            # The end of a traceback names the exception.
            text = self.traceback.rpartition("\n")[2]
        return _shown(text)[:MAX_CAUSE_CHARS]

    @property
    def traceback(self) -> str:
        """Its last lines; "" for none."""
        text = self._fields.text(self._line, "traceback").strip()
        # loguru's "text" is the message where there is no traceback behind it.
        if "\n" not in text:
            return ""
        # Whole lines from the end, which says where it broke.
        return _shown(text[-MAX_TRACEBACK_CHARS:].partition("\n")[2] if len(text) > MAX_TRACEBACK_CHARS else text)


class RecentErrors:
    """The last lines of level ERROR of one source that are no runs themselves."""

    def __init__(self) -> None:
        self._lines: deque[tuple[bytes, JsonFields]] = deque(maxlen=MAX_RECORDS)

    def add(self, line: bytes, fields: JsonFields) -> None:
        """Remember one, as long as it is not too long to be held."""
        if len(line) <= MAX_HELD_BYTES:
            self._lines.append((line, fields))

    def of_request(self, request_id: str) -> WholeLine | None:
        """The newest one with this request id."""
        if request_id:
            for line, fields in reversed(self._lines):
                whole = WholeLine(line, fields)
                if whole.raw_id("request_id") == request_id:
                    return whole
        return None

    def trim(self) -> None:
        """Forget the oldest until at most MAX_HELD_BYTES are held."""
        while sum(len(line) for line, _ in self._lines) > MAX_HELD_BYTES:
            self._lines.popleft()


def _shown(text: str) -> str:
    # Cut at white space first, as looking for secrets takes longest, and half a token is not known for a secret.
    if len(text) > MAX_TRACEBACK_CHARS:
        text = (text[:MAX_TRACEBACK_CHARS].rsplit(None, 1) or [""])[0]
    return printable(redact_text(text), keep="\n\t").strip()
