"""Files as collectors tell of them, written into Redis and SQL without any collector: for the page about sources."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from typing import Any

import msgspec
import redis

from collector.models import redis_keys
from collector.models.file_status import QUIET, READING, UNREADABLE, WAITING, FileStatus, encode_status
from collector.models.heartbeat import CollectorBeat, RollupBeat

COLLECTOR = "a1:4711"


def tell_beat(client: redis.Redis, *, collector_id: str = COLLECTOR, ago_s: float = 0.3, **fields: Any) -> None:
    """A collector's heartbeat."""
    now_s = time.time()
    times = {"at_s": now_s - ago_s, "started_s": now_s - 7400, "caught_up_s": now_s - ago_s}
    beat = CollectorBeat(collector_id=collector_id, **{**times, **fields})
    client.set(redis_keys.LAYOUT, f"{redis_keys.LAYOUT_VERSION}:1")
    client.set(redis_keys.rollup_beat(0), msgspec.json.encode(RollupBeat(at_s=now_s, caught_up_s=now_s)))
    client.hset(redis_keys.COLLECTORS, collector_id, msgspec.json.encode(beat))


def tell_files(client: redis.Redis, files: Iterable[FileStatus], *, collector_id: str = COLLECTOR) -> None:
    """What it says of its files; a file told again is told anew."""
    told = {status.path.encode("utf-8", "replace"): encode_status(status) for status in files}
    if told:
        client.hset(redis_keys.file_statuses(collector_id), mapping=told)  # type: ignore[arg-type]


def read_file(path: str, **fields: Any) -> FileStatus:
    """A file that is read to its end."""
    known = {"size_bytes": 4_200_000, "offset": 4_200_000, "format": "hopeit", "confidence": 0.98}
    last = {"last_line_s": time.time() - 2, "file_id": os.fsencode(path).hex()[-24:], "state": READING}
    return FileStatus(path=path, **{**known, **last, "lines_per_s": 12.4, **fields})


def many_files(count: int) -> list[FileStatus]:
    """Files as a day of a large installation has them: mostly quiet, some busy, some late."""
    apps = ("orders", "billing", "warehouse", "mail", "search", "login")
    files = []
    for number in range(count):
        app = apps[number % len(apps)]
        busy, late = number % 7 == 0, number % 41 == 0
        size = 40_000 + (number * 7919) % 90_000_000
        lag = 120_000 + number * 311 if late else 0
        files.append(
            read_file(
                f"/var/log/apps/{app}/{app}_{number:04d}.log",
                file_id=f"{number:024x}",
                state=READING if busy or late else QUIET,
                size_bytes=size,
                offset=size - min(lag, size),
                lag_bytes=min(lag, size),
                behind_since_s=time.time() - 3 - number % 90 if late else 0.0,
                lines_per_s=(number % 50) * 3.7 if busy else 0.0,
                last_line_s=time.time() - (2 if busy else 60 + number * 13),
                generation=int(number % 60 == 5),
            )
        )
    return files


def troubled_files() -> list[FileStatus]:
    """One of each trouble."""
    return [
        read_file(
            "/var/log/apps/payments/audit.log",
            file_id="",
            format="",
            confidence=0.0,
            state=UNREADABLE,
            reason="permission denied",
            size_bytes=81_920,
            offset=0,
            lag_bytes=81_920,
            behind_since_s=time.time() - 4000,
            lines_per_s=0.0,
            last_line_s=0.0,
        ),
        read_file(
            "/var/log/apps/legacy/app.out",
            format="",
            confidence=0.0,
            complaint="hopeit: expected a time stamp such as 2026-11-22 18:28:50,123, came [22/Nov/2026:18:28:50",
            first_lines=(
                '10.0.0.7 - - [22/Nov/2026:18:28:50 +0000] "GET /health HTTP/1.1" 200 15',
                '10.0.0.9 - - [22/Nov/2026:18:28:51 +0000] "POST /orders HTTP/1.1" 201 482',
                '10.0.0.7 - - [22/Nov/2026:18:28:55 +0000] "GET /health HTTP/1.1" 200 15',
            ),
        ),
        read_file(
            "/var/log/apps/search/index.log",
            state=WAITING,
            reason="reading is paused: the rollup does not keep up",
            offset=1_900_000,
            lag_bytes=2_300_000,
            behind_since_s=time.time() - 95,
        ),
    ]
