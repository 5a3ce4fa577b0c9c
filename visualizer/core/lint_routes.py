"""The linter's rule for routes: of two events with one route the second is never called."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from visualizer.core.lint_facts import Event, LintFacts, finding, keys, listed, place, plugin_of
from visualizer.models.lint_finding import ERROR, LintFinding, LintRule
from visualizer.models.node_id import snake_name
from visualizer.models.runtime_config import REQUEST_TYPES

DUPLICATE_ROUTE = LintRule(
    "duplicate-route",
    ERROR,
    "Give all but one of them another route; a plugin's event with a fixed route fits one app.",
)


def find_duplicate_routes(facts: LintFacts) -> Iterator[LintFinding]:
    """Events of one process that answer the same method and path."""
    routes = defaultdict[tuple[str, str], list[Event]](list)
    for app, event in facts.events.values():
        if event.type in REQUEST_TYPES:
            # An upload is a POST.
            method = "POST" if event.type == "MULTIPART" else event.type
            routes[method, route_of(facts, (app, event))].append((app, event))
    for (method, route), events in routes.items():
        together = [event for event in events if any(_share_a_process(event, other) for other in events)]
        if together:
            yield finding(
                DUPLICATE_ROUTE,
                f"{len(together)} events answer {method} {route} in one process: one of them gets all requests.",
                evidence=[("events", listed(keys(together)))],
                places=[place(*event, "route") for event in together],
                subjects=keys(together),
                events=keys(together),
            )


def route_of(facts: LintFacts, event: Event) -> str:
    """
    The path of a request event: of a document as it stands there, else as hopeit makes it.

    Source: hopeit.engine 0.30.1, server/api.py (app_route_name) and server/names.py (route_name).
    """
    app, config = event
    if app.kind:
        return config.route or f"/{config.key}"
    if config.route.startswith("/"):
        parts = [config.route[1:]]
    elif config.route:
        parts = ["api", config.route]
    else:
        plugin, name = plugin_of(app, config)
        parts = ["api", app.name, app.version, *(plugin.split(".") if plugin else ()), *name.split(".")]
    return "/" + "/".join(snake_name(part).replace("_", "-") for part in parts)


def _share_a_process(event: Event, other: Event) -> bool:
    if event is other:
        return False
    return event[0].key == other[0].key or not {*event[0].servers}.isdisjoint(other[0].servers)
