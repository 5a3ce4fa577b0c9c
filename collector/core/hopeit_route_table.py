"""RouteTable: the routes of one source as columns, to be looked up for many lines at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from collector.core.batch_builder import Route
from collector.core.hopeit_callers import takes_calls
from collector.core.hopeit_extras import DURATION
from collector.core.hopeit_head import ENGINE_LOGGER, SEPARATOR
from collector.core.line_index import Mask, Words
from collector.core.open_runs import place_mark
from collector.core.prefix_table import PrefixTable
from collector.core.text_table import TextTable
from collector.models.activity import ActivityKey, Server, Status
from collector.models.packed_column import Column


class KnownRun(msgspec.Struct, frozen=True):
    """What a known beginning of lines means."""

    #: Where they are counted.
    route: Route
    #: What they have to end with.
    end: bytes
    #: Of the route, in its Places.
    place: int
    #: Of the end, there.
    end_number: int


class Places:
    """Numbers for what routes are counted under, and for how their lines end."""

    def __init__(self) -> None:
        self.keys: dict[ActivityKey, int] = {}
        self.servers: dict[Server, int] = {}
        #: (key, server, status), by number.
        self.places: dict[tuple[int, int, int], int] = {}
        self.ends: dict[bytes, int] = {}

    def number(self, route: Route) -> int:
        """Of where it is counted."""
        key = self.keys.setdefault(route.key, len(self.keys))
        server = self.servers.setdefault(route.server, len(self.servers))
        return self.places.setdefault((key, server, route.status), len(self.places))

    def end_number(self, end: bytes) -> int:
        """Of how a line ends."""
        return self.ends.setdefault(end, len(self.ends))


class RouteTable:
    """Routes are numbered in the order of their mapping; so are messages and stats in theirs."""

    def __init__(
        self,
        runs: Mapping[bytes, KnownRun],
        places: Places,
        messages: Sequence[bytes],
        stats: Sequence[bytes],
        callers: Mapping[bytes, ActivityKey],
    ) -> None:
        #: What numbers their places: tables of the same Places agree on them.
        self.places = places
        #: What the lines of each route begin with.
        self.runs = PrefixTable(list(runs))
        #: Whether a duration follows.
        self.timed: Mask = np.array([prefix.endswith(DURATION) for prefix in runs], np.bool_)
        #: How the lines of each route end: number in `ends`.
        self.end: Column = np.array([run.end_number for run in runs.values()], np.int64)
        self.ends = TextTable(list(places.ends))
        #: Where each route is counted: rows of place_key, place_server, place_status. Routes may share one.
        self.place: Column = np.array([run.place for run in runs.values()], np.int64)
        self.place_key, self.place_server, self.place_status = np.array(list(places.places), np.int64).reshape(-1, 3).T
        self.failed: Mask = self.place_status[self.place] == int(Status.FAILED)
        #: What place_key and place_server count.
        self.keys, self.servers = list(places.keys), list(places.servers)
        counted = [(self.keys[key], self.servers[server]) for key, server, _ in places.places]
        marks = [place_mark(*where) for where in counted]
        #: Of the lines of each route, whether they begin a run; and what tells apart where the run counts.
        self.starts: Mask = self.place_status[self.place] == int(Status.START)
        self.mark: Words = np.array(marks, np.uint64)[self.place]
        #: What each mark tells.
        self.where = dict(zip(marks, counted, strict=True))
        #: What messages begin with, up to their text, and whether they tell the engine's version.
        self.messages = PrefixTable(messages)
        self.tells_version: Mask = np.array([_is_engine(prefix) for prefix in messages], np.bool_)
        #: Whether the lines of each route may tell who called, and what then names whom.
        self.takes_calls: Mask = np.array([takes_calls(run.route) for run in runs.values()], np.bool_)
        self.callers, self.caller_keys = PrefixTable(list(callers)), list(callers.values())
        #: What STATS lines begin with.
        self.stats = PrefixTable(stats)


def _is_engine(prefix: bytes) -> bool:
    return prefix.split(SEPARATOR)[2].startswith(ENGINE_LOGGER)
