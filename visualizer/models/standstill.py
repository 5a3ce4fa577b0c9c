"""Standstill: something that should go on at a node and does not; its wire form in Redis."""

from __future__ import annotations

from math import inf
from typing import NamedTuple

import msgspec

from collector.models.activity import ActivityKey, Server
from visualizer.models.open_run import OpenPlace

#: A run that began has not ended within its time-out.
STUCK = "stuck"
#: A stream is written, and a consumer group that reads it starts nothing.
UNREAD = "unread"
#: A service that says something again and again says nothing any more.
STOPPED = "stopped"
#: The hosts of its app answered before, and do not any more; nor does it run.
GONE = "gone"
#: What is told of a node that has several, the worst first; and the state that each of them is.
KINDS = (GONE, STOPPED, STUCK, UNREAD)
STATE_OF = {GONE: "fail", STOPPED: "fail", STUCK: "wait", UNREAD: "wait"}


class OldRun(msgspec.Struct, frozen=True, array_like=True):
    """A run that is open for too long."""

    #: Unix time of its START, seconds.
    began_s: float
    #: Its ids; "" when its line had none.
    operation_id: str
    request_id: str
    #: Where it runs, as logged.
    host_name: str
    pid: str


class Standstill(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Of one node."""

    #: One of KINDS.
    kind: str
    #: Unix time since when, seconds: stuck, since the time-out of the oldest; else since it was seen last.
    since_s: float
    #: How long is right: the time-out, or how long the service may be silent, seconds; 0 where there is none.
    limit_s: float = 0.0
    #: Nobody declares that limit.
    is_default: bool = False
    #: Stuck runs, or messages that were written and not read, at least; hosts that are gone.
    count: int = 0
    #: Further runs that are open, of which only the number is known.
    more: int = 0
    #: Consumer groups that read nothing; hosts that do not answer.
    names: tuple[str, ...] = ()
    #: The oldest stuck runs, the oldest first.
    oldest: tuple[OldRun, ...] = ()


class HeldRuns(NamedTuple):
    """What is open of one activity on one process that lives."""

    key: ActivityKey
    server: Server
    open: OpenPlace
    #: Unix second up to which its lines were read, where their collector is silent.
    seen_until_s: float = inf


class Flow(NamedTuple):
    """How an activity did lately and of all time."""

    #: Runs that started in the last FED_S, and of all time.
    lately: int = 0
    total: int = 0
    #: Unix second of the newest; 0 for never.
    last_s: int = 0
