"""Who suffers when a node, a stream or a host is down, and what could make it suffer: for the graph page."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collector.models.activity import ActivityKey
from visualizer.config import read_options
from visualizer.core.blast import BlastGraph
from visualizer.core.blast_words import blast_summary, impact_words
from visualizer.core.stream_depth import refills_of, soonest
from visualizer.core.traffic_shares import traffic_shares
from visualizer.core.untrusted import visible
from visualizer.interfaces.broker_panel import read_depth
from visualizer.interfaces.diff_sides import WINDOW_S
from visualizer.interfaces.panel_facts import MAX_ID_CHARS, PanelFacts, graph_address, read_facts
from visualizer.interfaces.stream_limits import most_messages
from visualizer.models.blast import FILLS, SUFFERS, WAYS, Impact, Refill
from visualizer.models.node_id import EVENT, VIEWS, activity_event_id, activity_stream_id
from visualizer.models.stream_flow import StreamPart
from visualizer.models.topology import READ
from visualizer.repo.behaviour import read_behaviour
from visualizer.repo.node_details import read_keys
from visualizer.repo.traffic import read_call_counts, read_run_counts

#: Before the URL of a host, where an id is expected.
HOST_MARK = "host:"


@require_safe
@never_cache
def blast(request: HttpRequest, view: str) -> JsonResponse:
    """
    {"name", "words", "starts": [node id], "impacts": [{"id", "name", "app", "when", "words", "href"}]} for
    ?of=<node id, or host:<base url>>&way=suffers|causes; 404 with {"why"} for what is not there.
    """
    of, way = request.GET.get("of", "")[:MAX_ID_CHARS], request.GET.get("way", SUFFERS)
    facts = read_facts(view) if view in VIEWS else PanelFacts(view)
    told = find_blast(facts, of, way) if way in WAYS else None
    if told is None:
        why = "It is not in the graph (any more)." if facts.answers else "Redis does not answer."
        return JsonResponse({"why": why}, status=404)
    return JsonResponse(told)


def find_blast(facts: PanelFacts, of: str, way: str) -> dict[str, Any] | None:
    """
    What blast() answers; None for what is not there.

    Raises:
        django.db.DatabaseError: history does not answer.
    """
    starts = _starts(facts, of)
    if not starts:
        return None
    keys = read_keys()
    shares = traffic_shares(read_run_counts(keys), read_call_counts(keys), facts.edges, view=facts.view)
    impacts = BlastGraph(facts.nodes.values(), facts.edges, shares).find(starts, way)
    refills = _refills(facts, keys, impacts, starts.keys()) if way == SUFFERS else {}
    return {
        "name": facts.nodes[of].name if of in facts.nodes else f"host {of.removeprefix(HOST_MARK)}",
        "words": blast_summary(impacts, way),
        "starts": list(starts),
        "impacts": [_told(facts, impact, way, refills, list(starts)) for impact in impacts],
    }


def _starts(facts: PanelFacts, of: str) -> dict[str, float]:
    """Node id → share of it that is down. A host takes its share of the processes of its apps with it."""
    if not of.startswith(HOST_MARK):
        return {of: 1.0} if of in facts.nodes else {}
    url, shares = of.removeprefix(HOST_MARK), dict[str, float]()
    for app in facts.drawn.topology.apps if facts.drawn else ():
        if here := sum(server.url == url for server in app.servers):
            shares[app.key] = here / len(app.servers)
    return {node.id: shares[node.app] for node in facts.nodes.values() if node.kind == EVENT and node.app in shares}


def _refills(
    facts: PanelFacts, keys: Mapping[int, ActivityKey], impacts: Collection[Impact], starts: Collection[str]
) -> dict[str, Refill]:
    """What is known of the streams that fill: how much they may hold, and how much those that are down read of them."""
    streams = {impact.id for impact in impacts if impact.how == FILLS}
    reads = defaultdict[str, set[int]](set)
    for pk, key in keys.items():
        stream = activity_stream_id(key, view=facts.view)
        if stream in streams and activity_event_id(key, view=facts.view) in starts:
            reads[stream].add(pk)
    counted = _counted(facts, keys, streams=streams, starts=starts)
    now_s = time.time()
    read = read_behaviour(
        reads,
        streams=streams,
        since_s=now_s - WINDOW_S,
        until_s=now_s,
        resolutions=read_options().history,
        now_s=now_s,
    )
    return {
        stream: counted.get(stream)
        or Refill(
            most_messages=most_messages(facts.edges, stream),
            per_s=behaviour.per_s if (behaviour := read.get(stream)) else None,
        )
        for stream in streams
    }


def _counted(
    facts: PanelFacts, keys: Mapping[int, ActivityKey], *, streams: Collection[str], starts: Collection[str]
) -> dict[str, Refill]:
    """Stream → how its broker says it fills when these do not read, the first queue to be full; where one tells."""
    found = defaultdict[str, list[Refill]](list)
    for edge in facts.edges if facts.brokers else ():
        if edge.kind == READ and edge.source in streams and edge.target in starts:
            found[edge.source] += refills_of(read_depth(facts, keys.values(), StreamPart(edge.source, (), edge.target)))
    return {stream: min(refills, key=soonest) for stream, refills in found.items() if refills}


def _told(
    facts: PanelFacts, impact: Impact, way: str, refills: Mapping[str, Refill], starts: list[str]
) -> dict[str, Any]:
    node = facts.nodes[impact.id]
    words = impact_words(impact, way, facts.nodes, refill=refills.get(impact.id), starts=starts)
    return {
        "id": node.id,
        "name": node.name,
        "app": node.app,
        "when": impact.when,
        "words": visible(words),
        "href": graph_address(view=facts.view, node=node.id),
    }
