"""
RuntimeConfig + observed activity → Topology: what is declared and what was seen, as one graph.

The rules are hopeit's (tests/fixtures/hopeit/README.md, "Graph rules"), with its faults mended: an event that reads
and writes one stream keeps both edges, and a call to something unknown is drawn as dangling. The map with the faults
is core/hopeit_graph.py.
"""

from __future__ import annotations

from collections.abc import Iterable

from collector.models.activity import ActivityKey
from visualizer.core.declared import add_calls, add_event
from visualizer.core.graph_builder import GraphBuilder
from visualizer.core.observed import add_observed
from visualizer.core.runtime_config import effective_events, filter_apps
from visualizer.core.short_names import with_short_names
from visualizer.core.stream_app import with_stream_apps
from visualizer.models.node_id import app_key
from visualizer.models.runtime_config import RuntimeConfig
from visualizer.models.topology import App, Topology


def build_topology(
    config: RuntimeConfig,
    observed: Iterable[ActivityKey] = (),
    *,
    view: str,
    app_prefix: str = "",
    host_filter: str = "",
) -> Topology:
    """
    One view of what is connected.

    Args:
        config: of all hosts, joined; from answers with expand_events=true for the expanded view, =false for standard.
        observed: every activity that was ever seen, in any order.
        view: standard | expanded.
        app_prefix: draw only apps whose name begins with it.
        host_filter: draw only apps with a server whose url contains it.

    Returns:
        Nodes and edges with unique ids; both ends of every edge are nodes. Calls to apps that are filtered out are
        left out, calls to what no config knows lead to a dangling node.
    """
    shown = filter_apps(config, app_prefix=app_prefix, host_filter=host_filter)
    graph = GraphBuilder(view=view, warnings=list(config.warnings))
    for app in shown.apps:
        graph.apps[app.key] = App(key=app.key, name=app.name, version=app.version, servers=app.servers)
    events = effective_events(shown)
    for app, event in events.values():
        add_event(graph, app, event)
    apps, known = {app.key: app for app in shown.apps}, effective_events(config).keys()
    for _, event in events.values():
        add_calls(graph, event, apps=apps, known=known)
    add_observed(graph, _shown_activities(observed, config, shown, app_prefix=app_prefix, host_filter=host_filter))
    nodes = with_short_names(with_stream_apps(graph.nodes, graph.edges.values(), apps=graph.apps))
    return Topology(
        view=view,
        apps=tuple(graph.apps.values()),
        nodes=tuple(nodes),
        edges=tuple(graph.edges.values()),
        warnings=tuple(graph.warnings),
    )


def _shown_activities(
    observed: Iterable[ActivityKey], config: RuntimeConfig, shown: RuntimeConfig, *, app_prefix: str, host_filter: str
) -> Iterable[ActivityKey]:
    """Activities of shown apps, and of apps in no config as far as the filters can be asked about them."""
    shown_keys, known_keys = {app.key for app in shown.apps}, {app.key for app in config.apps}
    key_prefix = app_key(app_prefix, "").removesuffix(".")
    for key in observed:
        undeclared = key.app not in known_keys and not host_filter and key.app.startswith(key_prefix)
        if key.app in shown_keys or undeclared:
            yield key
