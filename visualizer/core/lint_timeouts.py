"""The linter's rule for time-outs: who calls has to wait as long as what is called may take."""

from __future__ import annotations

from collections.abc import Iterator

from visualizer.core.lint_facts import Event, LintFacts, finding, plugin_of
from visualizer.core.run_timeouts import declared_timeouts
from visualizer.models.lint_finding import WARNING, LintFinding, LintPlace, LintRule
from visualizer.models.runtime_config import REQUEST_TYPES

TIMEOUT_SHORTER_THAN_CALLEE = LintRule(
    "timeout-shorter-than-callee",
    WARNING,
    "Give the caller more time, or the called event less: when the caller gives up, the other goes on for nobody.",
)


def find_short_timeouts(facts: LintFacts) -> Iterator[LintFinding]:
    """Callers that give up before what they call does. hopeit's client has no time-out of its own."""
    for one in facts.calls:
        callee = facts.events.get(one.target)
        own = _own_timeout(facts, (one.app, one.event))
        if callee is None or callee[1].type not in REQUEST_TYPES or own is None:
            continue
        (name, own_s), callee_s = own, declared_timeouts(*callee, facts.apps).response_s
        if own_s < callee_s:
            yield finding(
                TIMEOUT_SHORTER_THAN_CALLEE,
                f"{one.event.key} gives up after {own_s:g} s; {callee[1].key}, which it calls, after {callee_s:g} s.",
                evidence=[
                    (f"{name} of the caller", f"{own_s:g} s"),
                    ("response_timeout of the called", f"{callee_s:g} s"),
                ],
                places=[_settings((one.app, one.event), name), _settings(callee, "response_timeout")],
                subjects=[one.event.key, callee[1].key],
                events=[one.event.key],
            )


def _own_timeout(facts: LintFacts, caller: Event) -> tuple[str, float] | None:
    """(setting, seconds) after which a caller is given up; a SERVICE or SETUP never is."""
    timeouts = declared_timeouts(*caller, facts.apps)
    if caller[1].type == "STREAM":
        return "stream.timeout", timeouts.stream_s
    return ("response_timeout", timeouts.response_s) if caller[1].type in REQUEST_TYPES else None


def _settings(event: Event, name: str) -> LintPlace:
    plugin, event_name = plugin_of(*event)
    return LintPlace(plugin or event[0].key, f"settings.{event_name}.{name}")
