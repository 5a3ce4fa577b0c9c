"""The side panel of a node: history from SQL, neighbours from the drawn topology; without Redis it says less."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import redis
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collector.models.activity import ActivityKey, Status
from collector.models.errors import StoreUnavailable
from visualizer.core.node_state import event_stats, request_stats, stream_stats
from visualizer.core.sampling_words import sampling_words
from visualizer.core.spark import draw_spark
from visualizer.core.verdict import give_verdict
from visualizer.interfaces.node_marks import KIND_WORDS, shape_of
from visualizer.models.delta import NodeStats
from visualizer.models.node_details import NewestLine, NodeDetails
from visualizer.models.node_id import (
    AUTO,
    DANGLING,
    EVENT,
    REQUEST,
    STANDARD,
    STREAM,
    VIEWS,
    activity_event_id,
    activity_stream_id,
)
from visualizer.models.topology import READ, WRITE, DrawnTopology, Node
from visualizer.repo.drawn import read_drawn, read_pending
from visualizer.repo.live_lines import read_newest_lines
from visualizer.repo.node_details import read_node_details
from visualizer.repo.redis_state import read_sampling
from visualizer.repo.watch import read_watch
from visualizer.resources import shared_redis

#: An id is made of names; a longer one is nobody's.
MAX_ID_CHARS = 2048
_LATEST_S = 2.0**37


@dataclass(frozen=True, slots=True)
class FromRedis:
    """What the panel takes from Redis; nothing while it does not answer."""

    #: Does it answer?
    answers: bool = False
    #: The view as drawn.
    drawn: DrawnTopology | None = None
    #: What is running now, by activity.
    pending: Mapping[ActivityKey, int] | None = None
    #: The sampling threshold; None when it is not known.
    sampling: int | None = None
    #: Number of shards.
    shards: int = 1


@require_safe
@never_cache
def node_panel(request: HttpRequest, view: str) -> HttpResponse:
    """templates/_node_panel.html for ?id=<node id>; 404 in words for what is not there."""
    node_id = request.GET.get("id", "")[:MAX_ID_CHARS]
    if view not in VIEWS or not node_id:
        return _unknown(request, node_id, "There is no such view or node.")
    redis_says = _ask_redis(view)
    node = _find_node(redis_says.drawn, node_id)
    details = read_node_details(_belongs(redis_says.drawn, node_id, view=view), now_s=time.time())
    if node is None and not details.seen:
        why = (
            "It is not in the graph (any more)."
            if redis_says.answers
            else "Redis does not answer, and history has not seen it."
        )
        return _unknown(request, node_id, why)
    context = _context(node or _guessed_node(node_id), details, redis_says, view=view)
    return render(request, "_node_panel.html", context)


def _context(node: Node, details: NodeDetails, redis_says: FromRedis, *, view: str) -> dict[str, Any]:
    stats = _stats(node.kind, details, redis_says.pending)
    runs = sum(server.runs for server in details.servers)
    shape = shape_of(node.kind, node.event_type)
    return {
        "node": node,
        "shape": shape,
        "kind_words": KIND_WORDS[shape],
        "stats": stats,
        "is_stream": node.kind == STREAM,
        "is_dangling": node.kind == DANGLING,
        "pending": stats.pending if redis_says.pending is not None else None,
        "verdict": give_verdict(node.kind, stats, details.servers, seen=details.seen),
        "failed_share": 100 * stats.failed / ended if (ended := stats.done + stats.failed + stats.ignored) else None,
        "spark": draw_spark(details.slots),
        "servers": [
            (server, 100 * server.runs / runs, 100 * server.failed / server.runs) for server in details.servers
        ],
        "redis_answers": redis_says.answers,
        "neighbours": _neighbours(redis_says.drawn, node.id, view=view),
        "newest": _newest_lines(details, redis_says),
        "samples": [
            (run, Status(run.status).name, datetime.fromtimestamp(run.timestamp_s, UTC)) for run in details.samples
        ],
        "sampling": sampling_words(redis_says.sampling) if redis_says.sampling is not None else "",
        "failures": [(group, datetime.fromtimestamp(group.timestamp_s, UTC)) for group in details.failures],
    }


def _ask_redis(view: str) -> FromRedis:
    try:
        client = shared_redis()
        drawn, shards = read_drawn(client, view), read_watch(client).shards
        return FromRedis(True, drawn, read_pending(client, shards=shards), read_sampling(client), shards)
    except (redis.RedisError, StoreUnavailable):
        return FromRedis()


def _newest_lines(details: NodeDetails, redis_says: FromRedis) -> list[tuple[NewestLine, datetime]]:
    if not redis_says.answers:
        return []
    try:
        lines = read_newest_lines(shared_redis(), details.activity_ids, shards=redis_says.shards)
    except (redis.RedisError, StoreUnavailable):
        return []
    # What lines say of their time is theirs: no year beyond what a date can be.
    return [(line, datetime.fromtimestamp(min(max(line.t, 0), _LATEST_S), UTC)) for line in lines]


def _find_node(drawn: DrawnTopology | None, node_id: str) -> Node | None:
    return next((node for node in drawn.topology.nodes if node.id == node_id), None) if drawn else None


def _guessed_node(node_id: str) -> Node:
    """What can be said of a node that only history knows."""
    kind = STREAM if node_id.startswith(">") else EVENT
    name = node_id[1:] if kind == STREAM else node_id
    return Node(id=node_id, kind=kind, label=name, name=name, app="", declared=False, observed=True)


def _belongs(drawn: DrawnTopology | None, node_id: str, *, view: str) -> Callable[[ActivityKey], bool]:
    """Which activities count for the node."""
    events = (
        {edge.target for edge in drawn.topology.edges if edge.kind == "request" and edge.source == node_id}
        if drawn
        else set()
    )
    if events:
        return lambda key: key.kind == REQUEST and activity_event_id(key, view=view) in events
    return lambda key: node_id in (activity_event_id(key, view=view), activity_stream_id(key, view=view))


def _stats(kind: str, details: NodeDetails, pending: Mapping[ActivityKey, int] | None) -> NodeStats:
    for stats in details.activities:
        stats.pending = (pending or {}).get(stats.key, 0)
    if kind == STREAM:
        return stream_stats(details.activities)
    return request_stats(details.activities) if kind == REQUEST else event_stats(details.activities)


def _neighbours(drawn: DrawnTopology | None, node_id: str, *, view: str) -> list[dict[str, Any]]:
    if drawn is None:
        return []
    nodes = {node.id: node for node in drawn.topology.nodes}
    ends = [("from", edge.source, edge) for edge in drawn.topology.edges if edge.target == node_id]
    ends += [("to", edge.target, edge) for edge in drawn.topology.edges if edge.source == node_id]
    labels: dict[tuple[str, str], list[str]] = {}
    for way, other, edge in ends:
        if other in nodes:
            # The queues of one stream stand in one row.
            label = edge.label or (AUTO if edge.kind in (READ, WRITE) and view == STANDARD else nodes[other].app)
            labels.setdefault((way, other), []).append(label)
    return [
        {
            "way": way,
            "node": nodes[other],
            "shape": shape_of(nodes[other].kind, nodes[other].event_type),
            "label": ", ".join(dict.fromkeys(several)),
            "href": _href(other, view=view),
        }
        for (way, other), several in labels.items()
    ]


def _href(node_id: str, *, view: str) -> str:
    query = QueryDict(mutable=True)
    query.update({"view": view, "node": node_id})
    return f"{reverse('graph')}?{query.urlencode()}"


def _unknown(request: HttpRequest, node_id: str, why: str) -> HttpResponse:
    return render(request, "_node_unknown.html", {"id": node_id, "why": why}, status=404)
