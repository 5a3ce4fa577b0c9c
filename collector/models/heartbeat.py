"""What each long-running process says of itself once a second, kept in Redis as JSON."""

from __future__ import annotations

import msgspec

#: A beat each second; two missed and a page may say so.
BEAT_INTERVAL_S = 1.0


class CollectorBeat(msgspec.Struct, kw_only=True):
    """One collector. Times are unix seconds by its own clock."""

    #: "<host id>:<pid>".
    collector_id: str
    #: When it said so.
    at_s: float
    #: When it started.
    started_s: float
    #: The last moment at which nothing it could read was waiting to be shipped.
    caught_up_s: float
    #: Files it follows.
    files: int = 0
    #: Bytes that wait in them.
    backlog_bytes: int = 0
    #: Lines shipped since it started.
    lines_total: int = 0
    #: What its applications count of themselves, since it started: {"otlp_calls_unanswered": 3}.
    counters: dict[str, int] = {}
    #: Configured globs → files they match now (0 is what the empty page explains).
    patterns: dict[str, int] = {}
    #: Problems people should read: "permission denied: …", at most 20.
    problems: list[str] = []


class RollupBeat(msgspec.Struct, kw_only=True):
    """One shard's rollup. Times are unix seconds by its own clock."""

    #: When it said so.
    at_s: float
    #: The last moment at which its stream was empty.
    caught_up_s: float
    #: Batches waiting.
    waiting: int = 0
    #: Time of the newest entry it has counted, of all time; 0 when it has counted none.
    newest_s: float = 0
    #: Why it cannot go on ("database is locked since …"); "" when it can.
    problem: str = ""
