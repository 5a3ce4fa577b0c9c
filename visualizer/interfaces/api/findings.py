"""/drift and /lint: what declared and observed do not agree on, and what is wrong with what is declared."""

from __future__ import annotations

import time
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query

from visualizer.core.drift import Drift, list_drift
from visualizer.interfaces.api.endpoints import get
from visualizer.interfaces.api.paging import page_of
from visualizer.interfaces.api.parameters import Limit, PageNumber, View
from visualizer.models.api_answer import DriftRow, Page
from visualizer.models.api_token import READ_CONFIG, READ_GRAPH
from visualizer.models.lint_finding import LintFinding, LintReport
from visualizer.repo.drawn import read_drawn
from visualizer.repo.evidence import read_evidence
from visualizer.repo.lint_report import read_lint_report
from visualizer.resources import shared_redis


@get("/drift", answer=Page[DriftRow], scope=READ_GRAPH)
def drift(
    request: HttpRequest,
    view: View = "standard",
    state: Annotated[
        Literal["", "dangling", "skewed", "undeclared", "quiet", "never"], Query(description="only edges in this state")
    ] = "",
    asks: Annotated[bool, Query(description="only what wants an answer")] = False,
    limit: Limit = 100,
    page: PageNumber = 1,
) -> Page[DriftRow]:
    """What declared and observed do not agree on, the surest first."""
    client = shared_redis()
    drawn = read_drawn(client, view)
    listed = list_drift(drawn.topology.edges if drawn else (), read_evidence(client, view), now_s=time.time())
    found = [row for row in listed if (not state or row.evidence.state == state) and (row.evidence.asks or not asks)]
    shown = page_of(request, found, page=page, limit=limit)
    return Page(items=tuple(_row(row) for row in shown.items), total=shown.total, next=shown.next)


@get("/lint", answer=Page[LintFinding], scope=READ_CONFIG)
def lint(
    request: HttpRequest,
    severity: Annotated[
        Literal["", "error", "warning", "info"], Query(description="only findings that are so bad")
    ] = "",
    accepted: Annotated[bool, Query(description="those that somebody accepted, in place of the open ones")] = False,
    limit: Limit = 100,
    page: PageNumber = 1,
) -> Page[LintFinding]:
    """What the linter says of what apps declare, the worst first."""
    report = read_lint_report(shared_redis()) or LintReport()
    found = [
        finding
        for finding in report.findings
        if bool(finding.accepted_by) == accepted and (not severity or finding.severity == severity)
    ]
    return page_of(request, found, page=page, limit=limit)


def _row(row: Drift) -> DriftRow:
    return DriftRow(
        edge=row.edge,
        state=row.evidence.state,
        confidence=round(row.confidence, 3),
        cause=row.cause,
        proof=row.proof,
        advice=row.advice,
        first_s=row.evidence.first_s,
        last_s=row.evidence.last_s,
        count=row.evidence.count,
        accepted=row.evidence.accepted,
        asks=row.evidence.asks,
    )
