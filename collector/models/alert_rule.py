"""
AlertRule: when people are told that something is wrong. docs/alerts.md tells how to write one.

In eventscope.toml each is a table [[alerts.rules]]; a rule with the id of a default takes its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import msgspec

from collector.lib.setting_readers import seconds, tables

#: What a rule looks at → what its thresholds are, in words; "" where it has none: there it is, or it is not.
MEASURES = {
    "failures": "a share of the runs, 0 … 1",
    "p95": "a duration, such as 2s",
    "wait": "a duration, such as 10s",
    "pending": "a number of runs",
    "unusual": "a number of usual deviations, such as 6",
    "stuck": "",
    "unread": "",
    "stopped": "",
    "gone": "",
    "host": "",
    "blind": "",
    "drift": "",
    "lint": "",
    "overflow": "",
    "stuck-consumer": "",
    "crash-loop": "",
}
CRITICAL = "critical"
WARNING = "warning"
#: Listed, and nobody is told.
INFO = "info"
SEVERITIES = (CRITICAL, WARNING, INFO)

_DURATIONS = ("p95", "wait")
_DEFAULT_FOR_S = 30.0
_DEFAULT_KEEP_S = 60.0
_LEAST_RUNS = 20


class AlertRule(msgspec.Struct, frozen=True, kw_only=True):
    """One reason to be told."""

    #: Stable: incidents and notifications name it.
    id: str
    #: One of MEASURES.
    measure: str
    #: It is wrong above this (ms for durations); None where the measure has no threshold.
    above: float | None = None
    #: It is well again below this; in between it stays what it is.
    clear_below: float | None = None
    #: Glob over app, event ("app.event"), stream or host; "" for any.
    match: str = ""
    #: It has to be wrong for so long before it fires, and well for so long before that is over, seconds.
    for_s: float = _DEFAULT_FOR_S
    keep_s: float = _DEFAULT_KEEP_S
    #: Nothing is judged on fewer runs.
    least_runs: int = _LEAST_RUNS
    #: One of SEVERITIES.
    severity: str = CRITICAL
    #: Nothing fires.
    is_off: bool = False

    def __str__(self) -> str:
        return self.id


#: On from the start.
DEFAULT_RULES = (
    AlertRule(id="failing", measure="failures", above=0.10, clear_below=0.05),
    AlertRule(id="waiting", measure="wait", above=10_000.0, clear_below=5_000.0, severity=WARNING),
    # How long is right is in them already: the time-out, the usual gap.
    *(AlertRule(id=kind, measure=kind, for_s=0.0, keep_s=10.0) for kind in ("stuck", "unread", "stopped", "gone")),
    AlertRule(id="overflow", measure="overflow"),
    AlertRule(id="stuck-consumer", measure="stuck-consumer", severity=INFO),
    # It is found when four have ended, and over when none has for five minutes.
    AlertRule(id="crash-loop", measure="crash-loop", for_s=0.0, severity=WARNING),
    AlertRule(id="unusual", measure="unusual", above=6.0, clear_below=4.0, for_s=300.0, severity=WARNING),
    AlertRule(id="host-down", measure="host", for_s=20.0, keep_s=20.0),
    AlertRule(id="blind", measure="blind", for_s=10.0, keep_s=10.0),
    AlertRule(id="drift", measure="drift", for_s=60.0, severity=INFO),
    AlertRule(id="lint", measure="lint", for_s=60.0, severity=INFO),
)


def read_alert_rules(value: Any) -> tuple[AlertRule, ...]:
    """
    The rules of a table {"rules": [...]}, or of the same as JSON text, over the defaults.

    Raises:
        ValueError: with everything that is wrong in all of them; names are shown, values never.
    """
    problems: list[str] = []
    defaults = {rule.id: rule for rule in DEFAULT_RULES}
    given = enumerate(tables(value, "rules", section="alerts"), start=1)
    found = [_read_rule(table, number, defaults, problems) for number, table in given]
    if len({rule.id for rule in found}) < len(found):
        problems.append("rules need ids of their own")
    if problems:
        raise ValueError("; ".join(problems))
    return tuple((defaults | {rule.id: rule for rule in found}).values())


def _read_rule(table: Any, number: int, defaults: Mapping[str, AlertRule], problems: list[str]) -> AlertRule:
    where = f"rule {number}"
    if not isinstance(table, dict):
        problems.append(f"{where}: expected a table")
        return AlertRule(id=where, measure="failures")
    for name in sorted(table.keys() - _READERS.keys()):
        close = get_close_matches(name, _READERS, 1)
        problems.append(f"{where}: unknown {name!r}" + (f"; did you mean {close[0]!r}?" if close else ""))
    given: dict[str, Any] = {}
    for name in _READERS.keys() & table.keys():
        try:
            given[name] = _READERS[name](table[name])
        except ValueError as exc:
            problems.append(f"{where}: {name}: {exc}")
    if not given.get("id"):
        problems.append(f"{where}: needs an id")
        return AlertRule(id=where, measure="failures")
    base = defaults.get(given["id"], AlertRule(id=given["id"], measure=""))
    measure = given.get("measure", base.measure)
    if not measure:
        problems.append(f"{where}: needs a measure, one of {', '.join(MEASURES)}")
        return base
    own = {field: given[name] for name, field in _FIELDS.items() if name in given}
    rule = msgspec.structs.replace(base, measure=measure, **own, **_thresholds(table, measure, base, where, problems))
    if MEASURES[measure] and rule.above is None:
        problems.append(f"{where}: needs above, {MEASURES[measure]}")
    return rule


def _thresholds(
    table: Mapping[str, Any], measure: str, base: AlertRule, where: str, problems: list[str]
) -> dict[str, float | None]:
    """`above` and `clear_below` in the unit of the measure; the second is half of the first where it is not said."""
    found: dict[str, float | None] = {} if base.measure == measure else {"above": None, "clear_below": None}
    for name in ("above", "clear_below"):
        if name not in table:
            continue
        if not MEASURES[measure]:
            problems.append(f"{where}: {name}: {measure} has no threshold")
            continue
        try:
            found[name] = seconds(table[name]) * 1000 if measure in _DURATIONS else _number(table[name])
        except ValueError:
            problems.append(f"{where}: {name}: expected {MEASURES[measure]}")
    above = found.get("above")
    if above is not None and "clear_below" not in table:
        found["clear_below"] = above / 2
    below = found.get("clear_below", base.clear_below)
    if below is not None and (limit := found.get("above", base.above)) is not None and below > limit:
        problems.append(f"{where}: clear_below: expected no more than above")
    return found


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ValueError("expected a number from 0")
    return float(value)


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError("expected a whole number from 1")
    return value


def _duration(value: Any) -> float:
    return 0.0 if value in (0, "0", "0s") else seconds(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > 256:
        raise ValueError("expected a text of up to 256 characters")
    return value.strip()


def _one_of(allowed: tuple[str, ...]) -> Any:
    def read(value: Any) -> str:
        if value not in allowed:
            raise ValueError(f"expected one of {', '.join(allowed)}")
        return str(value)

    return read


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("expected true or false")
    return value


#: Name in the table → field of the rule, where it is read as it stands.
_FIELDS = {
    "match": "match",
    "for": "for_s",
    "keep_firing": "keep_s",
    "least_runs": "least_runs",
    "severity": "severity",
    "off": "is_off",
}
_READERS: dict[str, Any] = {
    "id": _text,
    "measure": _one_of(tuple(MEASURES)),
    "match": _text,
    "for": _duration,
    "keep_firing": _duration,
    "least_runs": _count,
    "severity": _one_of(SEVERITIES),
    "off": _flag,
    "above": lambda value: value,
    "clear_below": lambda value: value,
}
