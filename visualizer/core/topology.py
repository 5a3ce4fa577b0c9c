"""
RuntimeConfig + observed activity → Topology: what is declared and what was seen, as one graph.

The rules are hopeit's (tests/fixtures/hopeit/README.md, "Graph rules"), with its faults mended: an event that reads
and writes one stream keeps both edges, and a call to something unknown is drawn as dangling. The map with the faults
is core/hopeit_graph.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from collector.models.activity import EXTERNAL, ActivityKey
from visualizer.core.declared import add_calls, add_event
from visualizer.core.graph_builder import GraphBuilder
from visualizer.core.observed import add_observed
from visualizer.core.observed_calls import Calls
from visualizer.core.observed_streams import add_observed_streams
from visualizer.core.runtime_config import effective_events, filter_apps
from visualizer.core.short_names import with_short_names
from visualizer.core.stream_app import with_stream_apps
from visualizer.models.node_id import app_key
from visualizer.models.runtime_config import RuntimeConfig
from visualizer.models.topology import App, Topology


def build_topology(
    config: RuntimeConfig,
    observed: Iterable[ActivityKey] = (),
    calls: Calls = (),
    *,
    view: str,
    app_prefix: str = "",
    host_filter: str = "",
    streams: Iterable[str] = (),
) -> Topology:
    """
    One view of what is connected.

    Args:
        config: of all hosts, joined; from answers with expand_events=true for the expanded view, =false for standard.
        observed: every activity that was ever seen, in any order.
        calls: (caller, callee) of every call that was ever seen.
        view: standard | expanded.
        app_prefix: draw only apps whose name begins with it.
        host_filter: draw only apps with a server whose url contains it.
        streams: that brokers have; they belong to no app, so that filters leave out those nobody uses.

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
    is_shown = _shown_apps(config, shown, app_prefix=app_prefix, host_filter=host_filter)
    add_observed(
        graph,
        [key for key in observed if is_shown(key.app)],
        [
            (caller, callee)
            for caller, callee in calls
            if is_shown(caller.app) and (callee.kind == EXTERNAL or is_shown(callee.app))
        ],
    )
    if not app_prefix and not host_filter:
        add_observed_streams(graph, streams)
    nodes = with_short_names(with_stream_apps(graph.nodes, graph.edges.values(), apps=graph.apps))
    return Topology(
        view=view,
        apps=tuple(graph.apps.values()),
        nodes=tuple(nodes),
        edges=tuple(graph.edges.values()),
        warnings=tuple(graph.warnings),
    )


def _shown_apps(
    config: RuntimeConfig, shown: RuntimeConfig, *, app_prefix: str, host_filter: str
) -> Callable[[str], bool]:
    """Shown apps, and those in no config as far as the filters can be asked about them."""
    shown_keys, known_keys = {app.key for app in shown.apps}, {app.key for app in config.apps}
    key_prefix = app_key(app_prefix, "").removesuffix(".")

    def is_shown(key: str) -> bool:
        return key in shown_keys or (key not in known_keys and not host_filter and key.startswith(key_prefix))

    return is_shown
