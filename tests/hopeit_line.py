"""Builds lines as hopeit.engine writes them, and adds up what a batch says of lines."""

from __future__ import annotations

import json
from collections import Counter
from urllib.parse import quote

from collector.core.hopeit_lines import HopeitLines
from collector.models.activity import ActivityKey, Status
from collector.models.batch import LogBatch

#: 2026-11-22 18:27:15 UTC.
SECOND = 1795372035
LEVELS = {"FAILED": "ERROR", "IGNORED": "WARNING"}
TRACK = "track.operation_id=op-1 | track.request_id=req-1 | track.request_ts=2026-11-22T18:27:11+00:00"
APP = "event.app=simple_example.0x30"
STREAM = (
    "stream.app_key=simple_example.0x30 | stream.event_name=fulfil$pick | stream.name=orders.placed.express"
    " | stream.consumer_group=group | stream.queue=express"
)


def hopeit_line(
    message: str = "START",
    *extras: str,
    time: str = "2026-11-22 18:27:15,378",
    level: str = "",
    logger: str = "simple-example 0.30 query vm 29066",
    end: str = "\n",
) -> bytes:
    """One line; without extras it has the track ids and the app, as a request has."""
    level = level or LEVELS.get(message, "INFO")
    return (" | ".join((time, level, logger, message, *(extras or (TRACK, APP)))) + end).encode()


def trace_of(*parts: str) -> str:
    """A traceback the way hopeit writes it."""
    return "trace=" + quote(json.dumps(parts))


def parse(data: bytes) -> LogBatch:
    """The batch of these bytes, by a parser that has seen nothing before."""
    return HopeitLines().parse(data, offset=0, received_s=0).batch


def only_key(batch: LogBatch) -> ActivityKey:
    """The key of a batch that has one."""
    (key,) = batch.keys
    return key


def statuses(batch: LogBatch) -> dict[str, int]:
    """Status → executions."""
    found: Counter[str] = Counter()
    for count in batch.counts:
        found[Status(count.status).name] += count.count
    return dict(found)


def reasons(batch: LogBatch) -> dict[str, int]:
    """Reason → lines."""
    return {reason: skipped.lines for reason, skipped in batch.skipped.items()}


def size_bytes(batch: LogBatch) -> int:
    """Bytes that the batch accounts for."""
    return sum(c.size_bytes for c in batch.counts) + sum(s.size_bytes for s in batch.skipped.values())


def sums(*batches: LogBatch) -> Counter[tuple[object, ...]]:
    """Everything that batches count, so that two ways of cutting the same lines can be compared."""
    found: Counter[tuple[object, ...]] = Counter()
    for batch in batches:
        for count in batch.counts:
            place = (count.second, batch.keys[count.key], batch.servers[count.server], int(count.status))
            found["lines", *place] += count.count
            found["bytes", *place] += count.size_bytes
            found.update({("duration", *place, bucket): n for bucket, n in count.durations.items()})
            found.update({("age", *place, bucket): n for bucket, n in count.stream_ages.items()})
        for reason, skipped in batch.skipped.items():
            found["skipped lines", reason] += skipped.lines
            found["skipped bytes", reason] += skipped.size_bytes
    return found
