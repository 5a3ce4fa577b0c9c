"""What one line of HARP Proxy's JSON log (LOGGING_FORMAT=json) tells. docs: tests/fixtures/harp/README.md."""

from __future__ import annotations

import re

import msgspec

from collector.core.harp_system import remote_key
from collector.core.labels import clean_label
from collector.models.activity import ActivityKey, Status

#: HARP has one app of its own; what it stands in front of are others.
APP = "harp"
#: What HARP and its web server log under.
OUR_LOGGERS = ("harp.", "harp_apps.", "hypercorn.")
_ACCESS = "hypercorn.access"
_CONTROLLERS = "harp_apps.proxy.controllers"
_METHOD = r"([A-Z]{1,16})"
#: Whoever asks may make up others.
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"))
#: A request's target has no blanks, so nothing in it, nor behind it, can stand where the status stands.
_ACCESS_LINE = re.compile(rf'\S+ - - \[[^\]"]*\] "{_METHOD} \S* [\d.]+" (\d{{3}}) ')
_BEGIN = re.compile(rf"▶ {_METHOD} ")
_END = re.compile(r"◀ (.*) \((\d+(?:\.\d+)?)ms\)")
_CALL = re.compile(rf"▶▶ {_METHOD} (https?://\S+)")
_ENDPOINT = re.compile(r"\bendpoint='([^'\\]{1,128})'")
_FAILED_CLASSES = frozenset(("ERR", "5xx"))
_FIRST_FAILED_STATUS = 500


class HarpLine(msgspec.Struct):
    """The fields of a line that are read; everything else is skipped."""

    event: str
    logger: str
    timestamp: str
    level: str = ""
    transaction: str = ""
    method: str = ""
    status_class: str = ""
    extensions: dict[str, object] = {}


class Run(msgspec.Struct, frozen=True):
    """A step of a request."""

    #: What ran.
    key: ActivityKey
    #: How the line counts.
    status: Status
    #: Whether no line tells its start.
    with_start: bool = False
    #: How long it took, ms; negative when the line does not say.
    duration_ms: float = -1.0
    #: For people, of a failure: "HttpError Unavailable".
    cause: str = ""


class Call(msgspec.Struct, frozen=True):
    """A request that was handed on."""

    #: The endpoint it came in by.
    caller: ActivityKey
    #: The remote.
    callee: ActivityKey


def read_harp_line(line: HarpLine) -> Run | Call | None:
    """What the line tells; None for a message."""
    if line.logger == _ACCESS:
        return _access(line.event)
    if line.logger != _CONTROLLERS:
        return None
    if line.event.startswith("▶▶"):
        return _call(line)
    if found := _BEGIN.match(line.event):
        return Run(_proxied(found[1]), Status.START)
    found = _END.fullmatch(line.event)
    if found is None or re.fullmatch(_METHOD, line.method) is None:
        return None
    failed = line.status_class in _FAILED_CLASSES
    return Run(
        key=_proxied(line.method),
        status=Status.FAILED if failed else Status.DONE,
        duration_ms=float(found[2]),
        cause=found[1] if failed else "",
    )


def _access(event: str) -> Run | None:
    # Everything that came in by any port, the dashboard's as well. A target may hold anything: it is left out.
    found = _ACCESS_LINE.match(event)
    if found is None:
        return None
    failed = int(found[2]) >= _FIRST_FAILED_STATUS
    key = ActivityKey(APP, "", f"access.{_known(found[1])}", "request")
    cause = f"HTTP {found[2]}" if failed else ""
    return Run(key, Status.FAILED if failed else Status.DONE, with_start=True, cause=cause)


def _proxied(method: str) -> ActivityKey:
    return ActivityKey(APP, "", f"proxy.{_known(method)}", "request")


def _known(method: str) -> str:
    return method if method in _METHODS else "OTHER"


def _call(line: HarpLine) -> Call | None:
    found = _CALL.match(line.event)
    transaction = line.extensions.get("transaction")
    endpoint = _ENDPOINT.search(transaction) if isinstance(transaction, str) else None
    if found is None or endpoint is None:
        return None
    caller = ActivityKey(APP, "", clean_label(f"endpoint.{endpoint[1]}".encode()), "request")
    return Call(caller, remote_key(found[2]))
