"""Outcome: what a line that tells of a run is counted as."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from collector.core.json_fields import Name
from collector.core.labels import clean_label
from collector.models.activity import ActivityKey, Server, Status
from collector.models.app_key import make_service_key

#: Words of a phase or a status that need no mapping.
WORDS: Mapping[str, Status] = {
    **dict.fromkeys(("start", "started", "begin", "began", "starting"), Status.START),
    **dict.fromkeys(("done", "ok", "success", "succeeded", "successful", "complete", "completed"), Status.DONE),
    **dict.fromkeys(("finish", "finished", "end", "ended"), Status.DONE),
    **dict.fromkeys(("fail", "failed", "failure", "error", "errored", "exception", "timeout"), Status.FAILED),
    **dict.fromkeys(("ignored", "skipped", "dropped"), Status.IGNORED),
}
ERROR_LEVELS = frozenset(("error", "err", "critical", "crit", "fatal", "alert", "emerg", "panic"))
#: An answer of HTTP from here on failed.
_FIRST_FAILED_HTTP = 500
_LONGEST_NUMBER_BITS = 128


class Outcome(msgspec.Struct, frozen=True):
    """Where a run is counted."""

    #: What ran.
    key: ActivityKey
    #: On which process.
    server: Server
    #: A Status.
    status: int
    #: Whether its start is told by no line of its own: then the end counts one, too, or nothing would be pending.
    with_start: bool


class Verdict(msgspec.Struct, frozen=True):
    """What all lines with the same names are."""

    #: As what a line that tells a duration counts; None for a message.
    timed: Outcome | None
    #: As what one without a duration counts.
    untimed: Outcome | None
    #: Whether it is of level ERROR or above: it may be the cause of a failure.
    is_error: bool


def judge(roles: Mapping[str, Name], words: Mapping[str, str]) -> Verdict:
    """
    Decide what lines with these names are.

    A phase says it; else a status, which only ends have; else a duration, which only ends have as well, or an error
    of something that is named. Everything else is a message.

    Args:
        roles: role (ROUTE_ROLES) → value.
        words: word → one of PHASES, beside WORDS.
    """
    is_error = str(roles.get("level", "")).lower() in ERROR_LEVELS
    app, event = _app_key(roles), _label(roles.get("event"))
    where = _label(roles.get("logger"))
    phase = _status_of(roles.get("phase"), words)
    status = phase if phase is not None else _status_of(roles.get("status"), words)

    def outcome(status: Status, name: str) -> Outcome | None:
        if not app or not name:
            return None
        with_start = phase is None and status is not Status.START
        return Outcome(_key(app, name, roles), _server(roles), int(status), with_start)

    if status is not None:
        told = outcome(status, event or where)
        return Verdict(told, told, is_error)
    timed = outcome(Status.FAILED if is_error else Status.DONE, event or where)
    return Verdict(timed, outcome(Status.FAILED, event) if is_error else None, is_error)


def _key(app: str, event: str, roles: Mapping[str, Name]) -> ActivityKey:
    stream = _label(roles.get("stream"))
    return ActivityKey(
        app=app,
        plugin="",
        event=event,
        kind="stream" if stream else "request",
        stream=stream,
        queue=_label(roles.get("queue")),
        consumer_group=_label(roles.get("group")),
    )


def _server(roles: Mapping[str, Name]) -> Server:
    return Server(_label(roles.get("host")), _label(roles.get("pid")))


def _app_key(roles: Mapping[str, Name]) -> str:
    # Without a name of its own, an app goes by the first part of its loggers' names.
    name = _label(roles.get("app")) or _label(roles.get("logger")).partition(".")[0]
    return clean_label(make_service_key(name, _label(roles.get("version"))).encode()) if name else ""


def _status_of(value: Name, words: Mapping[str, str]) -> Status | None:
    if value is None:
        return None
    word = _label(value).lower()
    if word in words:
        return Status[words[word].upper()]
    if len(word) == 3 and word.isascii() and word.isdigit() and word[0] in "12345":
        return Status.FAILED if int(word) >= _FIRST_FAILED_HTTP else Status.DONE
    return WORDS.get(word)


def _label(value: Name) -> str:
    if isinstance(value, int) and value.bit_length() > _LONGEST_NUMBER_BITS:
        return "a huge number"
    return clean_label(str(value).strip().encode("utf-8", "backslashreplace")) if value is not None else ""
