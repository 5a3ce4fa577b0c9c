"""Why a span failed: its exception event, or the error record that was logged inside it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import msgspec

from collector.core.labels import printable
from collector.core.otlp_export import LogRecord, Span, decode_attributes, decode_events, value_text
from collector.core.redact import redact_text

MAX_CAUSE_CHARS = 500
#: The end of a stack trace says where it broke.
MAX_TRACEBACK_CHARS = 4000
#: Logs and spans leave a process apart; a few seconds of errors are enough.
MAX_RECORDS = 1024
#: Severity numbers from here on are errors.
ERROR_SEVERITY = 17


class Cause(msgspec.Struct, frozen=True):
    """Texts of a failure: redacted, printable, cut."""

    #: "ValueError: no stock"; "" when nothing tells.
    text: str = ""
    #: "" when there is none.
    traceback: str = ""


class LoggedErrors:
    """The last error records, by the span they were logged in."""

    def __init__(self) -> None:
        # As they came: looking for secrets takes long, and hardly any of them is ever asked for.
        self._texts: OrderedDict[tuple[str, str], _Texts] = OrderedDict()

    def add(self, record: LogRecord) -> None:
        """Remember a record of a trace."""
        texts = _exception(decode_attributes(record.attributes))
        if not texts.text:
            texts = _Texts(_cut(value_text(record.body)))
        self._texts[record.traceId or "", record.spanId or ""] = texts
        if len(self._texts) > MAX_RECORDS:
            self._texts.popitem(last=False)

    def cause_of(self, span: Span) -> Cause:
        """Why it failed, as far as anything tells."""
        for event in reversed(decode_events(span.events)):
            if event.name == "exception":
                return _shown_cause(_exception(decode_attributes(event.attributes)))
        logged = self._texts.get((span.traceId, span.spanId)) or self._texts.get((span.traceId, ""))
        return _shown_cause(logged or _Texts(span.status.message if span.status else ""))


def shown(text: str, *, most: int) -> str:
    """A text for people: without secrets, printable, cut."""
    return printable(redact_text(_cut(text)), keep="\n\t").strip()[:most]


class _Texts(NamedTuple):
    text: str = ""
    traceback: str = ""


def _exception(attributes: Mapping[str, str]) -> _Texts:
    kind, message = attributes.get("exception.type", ""), attributes.get("exception.message", "")
    text = ": ".join(part for part in (kind, message) if part)
    traceback = attributes.get("exception.stacktrace", "")
    if len(traceback) > MAX_TRACEBACK_CHARS:
        # Whole lines from the end.
        traceback = traceback[-MAX_TRACEBACK_CHARS:].partition("\n")[2]
    return _Texts(_cut(text), traceback)


def _cut(text: str) -> str:
    # At white space, as half a token is not known for a secret.
    return text if len(text) <= MAX_TRACEBACK_CHARS else (text[:MAX_TRACEBACK_CHARS].rsplit(None, 1) or [""])[0]


# What fails again and again fails with the same texts.
@lru_cache(maxsize=64)
def _shown_cause(texts: _Texts) -> Cause:
    traceback = printable(redact_text(texts.traceback), keep="\n\t").strip()
    return Cause(shown(texts.text, most=MAX_CAUSE_CHARS), traceback)
