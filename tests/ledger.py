"""
A generator of numbered log lines that knows what it wrote: exact counts by app, event, status and second. EXACT means
that SQL says the same, in every width, and that not a byte is missing.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from tests.hopeit_line import hopeit_line
from tests.sql_copy import counted_bytes, counted_runs

_EVENTS = ("orders.place", "orders.ship", "stock.count$check")
_STATUSES = ("START", "DONE", "FAILED", "IGNORED")
#: Lines are as old as this at most: every width of buckets has them.
_OLDEST_S = 300


class Ledger:
    """What was written into one folder."""

    def __init__(self, folder: Path, *, seed: int, now_s: float) -> None:
        self._folder = folder
        self._chance = random.Random(seed)
        self._now_s = int(now_s)
        #: (app, event, status, second) → lines.
        self.runs: Counter[tuple[str, str, str, int]] = Counter()
        #: Bytes of all lines.
        self.size_bytes = 0

    def write(self, lines: int) -> None:
        """Append this many lines to the files of some events and processes."""
        for _ in range(lines):
            event, status = self._chance.choice(_EVENTS), self._chance.choice(_STATUSES)
            pid, second = self._chance.choice((7, 8)), self._now_s - self._chance.randrange(_OLDEST_S)
            base = event.partition("$")[0]
            line = hopeit_line(
                status,
                f"service.event_name={event}",
                f"track.request_id=line-{sum(self.runs.values())}",
                "event.app=shop.1x0",
                time=f"{datetime.fromtimestamp(second, UTC):%Y-%m-%d %H:%M:%S},000",
                logger=f"shop 1.0 {base} vm {pid}",
            )
            with (self._folder / f"shop_{base}_{pid}.log").open("ab") as file:
                file.write(line)
            self.runs["shop.1x0", event, status, second] += 1
            self.size_bytes += len(line)

    def is_counted(self, database: Path) -> bool:
        """Has every byte been counted?"""
        return counted_bytes(database) == self.size_bytes

    def assert_equals(self, database: Path) -> None:
        """SQL holds exactly what was written."""
        assert counted_runs(database, width_s=1) == self.runs
        wide: Counter[tuple[str, str, str, int]] = Counter()
        for (app, event, status, second), lines in self.runs.items():
            wide[app, event, status, second - second % 10] += lines
        assert counted_runs(database, width_s=10) == wide
