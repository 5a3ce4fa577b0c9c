"""
What a polled host answered: HostPoll, one round of questions as it came back, and HostAnswer, the state of the host,
kept in Redis as JSON (collector/models/redis_keys.py, HOSTS).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

ALIVE = "ALIVE"
ERROR = "ERROR"
#: What stands in the paths of hopeit's addresses, newest first.
KNOWN_VERSIONS = ("0x30", "0x29", "0x28", "0x27", "0x26", "0x25")
#: The source application that polls hopeit's config-manager.
CONFIG_MANAGER = "config_manager"
#: Nothing tells whether it answers: only of what another system watches, such as a proxy's remote.
UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class HostPoll:
    """One round: RuntimeApps for both values of expand_events, or a reason why not. Secrets are still in it."""

    #: "" when it worked, else why not, for people.
    reason: str = ""
    #: API version that answered.
    api_version: str = ""
    #: From the question to the whole first answer.
    latency_ms: float | None = None
    #: With expand_events=false.
    standard: dict[str, Any] | None = None
    #: With expand_events=true.
    expanded: dict[str, Any] | None = None
    #: Hash of both answers' bytes, by which an unchanged one is known; secrets are hashed in it, so it is never kept.
    raw_hash: bytes = b""


class HostAnswer(msgspec.Struct, kw_only=True):
    """The state of one configured host. Secrets are redacted before anything stands here."""

    #: Base URL as configured.
    url: str
    #: Place in the configuration, from 0: configs are merged in this order.
    position: int
    #: ALIVE, ERROR or UNKNOWN.
    status: str
    #: Why not ALIVE: "connection refused", "no answer within 5 s", "404 from every known version" …
    reason: str = ""
    #: Unix time since which the status holds.
    since_s: float
    #: Unix time of the last poll.
    polled_s: float
    #: How long the answer took; None while nothing answered.
    latency_ms: float | None = None
    #: API version that answered, e.g. "0x30".
    api_version: str = ""
    #: Hash of the content of both answers; "" before the first.
    content_hash: str = ""
    #: RuntimeApps of the last good answer with expand_events=false ({"apps": …, "server_status": …}).
    standard: dict[str, Any] | None = None
    #: The same with expand_events=true.
    expanded: dict[str, Any] | None = None
    #: Source application that polled it.
    source: str = CONFIG_MANAGER
