"""The list of what declared and observed do not agree on, and the answers people give to it."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import redis
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from collector.models.activity import ActivityKey
from collector.models.errors import StoreUnavailable
from visualizer.core.drift import Drift, list_drift, with_answers
from visualizer.interfaces.drift_example import caller_text, find_example
from visualizer.interfaces.node_marks import shape_of
from visualizer.interfaces.panel_facts import PanelFacts, graph_address, read_facts
from visualizer.models.evidence import DRIFT, NEVER, AcceptedEdge, edge_identity
from visualizer.models.node_id import STANDARD, VIEWS
from visualizer.models.topology import Edge, Node
from visualizer.repo.accepted_edges import accept_edge, read_accepted, reject_edge
from visualizer.repo.drawn import read_drawn
from visualizer.repo.evidence import keep_evidence, read_evidence
from visualizer.repo.node_details import read_keys
from visualizer.resources import shared_redis

log = logging.getLogger(__name__)

#: Rows of a list: who has more has another problem.
MOST_ROWS = 100
#: Rows that get an example line: each costs a look at Redis.
MOST_EXAMPLES = 20
MAX_NOTE_CHARS = 256


@require_safe
@never_cache
def drift_panel(request: HttpRequest, view: str) -> HttpResponse:
    """templates/_drift_panel.html: what asks for an answer, what was accepted, what was not seen yet; now, or not."""
    if "at" in request.GET:
        return render(request, "_drift_then.html")
    return _list(request, view)


@require_POST
def answer(request: HttpRequest, view: str) -> HttpResponse:
    """
    Take an edge's state for normal: edge=<edge_identity()> & state=<its state> & note=<why>; or, without a state, ask
    about it again. The list follows.
    """
    identity, state, note = (request.POST.get(name, "") for name in ("edge", "state", "note"))
    known = {edge_identity(edge) for edge in read_facts(view).edges} if view in VIEWS else ()
    if identity in known and state in DRIFT:
        who = request.user.get_username() if request.user.is_authenticated else ""
        accept_edge(identity, AcceptedEdge(state, note[:MAX_NOTE_CHARS].strip(), who, int(time.time())))
    elif not state:
        reject_edge(identity)
    try:
        _tell_answers()
    except (redis.RedisError, StoreUnavailable) as exc:
        log.warning("answers_not_told: %s", exc)  # the worker tells them when Redis answers again
    return _list(request, view) if "HX-Request" in request.headers else redirect(graph_address(show="drift"))


def drift_of(facts: PanelFacts, edges: Sequence[Edge], *, now_s: float) -> list[Drift]:
    """What differs of some edges; nothing while Redis does not answer, and of a time that is over: it is not kept."""
    if facts.drawn is None or facts.then:
        return []
    try:
        found = read_evidence(shared_redis(), facts.view)
    except (redis.RedisError, StoreUnavailable):
        return []
    return list_drift(edges, found, now_s=now_s)


def _list(request: HttpRequest, view: str) -> HttpResponse:
    return render(request, "_drift_panel.html", _context(view if view in VIEWS else STANDARD))


def _tell_answers() -> None:
    client, accepted, now_s = shared_redis(), read_accepted(), time.time()
    told = {}
    for view in VIEWS:
        if (drawn := read_drawn(client, view)) is not None:
            told[view] = with_answers(drawn.topology, read_evidence(client, view), accepted, now_s=now_s)
    if told:
        keep_evidence(client, told)


def _context(view: str) -> dict[str, Any]:
    facts, now_s = read_facts(view), time.time()
    drift = drift_of(facts, facts.edges, now_s=now_s)
    asking = [row for row in drift if row.evidence.asks]
    keys, taken = read_keys(), read_accepted()
    return {
        "answers": facts.answers,
        "view": view,
        "rows": [
            _row(row, facts, keys if place < MOST_EXAMPLES else {}) for place, row in enumerate(asking[:MOST_ROWS])
        ],
        "more": max(0, len(asking) - MOST_ROWS),
        "accepted": [_accepted_row(row, facts, taken) for row in drift if row.evidence.accepted],
        "old": [_row(row, facts, {}) for row in drift if row.evidence.old and not row.evidence.accepted][:MOST_ROWS],
        "waiting": [_row(row, facts, {}) for row in drift if _is_waited_for(row)][:MOST_ROWS],
    }


def _is_waited_for(row: Drift) -> bool:
    return row.evidence.state == NEVER and not (row.evidence.accepted or row.evidence.asks)


def _accepted_row(row: Drift, facts: PanelFacts, taken: Mapping[str, AcceptedEdge]) -> dict[str, Any]:
    by = taken.get(edge_identity(row.edge))
    accepted_at = datetime.fromtimestamp(by.accepted_s, UTC) if by else None
    return {**_row(row, facts, {}), "taken": by, "accepted_at": accepted_at}


def _row(row: Drift, facts: PanelFacts, keys: Mapping[int, ActivityKey]) -> dict[str, Any]:
    ends = [facts.nodes[end] for end in (row.edge.source, row.edge.target)]
    evidence = row.evidence
    return {
        "drift": row,
        "state": evidence.state,
        "identity": edge_identity(row.edge),
        "ends": [(node, _end_name(node, facts), shape_of(node.kind, node.event_type)) for node in ends],
        "href": graph_address(view=facts.view, edge=f"{row.edge.source}>{row.edge.target}"),
        "first": datetime.fromtimestamp(evidence.first_s, UTC) if evidence.first_s else None,
        "last": datetime.fromtimestamp(evidence.last_s, UTC) if evidence.last_s else None,
        "count": evidence.count,
        "caller": caller_text(row.edge, facts) if evidence.told else "",
        "example": find_example(row, facts, keys) if evidence.count and keys else None,
    }


def _end_name(node: Node, facts: PanelFacts) -> str:
    # An entry is called by its method alone; whose it is says its event.
    events = [facts.nodes[event].name for event in sorted(facts.entered(node.id))]
    return " ".join([node.name, *events])
