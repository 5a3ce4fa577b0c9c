"""/diff and /blast: what is otherwise between two topologies, and who suffers when something is down."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import Annotated, Literal

import msgspec
from django.http import HttpRequest
from ninja import Query

from visualizer.interfaces.api.endpoints import get
from visualizer.interfaces.api.paging import page_of
from visualizer.interfaces.api.parameters import NO_NUL, Limit, PageNumber, Prefix, View
from visualizer.interfaces.api.problem import ApiProblem, unavailable
from visualizer.interfaces.blast import HOST_MARK, find_blast
from visualizer.interfaces.diff_graph import compare
from visualizer.interfaces.diff_sides import EXPECTED_KEPT, LIVE, read_kept_side
from visualizer.interfaces.panel_facts import MAX_ID_CHARS, read_facts
from visualizer.models.api_answer import Blast, BlastRow, Diff
from visualizer.models.api_token import READ_CONFIG, READ_GRAPH

# Two, as django-ninja keeps a parameter's default in what it is annotated with.
Before = Annotated[str, Query(pattern=NO_NUL, min_length=1, max_length=MAX_ID_CHARS, description=EXPECTED_KEPT)]
After = Annotated[str, Query(pattern=NO_NUL, min_length=1, max_length=MAX_ID_CHARS, description=EXPECTED_KEPT)]


@get("/diff", answer=Diff, scope=READ_CONFIG)
def diff(
    request: HttpRequest,
    before: Before,
    after: After = LIVE,
    view: View = "standard",
    app_prefix: Prefix = "",
    limit: Limit = 100,
    page: PageNumber = 1,
) -> Diff:
    """What is otherwise between two topologies, and how what that touches ran before and after."""
    now_s = time.time()
    sides = [read_kept_side(name, now_s=now_s) for name in (before, after)]
    found = compare(*sides, view=view, app_prefix=app_prefix)
    shown = page_of(request, found.changes, page=page, limit=limit)
    return Diff(
        items=shown.items,
        total=shown.total,
        next=shown.next,
        view=view,
        before=found.before,
        after=found.after,
        behaviour=found.behaviour,
        warnings=found.warnings,
    )


@get("/blast", answer=Blast, scope=READ_GRAPH)
def blast(
    request: HttpRequest,
    of: Annotated[
        str,
        Query(
            pattern=NO_NUL,
            min_length=1,
            max_length=MAX_ID_CHARS,
            description=f"node id, as /graph has them, or {HOST_MARK} and the base URL of a server",
        ),
    ],
    way: Annotated[
        Literal["suffers", "causes"], Query(description="who suffers when it is down, or what could make it suffer")
    ] = "suffers",
    view: View = "standard",
    limit: Limit = 100,
    page: PageNumber = 1,
) -> Blast:
    """Who suffers when a node, a stream or a host is down, or what could be the cause; the nearest first."""
    facts = read_facts(view)
    if not facts.answers:
        raise unavailable()
    told = find_blast(facts, of, way)
    if told is None:
        detail = "Expected the id of a node, or a host, that is in the graph; it is not there (any more)."
        raise ApiProblem(HTTPStatus.NOT_FOUND, detail)
    impacts = msgspec.convert(told["impacts"], list[BlastRow])
    shown = page_of(request, impacts, page=page, limit=limit)
    return Blast(
        items=shown.items,
        total=shown.total,
        next=shown.next,
        name=told["name"],
        words=told["words"],
        starts=tuple(told["starts"]),
    )
