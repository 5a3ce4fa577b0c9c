"""
JsonMapping: where JSON lines of somebody's own shape have their fields. docs/formats.md tells people how to write one.

In eventscope.toml each is a table [[json_lines.mappings]]; nothing in it is ever evaluated.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import msgspec

from collector.lib.setting_readers import tables, time_zone

#: Fields of a mapping, each a dotted path, or a constant when it begins with "=".
FIELDS = (
    "time",
    "level",
    "app",
    "version",
    "event",
    "phase",
    "status",
    "duration_ms",
    "duration_s",
    "duration_ns",
    "stream",
    "queue",
    "group",
    "request_id",
    "operation_id",
    "message_id",
    "host",
    "pid",
    "message",
    "error",
    "traceback",
)
#: Without these a line cannot be counted.
REQUIRED = ("time", "app", "event")
#: What the value of `phase` or `status` may stand for.
PHASES = ("start", "done", "failed", "ignored")
_DURATIONS = ("duration_ms", "duration_s", "duration_ns")


class JsonMapping(msgspec.Struct, frozen=True):
    """Fields of one shape of lines."""

    #: For messages and the sources page.
    name: str
    #: Field (one of FIELDS) → "dotted.path" or "=constant".
    fields: dict[str, str]
    #: Glob of the paths whose lines it reads; "" for any.
    path: str = ""
    #: Dotted path of a field that a line must have; "" for none.
    field: str = ""
    #: Word, in lower case → one of PHASES; beside the common words.
    words: dict[str, str] = {}
    #: Zone of time stamps that tell none; "" for EVENTSCOPE_LOG_TIME_ZONE.
    time_zone: str = ""

    def __str__(self) -> str:
        return self.name


def read_json_mappings(value: Any) -> tuple[JsonMapping, ...]:
    """
    The mappings of a table {"mappings": [...]}, or of the same as JSON text.

    Raises:
        ValueError: with everything that is wrong in all of them; names are shown, values never.
    """
    problems: list[str] = []
    found = tables(value, "mappings", section="json_lines")
    mappings = [_read_mapping(table, number, problems) for number, table in enumerate(found, start=1)]
    names = [each.name for each in mappings]
    if len(set(names)) < len(names):
        problems.append("mappings need names of their own")
    if problems:
        raise ValueError("; ".join(problems))
    return tuple(mappings)


def _read_mapping(table: Any, number: int, problems: list[str]) -> JsonMapping:
    where = f"mapping {number}"
    table = _table(table, where, problems)
    _refuse_unknown(table, ("name", "match", "fields", "words", "time_zone"), where, problems)
    match = _table(table.get("match"), f"{where}: match", problems)
    _refuse_unknown(match, ("path", "field"), f"{where}: match", problems)
    path, field = _text(match, "path", where, problems), _text(match, "field", where, problems)
    if not path and not field:
        problems.append(f"{where}: match needs a path, a field or both")
    try:
        zone = time_zone(table.get("time_zone", ""))
    except ValueError as exc:
        problems.append(f"{where}: time_zone: {exc}")
        zone = ""
    return JsonMapping(
        name=_text(table, "name", where, problems) or f"mapping {number}",
        fields=_fields(table.get("fields"), field, f"{where}: fields", problems),
        path=path,
        field=field,
        words=_words(table.get("words", {}), f"{where}: words", problems),
        time_zone=zone,
    )


def _fields(table: Any, needed: str, where: str, problems: list[str]) -> dict[str, str]:
    table = _table(table, where, problems)
    _refuse_unknown(table, FIELDS, where, problems)
    fields = {name: text for name in FIELDS if (text := _text(table, name, where, problems))}
    if missing := [name for name in REQUIRED if name not in fields]:
        problems.append(f"{where}: expected {', '.join(missing)}")
    if len(durations := [name for name in _DURATIONS if name in fields]) > 1:
        problems.append(f"{where}: expected one of {', '.join(durations)}")
    if constants := [name for name in ("time", *_DURATIONS) if fields.get(name, "").startswith("=")]:
        problems.append(f"{where}: {', '.join(constants)} cannot be a constant")
    paths = {text for text in (*fields.values(), needed) if text and not text.startswith("=")}
    for path in sorted(paths):
        if "" in path.split("."):
            problems.append(f"{where}: a path has an empty part")
        if any(c in '\\"' or c < " " for c in path):
            problems.append(f"{where}: a path has a quote, a backslash or a control character")
        if any(other.startswith(f"{path}.") for other in paths):
            problems.append(f"{where}: a path goes on where another one ends")
    return fields


def _words(table: Any, where: str, problems: list[str]) -> dict[str, str]:
    table = _table(table, where, problems)
    _refuse_unknown(table, PHASES, where, problems)
    words: dict[str, str] = {}
    for phase in PHASES:
        listed = table.get(phase, [])
        if not isinstance(listed, list) or not all(isinstance(word, str) for word in listed):
            problems.append(f"{where}: {phase}: expected a list of texts")
            continue
        for word in listed:
            if words.setdefault(word.lower(), phase) != phase:
                problems.append(f"{where}: a word stands for {words[word.lower()]} and {phase}")
    return words


def _table(value: Any, where: str, problems: list[str]) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return value
    problems.append(f"{where}: expected a table")
    return {}


def _text(table: Mapping[str, Any], key: str, where: str, problems: list[str]) -> str:
    value = table.get(key, "")
    if isinstance(value, str):
        return value
    problems.append(f"{where}: {key}: expected a text")
    return ""


def _refuse_unknown(table: Mapping[str, Any], known: tuple[str, ...], where: str, problems: list[str]) -> None:
    for key in table:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            problems.append(f"{where}: unknown {key!r}" + (f", did you mean {near[0]!r}?" if near else ""))
