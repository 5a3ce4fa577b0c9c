"""
The side panel of a line between two nodes: what passes over it, and what says that it is there. With ?at= it tells of a
time that is over.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collector.models.activity import ActivityKey
from visualizer.core.edge_numbers import EdgeNumbers, edge_numbers
from visualizer.core.node_incidents import edge_subjects
from visualizer.core.node_state import WAIT_MS
from visualizer.interfaces.asked_time import asked_moment
from visualizer.interfaces.drift import drift_of
from visualizer.interfaces.node_marks import shape_of
from visualizer.interfaces.panel_earlier import asked_back_s, chart_context, read_earlier
from visualizer.interfaces.panel_facts import MAX_ID_CHARS, PanelFacts, read_facts
from visualizer.interfaces.panel_numbers import read_chart, read_numbers
from visualizer.interfaces.panel_then import read_facts_then, span_words, then_context, told_span
from visualizer.interfaces.stream_panel import flow_blocks, part_of_edges, read_stream
from visualizer.models.errors import NoSuchTopology
from visualizer.models.node_details import PanelChart
from visualizer.models.node_id import AUTO, VIEWS
from visualizer.models.topology import CALL, READ, REQUEST, WRITE, Edge, Node
from visualizer.repo.edge_seen import Seen, read_calls_seen, read_runs_seen, seen_by
from visualizer.repo.node_details import read_keys

_KIND_WORDS = {
    REQUEST: gettext_noop("comes in"),
    READ: gettext_noop("reads"),
    WRITE: gettext_noop("writes"),
    CALL: gettext_noop("calls"),
}


@require_safe
@never_cache
def edge_panel(request: HttpRequest, view: str) -> HttpResponse:
    """
    templates/_edge_panel.html for ?source=<node id> & target=<node id> & at=<unix second>; 404 in words for what is not
    there.
    """
    source, target = (request.GET.get(end, "")[:MAX_ID_CHARS] for end in ("source", "target"))
    keys, why = read_keys(), ""
    try:
        facts = _read_facts(request, view, keys)
    except NoSuchTopology as exc:
        facts, why = PanelFacts(view), str(exc)
    edges = [edge for edge in facts.edges if (edge.source, edge.target) == (source, target)]
    if not edges:
        context = {"id": f"{source} → {target}", "why": why or _why(facts)}
        return render(request, "_node_unknown.html", context, status=404)
    context = _context(facts, edges, keys, back_s=asked_back_s(request))
    if facts.then:
        subjects = edge_subjects(edges, view=view)
        context |= then_context(facts, facts.then, subjects, edge=f"{source}>{target}")
    return render(request, "_edge_panel.html", context)


def _read_facts(request: HttpRequest, view: str, keys: Mapping[int, ActivityKey]) -> PanelFacts:
    if view not in VIEWS:
        raise NoSuchTopology(gettext("There is no such view or node."))
    at_s = asked_moment(request, now_s=time.time())
    return read_facts(view) if at_s is None else read_facts_then(view, at_s, keys)


def _why(facts: PanelFacts) -> str:
    if facts.then:
        return gettext("It was not in the graph then.")
    return gettext("It is not in the graph (any more).") if facts.answers else gettext("Redis does not answer.")


def _context(
    facts: PanelFacts, edges: Sequence[Edge], keys: Mapping[int, ActivityKey], *, back_s: int
) -> dict[str, Any]:
    here, now_s = facts.passes(edges), time.time()
    passing = {pk: key for pk, key in keys.items() if here(key)}
    minute = read_numbers(facts, passing)
    numbers = edge_numbers(edges, minute)
    waits = any(edge.kind in (READ, WRITE) for edge in edges)
    chart = read_chart(facts, passing, minute, waits=waits) if numbers.exact else PanelChart()
    earlier = read_earlier(passing, chart, facts.then, back_s=back_s, waits=waits) if numbers.exact else None
    flow, depth = read_stream(facts, keys, part_of_edges(edges, facts.view)) if waits else (None, None)
    seen = read_runs_seen(passing) if numbers.exact else _calls_seen(facts, edges, passing, keys)
    if facts.then:
        seen = seen_by(seen, facts.then.at_s)
    source, target = (facts.nodes[end] for end in (edges[0].source, edges[0].target))
    return {
        "ends": [(way, node, shape_of(node.kind, node.event_type), facts.address(node=node.id))
                 for way, node in (("from", source), ("to", target))],
        "kinds": ", ".join(dict.fromkeys(gettext(_KIND_WORDS[edge.kind]) for edge in edges)),
        "edges": [(edge, edge.label or (AUTO if edge.kind in (READ, WRITE) else "")) for edge in edges],
        "numbers": numbers,
        "is_waiting": (numbers.wait_p95 or 0) > WAIT_MS,
        "is_of_stream": waits,
        "flow": flow_blocks(flow, depth) if flow else [],
        "declared": any(edge.declared for edge in edges),
        "observed": seen is not None or any(not edge.declared if facts.then else edge.observed for edge in edges),
        "seen": seen,
        "first": datetime.fromtimestamp(seen.first_s, UTC) if seen else None,
        "last": datetime.fromtimestamp(seen.last_s, UTC) if seen and seen.last_s else None,
        "is_inferred": seen is None and any(edge.observed and edge.kind == WRITE for edge in edges),
        "drift": drift_of(facts, edges, now_s=now_s),
        **chart_context(chart, earlier, waits=waits),
        "link": facts.address(edge=f"{source.id}>{target.id}"),
        "as_json": _json(
            _told(source, target, edges, numbers, seen, span=told_span(facts.then))
            | {"stream": msgspec.to_builtins(flow), "broker": msgspec.to_builtins(depth)}
        ),
        **span_words(facts.then),
    }  # fmt: skip


def _calls_seen(
    facts: PanelFacts, edges: Sequence[Edge], passing: Collection[int], keys: Mapping[int, ActivityKey]
) -> Seen | None:
    calls = facts.belongs(edges[0].source)
    return read_calls_seen([pk for pk, key in keys.items() if calls(key)], passing)


def _told(
    source: Node,
    target: Node,
    edges: Sequence[Edge],
    numbers: EdgeNumbers,
    seen: Seen | None,
    *,
    span: Mapping[str, int],
) -> dict[str, Any]:
    return {
        **span,
        "source": source.id,
        "target": target.id,
        "queues": [edge.label for edge in edges if edge.label],
        "declared": any(edge.declared for edge in edges),
        "observed": seen is not None if span else any(edge.observed for edge in edges),
        "first_seen_s": seen.first_s if seen else None,
        "last_seen_s": seen.last_s or None if seen else None,
        "seen_times": None if span else seen.count if seen else 0,
        "numbers" if span else "last_60_s": msgspec.to_builtins(numbers),
    }


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode() if value else ""
