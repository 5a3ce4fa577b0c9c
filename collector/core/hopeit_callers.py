"""
Who called: hopeit's apps-client names itself in the headers of a call, and the called event's lines repeat that right
behind their operation id. Headers are somebody else's choice: a name is believed as a name, and how many there are is
bounded.

A call is counted once, where the called run starts; that it failed where the run does, which may be in another chunk.
What failed is the called event's to tell: a caller that gave up waiting says so in no line. The message of a stream
hands on who called its writer, which makes nobody the caller of its reader; and a run that names itself was set off by
a job.
"""

from __future__ import annotations

from collector.core.batch_builder import Route
from collector.core.hopeit_head import SEPARATOR
from collector.core.labels import clean_label
from collector.models.activity import CALLER, OTHER, ActivityKey, Status

#: Stands in each line that tells its caller.
CALLER_MARK = b" | track.client_app_key="
#: Distinct callers of one source that are told apart.
MAX_CALLERS = 512

_OPERATION, _APP, _EVENT = b"track.operation_id=", b"track.client_app_key=", b"track.client_event_name="
_TRACK_NAME = b"track."
_TELLING = (int(Status.START), int(Status.FAILED))
_OTHERS = ActivityKey(OTHER, "", OTHER, CALLER)


class Callers:
    """Of one source."""

    def __init__(self) -> None:
        #: b"client_app_key=a.1 | track.client_event_name=e | " → who that is. They hold no other separators, so that
        #: none begins another.
        self.known: dict[bytes, ActivityKey] = {}

    def find(self, text: bytes) -> tuple[ActivityKey, bool]:
        """Who a caller_text() names, and whether that is news."""
        key = self.known.get(text)
        if key is not None:
            return key, False
        if len(self.known) >= MAX_CALLERS:
            return _OTHERS, False
        app, event = text.split(SEPARATOR)[:2]
        key = ActivityKey(_value(app), "", _value(event), CALLER)
        self.known[text] = key
        return key, True


def takes_calls(route: Route) -> bool:
    """May a line that is counted there tell of a call?"""
    return route.status in _TELLING and route.key.kind == "request"


def caller_text(track: bytes) -> bytes:
    """
    What names the caller, b"" for nothing.

    Args:
        track: track ids, as Extras has them.
    """
    fields = track.split(SEPARATOR, 4)
    if len(fields) < 4 or not all(map(bytes.startswith, fields[1:4], (_OPERATION, _APP, _EVENT))):
        return b""
    if fields[2] == _APP or fields[3] == _EVENT:
        return b""
    return fields[2].removeprefix(_TRACK_NAME) + SEPARATOR + fields[3] + SEPARATOR


def is_call(caller: ActivityKey, callee: ActivityKey) -> bool:
    """False where a run names itself."""
    return (caller.app, caller.event) != (callee.app, callee.event)


def _value(field: bytes) -> str:
    return clean_label(field.partition(b"=")[2])
