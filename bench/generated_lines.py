"""
The lines that everything in the bench is given: what 200 events on 8 processes log, half of them START, each with its
DONE or (3 % of the lines) FAILED after as long as it took, 2 % messages, about 230 bytes a line. The same seed writes
the same bytes, and says what it wrote.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import heappop, heappush
from math import exp
from pathlib import Path

EVENTS = 200
PROCESSES = 8
#: As a busy machine writes them: 50 s of log for a million lines.
LINES_PER_S = 20_000
_APPS = ("shop-api 1.0", "stock 2.3", "mail 0.9", "payments 1.12")
_VERBS = ("place", "ship", "count", "refund", "send", "audit", "list", "verify", "render", "index")


@dataclass(slots=True)
class Written:
    """What stands in the files."""

    lines: int = 0
    size_bytes: int = 0
    #: (app as logged, event, status) → lines; messages under ("", "", "message").
    runs: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    #: Of all DONE, µs.
    total_duration_us: int = 0


def write_lines(
    folder: Path,
    *,
    lines: int = 1_000_000,
    files: int = 1,
    end_s: float,
    lines_per_s: float = LINES_PER_S,
    events: int = EVENTS,
    processes: int = PROCESSES,
    seed: int = 3,
) -> Written:
    """
    Write lines as hopeit.engine does, spread evenly over events and processes.

    Args:
        files: 1, or as many as there are processes (one each), or one an event and process as hopeit.engine has it.
        end_s: unix time of the last line, seconds.
        lines_per_s: how many lines share a second of the log: with it the number of distinct counts falls.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = Written()
    parts: dict[str, list[str]] = {}
    for file_name, text in _lines(lines, files, end_s, lines_per_s, events, processes, seed, written):
        part = parts.setdefault(file_name, [])
        part.append(text)
        if len(part) == 10_000:
            _append(folder / file_name, part, written)
    for file_name, part in parts.items():
        _append(folder / file_name, part, written)
    return written


def _append(path: Path, part: list[str], written: Written) -> None:
    data = "".join(part).encode()
    with path.open("ab") as file:
        file.write(data)
    written.lines += len(part)
    written.size_bytes += len(data)
    part.clear()


def _lines(
    lines: int, files: int, end_s: float, lines_per_s: float, events: int, processes: int, seed: int, written: Written
) -> Iterator[tuple[str, str]]:
    chance = random.Random(seed)
    # (logger's name, app's key, event, app)
    names = []
    for place in range(events):
        app = _APPS[place % len(_APPS)]
        name, version = app.split()
        event = f"{_VERBS[place // len(_APPS) % len(_VERBS)]}_{place}"
        key = f"{name.replace('-', '_')}.{version.replace('.', 'x')}"
        names.append((f"{app} {event} vm-7", key, event, app))
    start_s = end_s - lines / lines_per_s
    second, stamp = -1, ""
    # (when it ends, line, event, pid, ids, µs) of each run that has not.
    running: list[tuple[float, int, int, int, str, int]] = []
    for place in range(lines):
        at_s = start_s + place / lines_per_s
        if int(at_s) != second:
            second = int(at_s)
            stamp = f"{datetime.fromtimestamp(second, UTC):%Y-%m-%d %H:%M:%S}"
        head = f"{stamp},{int(at_s % 1 * 1000):03d} | "
        kind = chance.random()
        is_end = kind >= 0.02 and bool(running) and running[0][0] <= at_s
        if is_end:
            _, _, number, pid, track, duration_us = heappop(running)
        else:
            number, pid, track = chance.randrange(events), 4000 + chance.randrange(processes), _track(chance)
        logger, key, event, app = names[number]
        if kind < 0.02:
            status, text = "message", f"{head}INFO | {logger} {pid} | looked at item {place} | {track}extra.n={place}\n"
        elif not is_end:
            status, text = "START", f"{head}INFO | {logger} {pid} | START | {track}event.app={key}\n"
            duration_us = int(1000 * exp(chance.gauss(2.0, 1.0)))
            heappush(running, (at_s + duration_us / 1e6, place, number, pid, track, duration_us))
        elif chance.random() < 0.94:
            status = "DONE"
            written.total_duration_us += duration_us
            measured = f"metrics.duration={duration_us / 1000:.3f} | "
            text = f"{head}INFO | {logger} {pid} | DONE | response.status=200 | {measured}{track}event.app={key}\n"
        else:
            status, text = "FAILED", f"{head}ERROR | {logger} {pid} | FAILED | {track}event.app={key}\n"
        written.runs[(app, event, status) if status != "message" else ("", "", status)] += 1
        yield _file_name(files, processes, number, pid), text


def _track(chance: random.Random) -> str:
    ids = chance.randbytes(32).hex()
    return (
        f"track.operation_id={ids[:8]}-{ids[8:12]}-{ids[12:16]}-{ids[16:20]}-{ids[20:32]} | "
        f"track.request_id={ids[32:40]}-{ids[40:44]}-{ids[44:48]}-{ids[48:52]}-{ids[52:]} | "
    )


def _file_name(files: int, processes: int, number: int, pid: int) -> str:
    if files == 1:
        return "all.log"
    return f"{pid}.log" if files == processes else f"{number}_{pid}.log"


def write_json_lines(folder: Path, *, lines: int = 1_000_000, end_s: float, seed: int = 3) -> Written:
    """The same runs in ECS, START left out: one line a run, with its duration."""
    folder.mkdir(parents=True, exist_ok=True)
    chance, written, part = random.Random(seed), Written(), []
    start_s = end_s - lines / LINES_PER_S
    for place in range(lines):
        at_s = start_s + place / LINES_PER_S
        number, pid, duration_us = chance.randrange(EVENTS), chance.randrange(PROCESSES), chance.randrange(100_000)
        app, event = _APPS[number % len(_APPS)].split()[0], f"{_VERBS[number % len(_VERBS)]}_{number}"
        status, level = ("success", "info") if chance.random() < 0.97 else ("failure", "error")
        stamp = datetime.fromtimestamp(at_s, UTC).isoformat(timespec="milliseconds").removesuffix("+00:00")
        part.append(
            f'{{"@timestamp":"{stamp}Z","log.level":"{level}","message":"{event} ended","ecs.version":"1.6.0",'
            f'"service":{{"name":"{app}"}},"event":{{"action":"{event}","outcome":"{status}",'
            f'"duration":{duration_us * 1000}}},"trace":{{"id":"{chance.randbytes(16).hex()}"}},'
            f'"process":{{"pid":{4000 + pid}}}}}\n'
        )
        written.runs[app, event, status] += 1
        written.total_duration_us += duration_us
        if len(part) == 10_000:
            _append(folder / "all.json", part, written)
    _append(folder / "all.json", part, written)
    return written
