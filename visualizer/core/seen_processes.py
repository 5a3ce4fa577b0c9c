"""What a tick says of processes: a slot of 10 s is told once, so that it costs by processes and not by lines."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np

from collector.models.activity import OTHER, ActivityKey, Server
from visualizer.core.slot_table import CellTable, SlotTable, distinct
from visualizer.models.seen_hour import SLOT_S
from visualizer.models.seen_process import ProcessSight

#: Where there are too many, those of an app that said nothing for so long make room.
ROOM_S = 86400
#: It is not looked for room more often.
_LOOK_S = 60.0
#: App key, id of the server.
Place = tuple[str, int]


class SeenProcesses:
    """
    Of one shard, what was told already. Telling it again would change nothing, so that what is forgotten costs a row
    and no more.
    """

    def __init__(self, most: int) -> None:
        """Args: most: of one app that are seen within ROOM_S; of what is beyond only the number is kept."""
        self._most = most
        #: → the slot that was told last.
        self._told: dict[Place, int] = {}
        self._of_app = Counter[str]()
        #: App → when it was looked for room last.
        self._looked_s: dict[str, float] = {}

    def forget(self, known: Mapping[Place, int]) -> None:
        """Believe nothing but what is kept: → when it was seen last, unix seconds."""
        self._told = {place: last_s - last_s % SLOT_S for place, last_s in known.items()}
        self._of_app = Counter(app for app, _ in known)
        self._looked_s.clear()

    def news(
        self,
        wide: SlotTable,
        cells: CellTable,
        *,
        keys: Mapping[int, ActivityKey],
        servers: Mapping[int, Server],
        now_s: float,
    ) -> tuple[list[ProcessSight], list[Place]]:
        """
        What is to be kept, in order, and new processes for which there is no room.

        Args:
            wide: the cells in slots of SLOT_S.
            keys: id of an activity → what it is.
            servers: id of a server → the process.
        """
        slots: defaultdict[Place, set[int]] = defaultdict(set)
        for start_s, activity, server in zip(
            wide.start_s.tolist(), wide.activity.tolist(), wide.server.tolist(), strict=True
        ):
            slots[keys[activity].app, server].add(start_s)
        new = {place: sorted(found) for place, found in slots.items() if found != {self._told.get(place)}}
        new = {place: found for place, found in new.items() if place[0] != OTHER and servers[place[1]].pid}
        beyond = self._beyond([place for place in new if place not in self._told], now_s)
        for place in beyond:
            del new[place]
        if not new:
            return [], beyond
        spans = _spans(cells, keys)
        sights = [ProcessSight(*place, *spans[place], _longest(found), len(found)) for place, found in new.items()]
        return sorted(sights), beyond

    def note(self, told: Iterable[ProcessSight]) -> None:
        """These are kept now."""
        for sight in told:
            place = sight.app, sight.server
            self._of_app[sight.app] += place not in self._told
            self._told[place] = sight.last_s - sight.last_s % SLOT_S

    def _beyond(self, new: Sequence[Place], now_s: float) -> list[Place]:
        beyond, taken = list[Place](), Counter[str]()
        for app, server in new:
            if self._of_app[app] + taken[app] >= self._most:
                self._make_room(app, now_s)
            if self._of_app[app] + taken[app] >= self._most:
                beyond.append((app, server))
            else:
                taken[app] += 1
        return beyond

    def _make_room(self, app: str, now_s: float) -> None:
        if not 0 <= now_s - self._looked_s.get(app, float("-inf")) < _LOOK_S:
            self._looked_s[app] = now_s
            old = [place for place, slot in self._told.items() if place[0] == app and slot < now_s - ROOM_S]
            for place in old:
                del self._told[place]
            self._of_app[app] -= len(old)


def _spans(cells: CellTable, keys: Mapping[int, ActivityKey]) -> dict[Place, tuple[int, int]]:
    """Seconds of the first and the newest line of each process."""
    (activities, servers), row = distinct(cells.activity, cells.server)
    first = np.full(len(activities), np.iinfo(np.int64).max)
    last = np.zeros(len(activities), np.int64)
    np.minimum.at(first, row, cells.second)
    np.maximum.at(last, row, cells.second)
    spans: dict[Place, tuple[int, int]] = {}
    for activity, server, from_s, until_s in zip(
        activities.tolist(), servers.tolist(), first.tolist(), last.tolist(), strict=True
    ):
        place = keys[activity].app, server
        known = spans.get(place, (from_s, until_s))
        spans[place] = min(known[0], from_s), max(known[1], until_s)
    return spans


def _longest(slots: Sequence[int]) -> int:
    return max((after - before for before, after in pairwise(slots)), default=0)
