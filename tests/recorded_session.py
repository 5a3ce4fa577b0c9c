"""
The recorded session of tests/fixtures/hopeit, written again piece by piece; and what it says, read in the plainest way,
which is not ours: one line at a time, by its separators.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.world import FIXTURES

LOGS = FIXTURES / "hopeit" / "logs"
#: The moment the recording was over: where the clock of the processes is set to.
END = datetime(2026, 11, 22, 18, 33, tzinfo=UTC)
_STATUSES = {"START", "DONE", "FAILED", "IGNORED"}
_STAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \| ")


class RecordedSession:
    """98 files and what they say."""

    def __init__(self) -> None:
        self.files = {path.name: path.read_bytes() for path in sorted(LOGS.glob("*.log"))}
        #: (app, event, status) → lines.
        self.runs: Counter[tuple[str, str, str]] = Counter()
        #: Reason → lines that are no runs.
        self.other: Counter[str] = Counter()
        for content in self.files.values():
            # Not splitlines(): a line ends with a newline and nothing else.
            for line in content.decode().split("\n")[:-1]:
                self._read(line)

    @property
    def size_bytes(self) -> int:
        """Bytes of all files."""
        return sum(map(len, self.files.values()))

    def write(self, folder: Path, *, seed: int, pieces: int = 4) -> Iterator[None]:
        """
        Append every file in pieces cut anywhere, all files mixed; half of them are renamed to <name>.1 on the way and
        begun anew, as a rotation does between two lines. Yields after each piece.
        """
        chance = random.Random(seed)
        waiting = {name: self._cut(content, chance, pieces) for name, content in self.files.items()}
        for name in waiting:
            (folder / name).touch()
        while waiting:
            name = chance.choice(sorted(waiting))
            rotate, piece = waiting[name].pop(0)
            with (folder / name).open("ab") as file:
                file.write(piece)
            if rotate:
                (folder / name).rename(folder / f"{name}.1")
                (folder / name).touch()
            if not waiting[name]:
                del waiting[name]
            yield

    def assert_equals(self, report: dict[str, Any]) -> None:
        """The report says what the files say, to the last byte."""
        entries = {(e["app"], e["event"], e["status"]): e["count"] for e in report["entries"]}
        size = report["bytes"]
        assert entries == dict(self.runs)
        assert report["skipped"] == dict(self.other)
        assert size["read"] == size["parsed"] + size["skipped"] == self.size_bytes
        assert (size["dropped"], report["lost"]) == (0, {})

    def _cut(self, content: bytes, chance: random.Random, pieces: int) -> list[tuple[bool, bytes]]:
        cuts = {chance.randrange(len(content) + 1) for _ in range(pieces - 1)}
        rotate_at = None
        if content.count(b"\n") > 1 and chance.random() < 0.5:
            rotate_at = content.index(b"\n", chance.randrange(content.rindex(b"\n", 0, -1))) + 1
            cuts.add(rotate_at)
        edges = sorted({0, *cuts, len(content)})
        return [(end == rotate_at, content[begin:end]) for begin, end in pairwise(edges)] or [(False, b"")]

    def _read(self, line: str) -> None:
        if not _STAMP.match(line):
            self.other["continuation"] += 1
            return
        _, _, logger, message, *extras = line.split(" | ")
        if message not in _STATUSES:
            self.other["stats" if message == "STATS" else "message"] += 1
            return
        values = dict(extra.split("=", 1) for extra in extras if "=" in extra)
        event = values.get("stream.event_name") or values.get("service.event_name") or logger.split(" ")[2]
        plugin = values.get("event.plugin")
        self.runs[values["event.app"], f"{plugin}.{event}" if plugin else event, message] += 1
