"""Why a span failed: its exception event, or the error record that was logged inside it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from functools import lru_cache

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
        self._causes: OrderedDict[tuple[str, str], Cause] = OrderedDict()

    def add(self, record: LogRecord) -> None:
        """Remember a record of a trace."""
        attributes = decode_attributes(record.attributes)
        cause = _exception(attributes) if "exception.type" in attributes else Cause(_short(value_text(record.body)))
        self._causes[record.traceId or "", record.spanId or ""] = cause
        if len(self._causes) > MAX_RECORDS:
            self._causes.popitem(last=False)

    def cause_of(self, span: Span) -> Cause:
        """Why it failed, as far as anything tells."""
        for event in reversed(decode_events(span.events)):
            if event.name == "exception":
                return _exception(decode_attributes(event.attributes))
        logged = self._causes.get((span.traceId, span.spanId)) or self._causes.get((span.traceId, ""))
        return logged or Cause(_short(span.status.message if span.status else ""))


def shown(text: str, *, most: int) -> str:
    """A text for people: without secrets, printable, cut."""
    # Cut at white space first, as looking for secrets takes longest, and half a token is not known for a secret.
    if len(text) > MAX_TRACEBACK_CHARS:
        text = (text[:MAX_TRACEBACK_CHARS].rsplit(None, 1) or [""])[0]
    return printable(redact_text(text), keep="\n\t").strip()[:most]


def _exception(attributes: Mapping[str, str]) -> Cause:
    kind, message = attributes.get("exception.type", ""), attributes.get("exception.message", "")
    text = ": ".join(part for part in (kind, message) if part)
    return Cause(_short(text), _traceback(attributes.get("exception.stacktrace", "")))


def _short(text: str) -> str:
    return shown(text, most=MAX_CAUSE_CHARS)


def _traceback(text: str) -> str:
    if len(text) > MAX_TRACEBACK_CHARS:
        # Whole lines from the end.
        text = text[-MAX_TRACEBACK_CHARS:].partition("\n")[2]
    return _known_traceback(text)


# What fails again and again fails with the same trace, and looking for secrets in it is what takes time.
@lru_cache(maxsize=64)
def _known_traceback(text: str) -> str:
    return printable(redact_text(text), keep="\n\t").strip()
