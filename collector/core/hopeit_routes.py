"""
What the lines of one source were seen to begin with, and what such lines are. Two lines whose bytes from the time
stamp's end to their first value are alike, and which end alike, are counted alike; the first of them was read whole.
"""

from __future__ import annotations

from collector.core.batch_builder import Route
from collector.core.hopeit_callers import Callers
from collector.core.hopeit_head import SEPARATOR
from collector.core.hopeit_route_table import KnownRun, Places, RouteTable
from collector.core.text_table import MAX_TEXT_BYTES
from collector.models.activity import ActivityKey

#: Distinct beginnings remembered for one source. hopeit writes a file per event: a few are normal. Where one file has
#: all events of a host it takes 3 for each event and process.
MAX_ROUTES = 8192
#: Routes that go into a table in the time in which one line is read by itself.
ROUTES_FOR_A_LINE = 4

# Of all sources together: there may be thousands that say little.
_NOTHING_KNOWN = RouteTable({}, Places(), (), (), {})


class HopeitRoutes:
    """Of one source."""

    def __init__(self) -> None:
        #: b" | INFO | a 1 e vm 1 | DONE | response.status=200 | metrics.duration=" → where, and how its lines end.
        self.runs: dict[bytes, KnownRun] = {}
        #: b"a 1 e vm 1" → where its runs were counted last, as far as they were new.
        self.last_of_logger: dict[bytes, Route] = {}
        self._places = Places()
        self._messages: dict[bytes, None] = {}
        self._stats: dict[bytes, None] = {}
        self._callers = Callers()
        self._table = _NOTHING_KNOWN
        self._news = False
        self._missed = 0

    def learn_run(self, prefix: bytes, route: Route, end: bytes) -> None:
        """
        Args:
            prefix: from the time stamp's end to the first value: it ends in " | track." or " | metrics.duration=".
            end: " | event.app=…", to the end of the line.
        """
        if max(len(prefix), len(end)) > MAX_TEXT_BYTES:
            return
        # A dict forgets nothing by itself, and what apps log as START may differ in every line.
        if len(self.runs) >= MAX_ROUTES or len(self._places.ends) >= MAX_ROUTES:
            self.runs.clear()
            self.last_of_logger.clear()
            self._places = Places()
        self.runs[prefix] = KnownRun(route, end, self._places.number(route), self._places.end_number(end))
        self.last_of_logger[prefix.split(SEPARATOR, 3)[2]] = route
        self._news = True

    def learn_message(self, prefix: bytes) -> None:
        """A line of this level and logger that is no execution; `prefix` goes up to its message."""
        self._learn(prefix, self._messages)

    def learn_stats(self, prefix: bytes) -> None:
        """A STATS line; `prefix` goes up to its first extra."""
        self._learn(prefix, self._stats)

    def caller(self, text: bytes) -> ActivityKey:
        """Whom a caller_text() names."""
        key, is_new = self._callers.find(text)
        self._news = self._news or is_new
        return key

    def miss(self, lines: int) -> None:
        """So many lines were not found in the table."""
        self._missed += lines

    def table(self) -> RouteTable:
        """For looking at many lines at once. It is made anew when that costs less than what it missed."""
        known = len(self.runs) + len(self._messages) + len(self._stats)
        if self._news and self._missed * ROUTES_FOR_A_LINE >= known:
            callers = {text: key for text, key in self._callers.known.items() if len(text) <= MAX_TEXT_BYTES}
            self._table = RouteTable(self.runs, self._places, list(self._messages), list(self._stats), callers)
            self._news, self._missed = False, 0
        return self._table

    def _learn(self, prefix: bytes, known: dict[bytes, None]) -> None:
        if prefix not in known and len(prefix) <= MAX_TEXT_BYTES:
            if len(known) >= MAX_ROUTES:
                known.clear()
            known[prefix] = None
            self._news = True
