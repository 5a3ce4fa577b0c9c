"""
Cells of the line that is read. A batch cannot be split inside a line, and has to fit into a payload of 256 KiB beside
what is kept whole, so one line may only open so many.
"""

from __future__ import annotations

from msgspec.structs import astuple

from collector.core.batch_builder import BatchBuilder, Route
from collector.models.activity import ActivityKey, Server, Status
from collector.models.count_table import ActivityCount

MAX_CELLS = 2048
#: Bytes of the names in them.
MAX_NAME_BYTES = 48 * 1024


class LineCells:
    """Finds the cells of a batch, line by line."""

    def __init__(self, batch: BatchBuilder) -> None:
        self._batch = batch
        self._routes: dict[tuple[ActivityKey, Server, int], Route] = {}
        self.begin_line()

    def begin_line(self) -> None:
        """Another line has room of its own."""
        self._cells: dict[tuple[Route, int], ActivityCount] = {}
        self._names: set[ActivityKey | Server] = set()
        self._name_bytes = 0

    def open(
        self, key: ActivityKey, server: Server, status: Status, *, began_s: int, ended_s: int
    ) -> tuple[ActivityCount, ActivityCount] | None:
        """Where a beginning and its end are counted; None when the line is too crowded for them."""
        start, end = (self._route(key, server, int(Status.START)), began_s), (self._route(key, server, status), ended_s)
        began, ended = self._cells.get(start), self._cells.get(end)
        if began is None or ended is None:
            if not self._has_room(key, server):
                return None
            began = self._cells[start] = self._batch.count(began_s, start[0])
            ended = self._cells[end] = self._batch.count(ended_s, end[0])
        return began, ended

    def _route(self, key: ActivityKey, server: Server, status: int) -> Route:
        place = (key, server, status)
        route = self._routes.get(place)
        if route is None:
            route = self._routes[place] = Route(key, server, int(status))
        return route

    def _has_room(self, key: ActivityKey, server: Server) -> bool:
        names: tuple[ActivityKey | Server, ...] = (key, server)
        for name in names:
            if name not in self._names:
                self._names.add(name)
                self._name_bytes += name_bytes(name)
        return len(self._cells) + 2 <= MAX_CELLS and self._name_bytes <= MAX_NAME_BYTES


def name_bytes(name: ActivityKey | Server) -> int:
    """At most so many bytes are its texts in a payload."""
    return sum(len(part) if part.isascii() else 4 * len(part) for part in astuple(name))
