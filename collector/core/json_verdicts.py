"""VerdictTable: every verdict a source's lines have met, by number, so that many lines are looked up in one go."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from collector.core.batch_builder import Route
from collector.core.json_fields import JsonFields, Name
from collector.core.json_outcome import Outcome, judge
from collector.models.activity import ActivityKey, Server
from collector.models.packed_column import Column

T = TypeVar("T", bound=Hashable)
#: Distinct names of lines remembered for one source; a dict forgets nothing by itself.
MAX_VERDICTS = 8192
#: A line is counted nowhere.
NOWHERE = -1
_COLUMNS = ("shape", "is_error", "timed", "untimed")
_PLACE_COLUMNS = ("key", "server", "status", "start")


class VerdictTable:
    """Numbers the verdicts of the lines of some shapes. Columns: verdict number → what it says."""

    def __init__(self, shapes: Sequence[JsonFields]) -> None:
        self.shapes = shapes
        self._columns: npt.NDArray[np.int64]
        self._place_columns: npt.NDArray[np.int64]
        self._forget()

    def trim(self) -> None:
        """Forget all when there are too many."""
        if len(self._rows) > MAX_VERDICTS:
            self._forget()

    def numbers(self, shape: int, fields: JsonFields, routes: Sequence[tuple[Name, ...]]) -> Column:
        """
        The verdict of each line.

        Args:
            fields: what made the routes: of that shape, or a leaner one of it.
        """
        known = self.known(fields)
        numbers = list(map(known.get, routes))
        if None in numbers:
            numbers = [
                self._judge(shape, fields, route) if n is None else n for n, route in zip(numbers, routes, strict=True)
            ]
        return np.array(numbers, np.int64)

    def known(self, fields: JsonFields) -> dict[tuple[Name, ...], int]:
        """Routes that were met → verdict."""
        return self._known.setdefault(fields, {})

    def column(self, name: str, numbers: Column) -> Column:
        """What the verdicts say: "shape", "is_error", or the place for lines that are "timed" or "untimed"."""
        if self._columns.shape[1] != len(self._rows):
            self._columns = np.array(self._rows, np.int64).T
        column: Column = self._columns[_COLUMNS.index(name)][numbers]
        return column

    def place_column(self, name: str, places: Column) -> Column:
        """What is counted at places: "key", "server", "status", or the place of their "start"."""
        if self._place_columns.shape[1] != len(self._place_rows):
            self._place_columns = np.array(self._place_rows, np.int64).T
        column: Column = self._place_columns[_PLACE_COLUMNS.index(name)][places]
        return column

    def route(self, place: int) -> Route:
        """A place as a BatchBuilder counts it; the same object each time."""
        route = self._routes.get(place)
        if route is None:
            key, server, status, _ = self._place_rows[place]
            route = self._routes[place] = Route(self.keys[key], self.servers[server], status)
        return route

    def start_of(self, place: int) -> int:
        """The place of the start that an end counts as well; NOWHERE for none."""
        return self._place_rows[place][3]

    @property
    def places(self) -> int:
        """How many there are."""
        return len(self._place_rows)

    def _forget(self) -> None:
        #: What places count: see `place_column`.
        self.keys: list[ActivityKey] = []
        self.servers: list[Server] = []
        self._key_numbers: dict[ActivityKey, int] = {}
        self._server_numbers: dict[Server, int] = {}
        self._known: dict[JsonFields, dict[tuple[Name, ...], int]] = {}
        self._rows: list[tuple[int, ...]] = []
        self._columns = np.empty((len(_COLUMNS), 0), np.int64)
        self._places: dict[tuple[int, int, int, int], int] = {}
        self._place_rows: list[tuple[int, int, int, int]] = []
        self._routes: dict[int, Route] = {}
        self._place_columns = np.empty((len(_PLACE_COLUMNS), 0), np.int64)

    def _judge(self, shape: int, fields: JsonFields, route: tuple[Name, ...]) -> int:
        known = self.known(fields)
        number = known.get(route)
        if number is None:
            verdict = judge(fields.role_values(route), fields.shape.words)
            row = (shape, verdict.is_error, self._place(verdict.timed), self._place(verdict.untimed))
            number = known[route] = len(self._rows)
            self._rows.append(tuple(map(int, row)))
        return number

    def _place(self, outcome: Outcome | None) -> int:
        if outcome is None:
            return NOWHERE
        key = _number_of(outcome.key, self._key_numbers, self.keys)
        server = _number_of(outcome.server, self._server_numbers, self.servers)
        start = self._add_place(key, server, 0, NOWHERE) if outcome.with_start else NOWHERE
        return self._add_place(key, server, outcome.status, start)

    def _add_place(self, *row: int) -> int:
        place = (row[0], row[1], row[2], row[3])
        number = self._places.setdefault(place, len(self._place_rows))
        if number == len(self._place_rows):
            self._place_rows.append(place)
        return number


def _number_of(value: T, numbers: dict[T, int], values: list[T]) -> int:
    number = numbers.setdefault(value, len(values))
    if number == len(values):
        values.append(value)
    return number
