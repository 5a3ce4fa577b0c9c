"""
The recorded session, played as if it ran now: every record is appended to its file when it is due, stamped with now.

    python -m tests.tools.replay_live FOLDER --speed 2 --skip 5

Only the time at the begin of each record is rewritten. Times inside of records (track.request_ts …) stay: no number of
ours is made from them.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.world import FIXTURES

LOGS = FIXTURES / "hopeit" / "logs"
_STAMP = re.compile(rb"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),(\d{3}) \| ")
_STAMP_BYTES = len("2026-11-22 18:27:06,000")


@dataclass(frozen=True, slots=True)
class Record:
    """A line with the lines that continue it."""

    #: Unix time, seconds.
    at_s: float
    #: The file it was written to.
    file: str
    #: Bytes, newline included.
    content: bytes

    def stamped(self, at_s: float) -> bytes:
        """The same at another time."""
        now = datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%d %H:%M:%S,%f")[:-3]
        return now.encode() + self.content[_STAMP_BYTES:]


def recorded() -> list[Record]:
    """All records of the session in the order of their time."""
    records = [record for path in sorted(LOGS.glob("*.log")) for record in _records(path)]
    return sorted(records, key=lambda record: record.at_s)


def replay(
    folder: Path, *, speed: float = 1, skip_s: float = 0, stop: Callable[[], bool] = lambda: False
) -> Iterator[Record]:
    """
    Append each record when it is due. Yields after each.

    Args:
        speed: 2 plays it in half the time.
        skip_s: leave out the session's first seconds.
        stop: asked before each record.
    """
    records = recorded()
    first_s = records[0].at_s + skip_s
    begin_s = time.time()
    for record in records:
        if record.at_s < first_s:
            continue
        due_s = begin_s + (record.at_s - first_s) / speed
        while (ahead_s := due_s - time.time()) > 0 and not stop():
            time.sleep(min(ahead_s, 0.1))
        if stop():
            return
        with (folder / record.file).open("ab") as file:
            file.write(record.stamped(time.time()))
        yield record


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the log files are written")
    parser.add_argument("--speed", type=float, default=1)
    parser.add_argument("--skip", type=float, default=0, help="seconds of the session to leave out first")
    parser.add_argument("--loop", action="store_true", help="begin anew at the end")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    while True:
        count = sum(1 for _ in replay(options.folder, speed=options.speed, skip_s=options.skip))
        print(f"{count} records played")
        if not options.loop:
            return


def _records(path: Path) -> Iterator[Record]:
    lines: list[bytes] = []
    for line in path.read_bytes().splitlines(keepends=True):
        if _STAMP.match(line) and lines:
            yield _record(path.name, lines)
            lines = []
        lines.append(line)
    if lines:
        yield _record(path.name, lines)


def _record(name: str, lines: list[bytes]) -> Record:
    content = b"".join(lines)
    stamp = _STAMP.match(content)
    if stamp is None:
        raise ValueError(f"{name} does not begin with a time")
    at = datetime.strptime(stamp[1].decode(), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    return Record(at_s=at.timestamp() + int(stamp[2]) / 1000, file=name, content=content)


if __name__ == "__main__":
    main()
