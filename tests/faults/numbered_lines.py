"""Lines that can be told apart by what is counted of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from tests.hopeit_line import hopeit_line

#: (app, event, status, start of ten seconds)
Cell = tuple[str, str, str, int]

_EVENTS, _TENS, _STATUSES = 500, 29, ("START", "DONE", "IGNORED")
#: This many lines have a cell each.
DISTINCT_LINES = _EVENTS * _TENS * len(_STATUSES)


class NumberedLines:
    """Makes lines, one after the other; knows what must be counted."""

    def __init__(self, now_s: float) -> None:
        self._begin_s = int(now_s) // 10 * 10 - 10 * _TENS
        #: How many were made.
        self.made = 0
        #: How often each cell must be counted.
        self.cells: Counter[Cell] = Counter()
        #: Bytes of all of them.
        self.size_bytes = 0

    def take(self, count: int) -> bytes:
        """The next lines."""
        return b"".join(self.line() for _ in range(count))

    def line(self, *extras: str, end: str = "\n") -> bytes:
        """The next line."""
        event, place = self.made % _EVENTS, self.made // _EVENTS
        second, status = self._begin_s + 10 * (place % _TENS), _STATUSES[place // _TENS % len(_STATUSES)]
        name = f"load.e{event:03}"
        line = hopeit_line(
            status,
            f"service.event_name={name}",
            f"track.request_id=line-{self.made}",
            *extras,
            "event.app=shop.1x0",
            time=f"{datetime.fromtimestamp(second, UTC):%Y-%m-%d %H:%M:%S},000",
            logger=f"shop 1.0 {name} vm 7",
            end=end,
        )
        self.cells["shop.1x0", name, status, second] += 1
        self.made += 1
        self.size_bytes += len(line)
        return line


def cells_of(lines: Iterable[bytes]) -> Counter[Cell]:
    """The cells of lines that NumberedLines made."""
    found: Counter[Cell] = Counter()
    for line in lines:
        stamp, _, logger, status, *_ = line.decode().split(" | ")
        second = datetime.strptime(stamp[:19], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
        found["shop.1x0", logger.split(" ")[2], status, int(second.timestamp())] += 1
    return found
