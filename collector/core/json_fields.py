"""
JsonFields: reads the fields of a shape out of JSON objects, as fast as a line that is as expected allows.

The expected way decodes a chunk into a narrow struct made for the shape, which skips everything else. A value of
another type than expected makes a line go the lenient way, over a dict. Both see the same fields; a line always goes
the same way, whatever stands around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

import msgspec

from collector.core.json_shape import DURATION_MS, ROUTE_ROLES, JsonShape, Path, spellings

#: A value by which lines are told apart. No bool and no float: True == 1 == 1.0 would make lines alike that are not.
Name = str | int | None
#: A time stamp, or a duration that somebody wrote as a text.
Number = str | int | float | None
#: What decoding may raise: no JSON, another type than expected, nested too deep, no UTF-8, a number too long.
UNREADABLE = (msgspec.MsgspecError, RecursionError, ValueError, OverflowError)
#: Keys that no line has.
_NOWHERE = ("\x7f",)
#: Sets of fields for which there is a reader of their own.
_MAX_LEANER = 16
_any_decoder = msgspec.json.Decoder()


class JsonFields:
    """The fields of one shape."""

    def __init__(
        self, shape: JsonShape, *, other_marks: Sequence[Path] = (), only: frozenset[tuple[str, ...]] | None = None
    ) -> None:
        """
        Args:
            other_marks: of shapes that a line is compared with before this one.
            only: the fields of routes that lines may have in the expected way; all by default.
        """
        self.shape = shape
        leaves = [path for paths in shape.paths.values() for path in paths]
        self._spelled = {role: spellings(paths, leaves) for role, paths in shape.paths.items()}
        self._routes = [(role, keys) for role in ROUTE_ROLES for keys in self._spelled.get(role, ())]
        absent = [keys for _, keys in self._routes if only is not None and keys not in only]
        self._routes = [(role, keys) for role, keys in self._routes if keys not in absent]
        self._route_keys = [keys for _, keys in self._routes]
        self._time_keys = self._spelled["time"]
        self._mark_keys = spellings(shape.marks, leaves)
        self._other_marks = other_marks
        self._leaner: dict[frozenset[tuple[str, ...]], JsonFields] = {}
        absent += [keys for keys in spellings(other_marks, leaves) if keys not in self._mark_keys]
        self._padding = max(0, 2 - len(self._route_keys))
        #: (milliseconds of the unit, keys) of every field that may hold a duration.
        self._durations = [(unit, keys) for role, unit in DURATION_MS.items() for keys in self._spelled.get(role, ())]
        kinds: dict[tuple[str, ...], Any] = dict.fromkeys(self._route_keys, Name)
        kinds |= dict.fromkeys(self._time_keys, Number)
        kinds |= dict.fromkeys((keys for _, keys in self._durations), int | float | None)
        id_keys = self._spelled.get("request_id", [])
        kinds |= {keys: Number for keys in self._mark_keys if keys not in kinds}
        kinds |= {keys: Name for keys in id_keys if keys not in kinds}
        # A value there makes a line unexpected.
        kinds |= dict.fromkeys(absent, None)
        # Where another shape has a value, fields of ours may be nested: an object there goes the lenient way.
        kinds = {
            keys: kind for keys, kind in kinds.items() if not any(keys[:end] in kinds for end in range(1, len(keys)))
        }
        kinds[_NOWHERE] = None
        tree, self._attributes = _struct_tree(kinds)
        self._decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(tree)
        # A getter of one thing would not give a tuple.
        self._get_routes = self._getter([*self._route_keys, *([_NOWHERE] * self._padding)])
        self._get_times = [self._getter([keys]) for keys in self._time_keys]
        self._get_marks = [self._getter([keys]) for keys in self._mark_keys]
        self._get_ids = [self._getter([keys]) for keys in id_keys]
        self._get_durations = [(unit, self._getter([keys])) for unit, keys in self._durations]

    def decode_lines(self, chunk: bytes) -> list[Any]:
        """
        Rows of whole lines, a row a line.

        Raises:
            UNREADABLE: a line is not as expected.
        """
        return self._decoder.decode_lines(chunk)

    def decode_line(self, line: bytes) -> Any:
        """One row. Raises as `decode_lines` does."""
        return self._decoder.decode(line)

    def routes(self, rows: Sequence[Any]) -> list[tuple[Name, ...]]:
        """What tells where each row is counted: the same tuple, the same place."""
        return list(map(self._get_routes, rows))

    def times(self, rows: Sequence[Any]) -> list[Number]:
        """Time stamps as they stand in the rows; None where a row is not of this shape or has none."""
        times: list[Number] = _first_of([list(map(get, rows)) for get in self._get_times])
        if self._mark_keys != self._time_keys:
            marks = _first_of([list(map(get, rows)) for get in self._get_marks])
            if None in marks:
                return [None if mark is None else at for at, mark in zip(times, marks, strict=True)]
        return times

    def durations(self, rows: Sequence[Any]) -> list[tuple[float, list[Number]]]:
        """(milliseconds of the unit, values as they stand in the rows), as many as fields may hold a duration."""
        return [(unit, list(map(get, rows))) for unit, get in self._get_durations]

    def leaner(self, routes: Iterable[tuple[Name, ...]]) -> JsonFields:
        """The same for lines that have no other fields than these: reading the few that there are is faster."""
        columns = zip(*routes, strict=True)
        has_value = [any(value is not None for value in column) for column in columns]
        only = frozenset(keys for keys, has in zip(self._route_keys, has_value, strict=False) if has)
        if only not in self._leaner:
            if len(self._leaner) >= _MAX_LEANER:
                self._leaner.clear()
            self._leaner[only] = JsonFields(self.shape, other_marks=self._other_marks, only=only)
        return self._leaner[only]

    def role_values(self, route: tuple[Name, ...]) -> dict[str, Name]:
        """Role → value of a route: the first that is there, else the constant."""
        found: dict[str, Name] = {}
        for (role, _), value in zip(self._routes, route, strict=False):
            if value is not None:
                found.setdefault(role, value)
        return {**self.shape.constants, **found}

    def has_mark(self, line: dict[str, Any]) -> bool:
        """Whether a decoded line is of this shape."""
        return any(_walk(line, keys) is not None for keys in self._mark_keys)

    def request_ids(self, rows: Sequence[Any]) -> list[Name]:
        """Of each row."""
        return _first_of([list(map(get, rows)) for get in self._get_ids]) if self._get_ids else [None] * len(rows)

    def lenient(self, line: dict[str, Any]) -> tuple[tuple[Name, ...], Number, list[tuple[float, list[Number]]]]:
        """Route, time stamp and durations of a line of this shape, the last as `durations` has them of one row."""
        route = tuple(_as_name(_walk(line, keys)) for keys in self._route_keys)
        times = (_as_number(_walk(line, keys)) for keys in self._time_keys)
        durations = [(unit, [_as_number(_walk(line, keys))]) for unit, keys in self._durations]
        route += (None,) * self._padding
        return route, next((at for at in times if at is not None), None), durations

    def text(self, line: dict[str, Any], role: str) -> str:
        """A field of a decoded line as text; "" for none, and for what is no single value."""
        for keys in self._spelled.get(role, ()):
            value = _as_name(_walk(line, keys))
            if value is not None:
                return str(value)
        return self.shape.constants.get(role, "")

    def _getter(self, keys: Sequence[tuple[str, ...]]) -> Callable[[Any], Any]:
        return attrgetter(*(self._attributes.get(each, self._attributes[_NOWHERE]) for each in keys))


def decode_object(line: bytes) -> dict[str, Any] | None:
    """A line as a dict; None when it is no JSON object."""
    try:
        found = _any_decoder.decode(line)
    except UNREADABLE:
        return None
    return found if isinstance(found, dict) else None


def _struct_tree(kinds: Mapping[tuple[str, ...], Any], path: str = "") -> tuple[type, dict[tuple[str, ...], str]]:
    """A struct with these fields, nested as their keys are, and where each one is: keys → "k0.k1"."""
    fields: list[tuple[str, Any, Any]] = []
    attributes: dict[tuple[str, ...], str] = {}
    for number, key in enumerate(dict.fromkeys(keys[0] for keys in kinds)):
        name = f"k{number}"
        inner = {keys[1:]: kind for keys, kind in kinds.items() if keys[0] == key}
        if () in inner:
            fields.append((name, inner[()], msgspec.field(name=key, default=None)))
            attributes[key,] = path + name
        else:
            struct, nested = _struct_tree(inner, f"{path}{name}.")
            fields.append((name, struct, msgspec.field(name=key, default=struct())))
            attributes |= {(key, *keys): attribute for keys, attribute in nested.items()}
    return msgspec.defstruct("Row", fields, frozen=True, gc=False), attributes


def _first_of(columns: Sequence[list[Any]]) -> list[Any]:
    merged = columns[0]
    for column in columns[1:]:
        if None not in merged:
            break
        merged = [second if first is None else first for first, second in zip(merged, column, strict=True)]
    return merged


def _walk(line: dict[str, Any], keys: tuple[str, ...]) -> Any:
    value: Any = line
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _as_name(value: Any) -> Name:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    return value if isinstance(value, str | int) else None


def _as_number(value: Any) -> Number:
    return value if isinstance(value, str | int | float) and not isinstance(value, bool) else None
