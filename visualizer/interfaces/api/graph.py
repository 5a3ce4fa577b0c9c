"""/graph: one view of what is connected, or a part of it."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest

from visualizer.core.graph_part import apps_at, of_apps, only_named
from visualizer.interfaces.api.endpoints import get
from visualizer.interfaces.api.parameters import AppKey, HostUrl, View, Words
from visualizer.models.api_answer import Graph, JudgedEdge
from visualizer.models.api_token import READ_GRAPH
from visualizer.models.evidence import CONFIRMED
from visualizer.models.topology import Topology
from visualizer.repo.drawn import read_drawn
from visualizer.repo.evidence import read_evidence
from visualizer.resources import shared_redis


@get("/graph", answer=Graph, scope=READ_GRAPH)
def graph(
    request: HttpRequest, view: View = "standard", app: AppKey = "", host: HostUrl = "", find: Words = ""
) -> Graph:
    """
    What is connected.

    The whole view, or what the filters leave: an app, the apps of a host, with what they touch; what the words name.
    It is empty until the worker has drawn something. Send the ETag back as If-None-Match, and what you have already
    costs a 304.
    """
    client = shared_redis()
    drawn, evidence = read_drawn(client, view), read_evidence(client, view)
    topology = drawn.topology if drawn else Topology(view=view, apps=(), nodes=(), edges=())
    if app:
        topology = of_apps(topology, {app})
    if host:
        topology = of_apps(topology, apps_at(topology, host))
    if find.strip():
        topology = only_named(topology, find)
    return Graph(
        view=view,
        version=drawn.version if drawn else "",
        apps=topology.apps,
        nodes=topology.nodes,
        edges=tuple(
            JudgedEdge(
                **msgspec.structs.asdict(edge),
                state=evidence[edge.id].state if edge.id in evidence else CONFIRMED,
            )
            for edge in topology.edges
        ),
        warnings=topology.warnings,
    )
