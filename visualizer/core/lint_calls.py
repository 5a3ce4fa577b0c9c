"""The linter's rules for calls between apps: what is called has to be declared, be there, and run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from difflib import get_close_matches

from visualizer.core.connection_target import calling_app_key
from visualizer.core.lint_facts import Call, LintFacts, finding, listed, place
from visualizer.models.lint_finding import ERROR, WARNING, LintFinding, LintPlace, LintRule
from visualizer.models.node_id import app_key, dangling_id, request_id, snake_name
from visualizer.models.runtime_config import REQUEST_TYPES, AppConnection

CONNECTION_UNDECLARED = LintRule(
    "connection-undeclared", ERROR, "Add the connection to app_connections, or correct its name in the event."
)
CONNECTION_TO_UNKNOWN_APP = LintRule(
    "connection-to-unknown-app",
    WARNING,
    "Correct the name, run the app, add its host to EVENTSCOPE_HOSTS or its file to --config, or accept this when it "
    "is no app of hopeit.",
)
CONNECTION_TO_OTHER_VERSION = LintRule(
    "connection-to-other-version", ERROR, "Call the version that runs, or run the one that is called."
)
CONNECTION_TO_UNKNOWN_EVENT = LintRule(
    "connection-to-unknown-event",
    ERROR,
    "Correct event, type or plugin of the connection, or add the event to the app.",
)
CONNECTION_TO_STOPPED_APP = LintRule("connection-to-stopped-app", ERROR, "Start the app again, or stop calling it.")


def find_undeclared_connections(facts: LintFacts) -> Iterator[LintFinding]:
    """Events that call over a connection their app does not have."""
    for app, event in facts.events.values():
        caller = facts.apps.get(calling_app_key(event.key), app)
        for name in dict.fromkeys(call.app_connection for call in event.connections):
            if name not in caller.connections:
                calls = [call for call in event.connections if call.app_connection == name]
                yield finding(
                    CONNECTION_UNDECLARED,
                    f"{event.key} calls over connection {name}, which {caller.key} does not declare: each call fails.",
                    evidence=[
                        ("calls", listed(call.event for call in calls)),
                        ("declared are", listed(caller.connections)),
                    ],
                    places=[place(app, event, "connections")],
                    subjects=[event.key],
                    events=[event.key],
                    nodes=[dangling_id(f"{name}.{call.event}.{call.type}") for call in calls],
                )


def find_unknown_apps(facts: LintFacts) -> Iterator[LintFinding]:
    """Connections to apps, or versions of them, that nobody declares, and to apps whose hosts do not answer."""
    by_connection = defaultdict[tuple[str, str, AppConnection], list[Call]](list)
    for one in facts.calls:
        by_connection[calling_app_key(one.event.key), one.call.app_connection, one.to].append(one)
    for (app, name, to), calls in by_connection.items():
        target = app_key(to.name, to.version)
        if target not in facts.apps:
            yield _leads_nowhere(facts, app, name, calls)
        elif target in facts.stopped:
            yield finding(
                CONNECTION_TO_STOPPED_APP,
                f"Connection {name} of {app} goes to {target}, of which no host answers.",
                evidence=_call_evidence(calls),
                places=[LintPlace(app, f"app_connections.{name}")],
                subjects=[f"{app}.{name}", *(one.event.key for one in calls), target],
                events=[*(one.event.key for one in calls), *(one.target for one in calls)],
            )


def find_unknown_events(facts: LintFacts) -> Iterator[LintFinding]:
    """Calls of events that the called app does not have, or not with that method."""
    for one in facts.calls:
        called = facts.apps.get(app_key(one.to.name, one.to.version))
        found = facts.events.get(one.target)
        if called is None or (found and found[1].type == one.call.type):
            continue
        evidence = [("called", f"{one.target} by {one.call.type}"), ("over connection", one.call.app_connection)]
        if not found:
            if one.to.plugin_name:
                evidence.append(("plugged in there", listed(called.plugins)))
            keys_there = [event.key for event in called.events if event.type in REQUEST_TYPES]
            if near := get_close_matches(one.target, keys_there, n=3, cutoff=0.8):
                evidence.append(("near it", listed(near)))
        yield finding(
            CONNECTION_TO_UNKNOWN_EVENT,
            f"{one.event.key} calls {one.call.event} of {called.key} by {one.call.type}, which "
            f"{f'is {found[1].type}' if found else 'is not there'}.",
            evidence=evidence,
            places=[place(one.app, one.event, "connections")],
            subjects=[one.event.key],
            events=[one.event.key],
            nodes=[dangling_id(request_id(event_id=one.target, event_type=one.call.type))],
        )


def _leads_nowhere(facts: LintFacts, app: str, name: str, calls: list[Call]) -> LintFinding:
    to = calls[0].to
    target, same_name = app_key(to.name, to.version), f"{snake_name(to.name)}."
    versions = [key for key in facts.apps if key.startswith(same_name)]
    return finding(
        CONNECTION_TO_OTHER_VERSION if versions else CONNECTION_TO_UNKNOWN_APP,
        f"Connection {name} of {app} goes to {target}, which no config declares"
        f"{f'; there is {listed(versions)}' if versions else ''}.",
        evidence=_call_evidence(calls),
        places=[LintPlace(app, f"app_connections.{name}")],
        subjects=[f"{app}.{name}", *(one.event.key for one in calls), target],
        events=[one.event.key for one in calls],
        nodes=[dangling_id(request_id(event_id=one.target, event_type=one.call.type)) for one in calls],
    )


def _call_evidence(calls: list[Call]) -> list[tuple[str, str]]:
    return [
        ("called by", listed(one.event.key for one in calls)),
        ("calls", listed(one.call.event for one in calls)),
    ]
