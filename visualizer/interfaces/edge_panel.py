"""The side panel of a line between two nodes: what passes over it, and what says that it is there."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from visualizer.core.chart_data import histogram, time_chart
from visualizer.core.edge_numbers import EdgeNumbers, edge_numbers
from visualizer.core.node_state import WAIT_MS
from visualizer.interfaces.broker_panel import read_depth
from visualizer.interfaces.drift import drift_of
from visualizer.interfaces.node_marks import shape_of
from visualizer.interfaces.panel_facts import MAX_ID_CHARS, PanelFacts, graph_address, read_facts
from visualizer.interfaces.stream_panel import flow_blocks, part_of_edges, read_flow
from visualizer.models.node_details import QuarterHour
from visualizer.models.node_id import AUTO, VIEWS
from visualizer.models.topology import CALL, READ, REQUEST, WRITE, Edge, Node
from visualizer.repo.edge_seen import Seen, read_calls_seen, read_runs_seen
from visualizer.repo.node_details import read_keys
from visualizer.repo.windows import read_minute, read_quarter

_KIND_WORDS = {
    REQUEST: gettext_noop("comes in"),
    READ: gettext_noop("reads"),
    WRITE: gettext_noop("writes"),
    CALL: gettext_noop("calls"),
}


@require_safe
@never_cache
def edge_panel(request: HttpRequest, view: str) -> HttpResponse:
    """templates/_edge_panel.html for ?source=<node id>&target=<node id>; 404 in words for what is not there."""
    source, target = (request.GET.get(end, "")[:MAX_ID_CHARS] for end in ("source", "target"))
    facts = read_facts(view) if view in VIEWS else PanelFacts(view)
    edges = [edge for edge in facts.edges if (edge.source, edge.target) == (source, target)]
    if not edges:
        silent = view in VIEWS and not facts.answers
        why = gettext("Redis does not answer.") if silent else gettext("It is not in the graph (any more).")
        return render(request, "_node_unknown.html", {"id": f"{source} → {target}", "why": why}, status=404)
    return render(request, "_edge_panel.html", _context(facts, edges))


def _context(facts: PanelFacts, edges: Sequence[Edge]) -> dict[str, Any]:
    keys, here, now_s = read_keys(), facts.passes(edges), time.time()
    passing = {pk: key for pk, key in keys.items() if here(key)}
    numbers = edge_numbers(edges, read_minute(passing, now_s=now_s))
    waits = any(edge.kind in (READ, WRITE) for edge in edges)
    quarter = read_quarter(passing, waits=waits, now_s=now_s) if numbers.exact else QuarterHour()
    part = part_of_edges(edges, facts.view) if waits else None
    flow, depth = (read_flow(facts, keys, part), read_depth(facts, keys.values(), part)) if part else (None, None)
    seen = read_runs_seen(passing) if numbers.exact else _calls_seen(facts, edges, passing, keys)
    source, target = (facts.nodes[end] for end in (edges[0].source, edges[0].target))
    link = graph_address(view=facts.view, edge=f"{source.id}>{target.id}")
    return {
        "ends": [(way, node, shape_of(node.kind, node.event_type), graph_address(view=facts.view, node=node.id))
                 for way, node in (("from", source), ("to", target))],
        "kinds": ", ".join(dict.fromkeys(gettext(_KIND_WORDS[edge.kind]) for edge in edges)),
        "edges": [(edge, edge.label or (AUTO if edge.kind in (READ, WRITE) else "")) for edge in edges],
        "numbers": numbers,
        "is_waiting": (numbers.wait_p95 or 0) > WAIT_MS,
        "is_of_stream": waits,
        "flow": flow_blocks(flow, depth) if flow and depth else [],
        "declared": any(edge.declared for edge in edges),
        "observed": any(edge.observed for edge in edges) or seen is not None,
        "seen": seen,
        "first": datetime.fromtimestamp(seen.first_s, UTC) if seen else None,
        "last": datetime.fromtimestamp(seen.last_s, UTC) if seen else None,
        "is_inferred": seen is None and any(edge.observed and edge.kind == WRITE for edge in edges),
        "drift": drift_of(facts, edges, now_s=now_s),
        "chart": _json(time_chart(quarter, waits=waits)),
        "histogram": _json(histogram(quarter.durations)),
        "link": link,
        "as_json": _json(
            _told(source, target, edges, numbers, seen)
            | {"stream": msgspec.to_builtins(flow), "broker": msgspec.to_builtins(depth)}
        ),
    }  # fmt: skip


def _calls_seen(facts: PanelFacts, edges: Sequence[Edge], passing: Any, keys: Any) -> Seen | None:
    calls = facts.belongs(edges[0].source)
    return read_calls_seen([pk for pk, key in keys.items() if calls(key)], passing)


def _told(source: Node, target: Node, edges: Sequence[Edge], numbers: EdgeNumbers, seen: Seen | None) -> dict[str, Any]:
    return {
        "source": source.id,
        "target": target.id,
        "queues": [edge.label for edge in edges if edge.label],
        "declared": any(edge.declared for edge in edges),
        "observed": any(edge.observed for edge in edges),
        "first_seen_s": seen.first_s if seen else None,
        "last_seen_s": seen.last_s if seen else None,
        "seen_times": seen.count if seen else 0,
        "last_60_s": msgspec.to_builtins(numbers),
    }


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode() if value else ""
