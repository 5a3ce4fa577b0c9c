"""
The side panel of a node: history from SQL, neighbours from the drawn topology; without Redis it says less. With ?at= it
tells of a time that is over.
"""

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
from visualizer.core.depth_verdict import with_depth
from visualizer.core.node_incidents import node_subjects
from visualizer.core.node_state import event_stats, request_stats, stream_stats
from visualizer.core.sampling_words import sampling_words
from visualizer.core.skew import Instance, compare_servers
from visualizer.core.verdict import Verdict, give_verdict
from visualizer.interfaces.asked_time import asked_moment
from visualizer.interfaces.lint_pages import findings_on, read_report
from visualizer.interfaces.neighbours import Neighbour, find_neighbours
from visualizer.interfaces.node_marks import KIND_WORDS, shape_of
from visualizer.interfaces.node_standstill import oldest_runs, with_standstill
from visualizer.interfaces.node_troubles import find_troubles
from visualizer.interfaces.panel_earlier import asked_back_s, chart_context, read_earlier
from visualizer.interfaces.panel_facts import MAX_ID_CHARS, PanelFacts, guessed_node, read_facts
from visualizer.interfaces.panel_numbers import read_details
from visualizer.interfaces.panel_then import read_facts_then, span_words, then_context, told_span
from visualizer.interfaces.stream_panel import flow_blocks, read_stream
from visualizer.models.delta import NodeStats
from visualizer.models.errors import NoSuchTopology
from visualizer.models.node_details import NewestLine, NodeDetails
from visualizer.models.node_id import DANGLING, EVENT, REQUEST, STREAM, VIEWS
from visualizer.models.stream_flow import StreamPart
from visualizer.models.topology import Node
from visualizer.repo.live_lines import read_newest_lines
from visualizer.repo.node_details import read_keys
from visualizer.resources import shared_redis

#: Instances shown: odd ones come first.
_MOST_INSTANCES = 12
_LATEST_S = 2.0**37


@require_safe
@never_cache
def node_panel(request: HttpRequest, view: str) -> HttpResponse:
    """templates/_node_panel.html for ?id=<node id> & at=<unix second>; 404 in words for what is not there."""
    node_id, keys = request.GET.get("id", "")[:MAX_ID_CHARS], read_keys()
    if view not in VIEWS or not node_id:
        return _unknown(request, node_id, gettext("There is no such view or node."))
    try:
        at_s = asked_moment(request, now_s=time.time())
        facts = read_facts(view) if at_s is None else read_facts_then(view, at_s, keys, node_id=node_id)
    except NoSuchTopology as exc:
        return _unknown(request, node_id, str(exc))
    drawn = facts.nodes.get(node_id)
    node = drawn or guessed_node(node_id)
    details = read_details(facts, keys, node_id, waits=node.kind == STREAM)
    if drawn is None and not details.seen:
        return _unknown(request, node_id, _why(facts))
    back_s, waits = asked_back_s(request), node.kind == STREAM
    earlier = read_earlier(details.activity_ids, details.chart, facts.then, back_s=back_s, waits=waits)
    context = _context(node, details, facts, keys) | chart_context(details.chart, earlier, waits=waits)
    if facts.then:
        subjects = node_subjects(node.id, facts.edges, view=view)
        context |= then_context(facts, facts.then, subjects, node=node.id)
    return render(request, "_node_panel.html", context)


def _context(node: Node, details: NodeDetails, facts: PanelFacts, keys: Mapping[int, ActivityKey]) -> dict[str, Any]:
    stats = node_stats(node.kind, details, facts.pending)
    shape, waits = shape_of(node.kind, node.event_type), node.kind == STREAM
    flow, depth = read_stream(facts, keys, StreamPart(node.id)) if waits else (None, None)
    then_s = facts.then.until_s - facts.then.from_s if facts.then else 0
    verdict = give_verdict(node.kind, stats, details.servers, seen=details.seen, then_s=then_s)
    verdict = with_depth(verdict, depth) if depth else verdict
    now_s = time.time()
    verdict = with_standstill(verdict, node, facts, now_s=now_s)
    instances = compare_servers(details.servers, [] if waits else facts.living(node))
    neighbours = find_neighbours(facts, node.id, keys)
    return {
        "node": node,
        "shape": shape,
        "kind_words": gettext(KIND_WORDS[shape]),
        "stats": stats,
        "is_stream": waits,
        "is_in_logs": details.seen,
        "flow": flow_blocks(flow, depth) if flow else [],
        "is_dangling": node.kind == DANGLING,
        "pending": stats.pending if facts.pending is not None else None,
        "verdict": verdict,
        "failed_share": 100 * stats.failed / ended if (ended := stats.done + stats.failed + stats.ignored) else None,
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
        "link": facts.address(node=node.id),
        "view": facts.view,
        "shows_declared": node.declared and node.kind in (EVENT, STREAM),
        "declared_query": urlencode({"id": node.id, "queue": node.queue} | facts.moment),
        "as_json": _json(
            _told(node, stats, verdict, instances, neighbours, details, span=told_span(facts.then))
            | {"stream": msgspec.to_builtins(flow), "broker": msgspec.to_builtins(depth)}
        ),
        **span_words(facts.then),
    }


def _why(facts: PanelFacts) -> str:
    if facts.then:
        return gettext("It was not in the graph then.")
    if facts.answers:
        return gettext("It is not in the graph (any more).")
    return gettext("Redis does not answer, and history has not seen it.")


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
    *,
    span: Mapping[str, int],
) -> dict[str, Any]:
    """What "copy as JSON" copies. Args: span: what its numbers are of, nothing of now."""
    numbers = "numbers" if span else "last_60_s"
    return {
        **span,
        "node": msgspec.to_builtins(node),
        "verdict": verdict._asdict(),
        numbers: {name: getattr(stats, name) for name in stats.__struct_fields__ if name not in ("state", "last")},
        "instances": [
            msgspec.to_builtins(instance.server) | {"flag": instance.flag} for instance in instances[:_MOST_INSTANCES]
        ],
        "neighbours": [
            {"way": each.way, "id": each.node.id, numbers: msgspec.to_builtins(each.numbers)} for each in neighbours
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


def node_stats(kind: str, details: NodeDetails, pending: Mapping[ActivityKey, int] | None) -> NodeStats:
    """The node's last 60 s; pending: what is running now by activity, None while that is not known."""
    for stats in details.activities:
        stats.pending = (pending or {}).get(stats.key, 0)
    if kind == STREAM:
        return stream_stats(details.activities)
    return request_stats(details.activities) if kind == REQUEST else event_stats(details.activities)


def _unknown(request: HttpRequest, node_id: str, why: str) -> HttpResponse:
    return render(request, "_node_unknown.html", {"id": node_id, "why": why}, status=404)
