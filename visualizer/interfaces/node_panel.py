"""The side panel of a node: history from SQL, neighbours from the drawn topology; without Redis it says less."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import msgspec
import redis
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collector.models.activity import ActivityKey, Status
from collector.models.errors import StoreUnavailable
from visualizer.core.chart_data import histogram, time_chart
from visualizer.core.depth_verdict import with_depth
from visualizer.core.node_state import event_stats, request_stats, stream_stats
from visualizer.core.sampling_words import sampling_words
from visualizer.core.skew import Instance, compare_servers
from visualizer.core.verdict import Verdict, give_verdict
from visualizer.interfaces.broker_panel import read_depth
from visualizer.interfaces.lint_pages import findings_on, read_report
from visualizer.interfaces.neighbours import Neighbour, find_neighbours
from visualizer.interfaces.node_marks import KIND_WORDS, shape_of
from visualizer.interfaces.node_standstill import oldest_runs, with_standstill
from visualizer.interfaces.node_troubles import find_troubles
from visualizer.interfaces.panel_facts import MAX_ID_CHARS, PanelFacts, graph_address, read_facts
from visualizer.interfaces.stream_panel import flow_blocks, read_flow
from visualizer.models.delta import NodeStats
from visualizer.models.node_details import NewestLine, NodeDetails
from visualizer.models.node_id import DANGLING, EVENT, REQUEST, STREAM, VIEWS
from visualizer.models.stream_flow import StreamPart
from visualizer.models.topology import Node
from visualizer.repo.live_lines import read_newest_lines
from visualizer.repo.node_details import read_keys, read_node_details
from visualizer.resources import shared_redis

#: Instances shown: odd ones come first.
_MOST_INSTANCES = 12
_LATEST_S = 2.0**37


@require_safe
@never_cache
def node_panel(request: HttpRequest, view: str) -> HttpResponse:
    """templates/_node_panel.html for ?id=<node id>; 404 in words for what is not there."""
    node_id = request.GET.get("id", "")[:MAX_ID_CHARS]
    if view not in VIEWS or not node_id:
        return _unknown(request, node_id, gettext("There is no such view or node."))
    facts, keys = read_facts(view), read_keys()
    drawn = facts.nodes.get(node_id)
    node = drawn or guessed_node(node_id)
    details = read_node_details(keys, facts.belongs(node_id), waits=node.kind == STREAM, now_s=time.time())
    if drawn is None and not details.seen:
        why = (
            gettext("It is not in the graph (any more).")
            if facts.answers
            else gettext("Redis does not answer, and history has not seen it.")
        )
        return _unknown(request, node_id, why)
    return render(request, "_node_panel.html", _context(node, details, facts, keys))


def _context(node: Node, details: NodeDetails, facts: PanelFacts, keys: Mapping[int, ActivityKey]) -> dict[str, Any]:
    stats = node_stats(node.kind, details, facts.pending)
    shape, waits = shape_of(node.kind, node.event_type), node.kind == STREAM
    part = StreamPart(node.id)
    flow, depth = (read_flow(facts, keys, part), read_depth(facts, keys.values(), part)) if waits else (None, None)
    verdict = give_verdict(node.kind, stats, details.servers, seen=details.seen)
    verdict = with_depth(verdict, depth) if depth else verdict
    now_s = time.time()
    verdict = with_standstill(verdict, node, facts, now_s=now_s)
    instances = compare_servers(details.servers, [] if waits else facts.living(node))
    neighbours = find_neighbours(facts, node.id, keys)
    link = graph_address(view=facts.view, node=node.id)
    return {
        "node": node,
        "shape": shape,
        "kind_words": gettext(KIND_WORDS[shape]),
        "stats": stats,
        "is_stream": waits,
        "is_in_logs": details.seen,
        "flow": flow_blocks(flow, depth) if flow and depth else [],
        "is_dangling": node.kind == DANGLING,
        "pending": stats.pending if facts.pending is not None else None,
        "verdict": verdict,
        "failed_share": 100 * stats.failed / ended if (ended := stats.done + stats.failed + stats.ignored) else None,
        "chart": _json(time_chart(details.quarter, waits=waits)),
        "histogram": _json(histogram(details.quarter.durations)),
        "instances": instances[:_MOST_INSTANCES],
        "more_instances": len(instances[_MOST_INSTANCES:]),
        "redis_answers": facts.answers,
        "findings": findings_on(_flagged_ids(node), read_report() if facts.answers else None, view=facts.view),
        "neighbours": neighbours,
        "oldest": oldest_runs(node, facts, now_s=now_s),
        "troubles": find_troubles(node, facts, details.activity_ids, keys, depth),
        "newest": _newest_lines(details, facts),
        "samples": [
            (run, Status(run.status).name, datetime.fromtimestamp(run.timestamp_s, UTC)) for run in details.samples
        ],
        "sampling": sampling_words(facts.sampling) if facts.sampling is not None else "",
        "failures": [(group, datetime.fromtimestamp(group.timestamp_s, UTC)) for group in details.failures],
        "link": link,
        "view": facts.view,
        "shows_declared": node.declared and node.kind in (EVENT, STREAM),
        "declared_query": urlencode({"id": node.id, "queue": node.queue}),
        "as_json": _json(
            _told(node, stats, verdict, instances, neighbours, details)
            | {"stream": msgspec.to_builtins(flow), "broker": msgspec.to_builtins(depth)}
        ),
    }


def _flagged_ids(node: Node) -> list[str]:
    """An entry has the findings of its event."""
    return [node.id, node.id.removesuffix(f".{node.label}")] if node.kind == REQUEST else [node.id]


def _told(
    node: Node,
    stats: NodeStats,
    verdict: Verdict,
    instances: Sequence[Instance],
    neighbours: Sequence[Neighbour],
    details: NodeDetails,
) -> dict[str, Any]:
    """What "copy as JSON" copies."""
    return {
        "node": msgspec.to_builtins(node),
        "verdict": verdict._asdict(),
        "last_60_s": {name: getattr(stats, name) for name in stats.__struct_fields__ if name not in ("state", "last")},
        "instances": [
            msgspec.to_builtins(instance.server) | {"flag": instance.flag} for instance in instances[:_MOST_INSTANCES]
        ],
        "neighbours": [
            {"way": each.way, "id": each.node.id, "last_60_s": msgspec.to_builtins(each.numbers)} for each in neighbours
        ],
        "failures": [msgspec.to_builtins(group) | {"traceback": ""} for group in details.failures],
    }


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode() if value else ""


def _newest_lines(details: NodeDetails, facts: PanelFacts) -> list[tuple[NewestLine, datetime]]:
    if not facts.answers:
        return []
    try:
        lines = read_newest_lines(shared_redis(), details.activity_ids, shards=facts.shards)
    except (redis.RedisError, StoreUnavailable):
        return []
    # What lines say of their time is theirs: no year beyond what a date can be.
    return [(line, datetime.fromtimestamp(min(max(line.t, 0), _LATEST_S), UTC)) for line in lines]


def guessed_node(node_id: str) -> Node:
    """What can be said of a node that only history knows."""
    kind = STREAM if node_id.startswith(">") else EVENT
    name = node_id[1:] if kind == STREAM else node_id
    return Node(id=node_id, kind=kind, label=name, name=name, app="", declared=False, observed=True)


def node_stats(kind: str, details: NodeDetails, pending: Mapping[ActivityKey, int] | None) -> NodeStats:
    """The node's last 60 s; pending: what is running now by activity, None while that is not known."""
    for stats in details.activities:
        stats.pending = (pending or {}).get(stats.key, 0)
    if kind == STREAM:
        return stream_stats(details.activities)
    return request_stats(details.activities) if kind == REQUEST else event_stats(details.activities)


def _unknown(request: HttpRequest, node_id: str, why: str) -> HttpResponse:
    return render(request, "_node_unknown.html", {"id": node_id, "why": why}, status=404)
