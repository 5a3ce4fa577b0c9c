"""What the linter says, in the page: the list, the flags on nodes, and what a node's panel tells of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from hashlib import sha256

import msgspec
import redis
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collector.models.errors import StoreUnavailable
from visualizer.core.lint_text import summary
from visualizer.interfaces.panel_facts import graph_address
from visualizer.models.lint_finding import SEVERITIES, LintFinding, LintReport
from visualizer.models.node_id import STANDARD, VIEWS
from visualizer.repo.lint_report import read_lint_report
from visualizer.resources import shared_redis

#: `?show=` beside the severities: those that somebody accepted.
ACCEPTED = "accepted"
#: More of them would make a page nobody reads; the command lists all.
MOST = 300


@require_safe
@never_cache
def lint(request: HttpRequest) -> HttpResponse:
    """templates/lint.html for ?show=error|warning|info|accepted; all that are open without it."""
    show = request.GET.get("show", "")
    report = read_report()
    if report is None:
        return render(request, "lint.html", {"report": None})
    counts = {**report.counts(), ACCEPTED: len(report.findings) - len(report.open_findings)}
    found = [finding for finding in report.findings if _is_asked_for(finding, show)]
    context = {
        "report": report,
        "tabs": [("", "All open", len(report.open_findings))]
        + [(name, name.capitalize(), count) for name, count in counts.items()],
        "show": show,
        "rows": [(finding, _graph_link(finding)) for finding in found[:MOST]],
        "more": len(found[MOST:]),
        "summary": summary(report),
    }
    return render(request, "lint.html", context)


@require_safe
def flags(request: HttpRequest, view: str) -> HttpResponse:
    """
    The flags on a view's nodes as JSON: {"open": how many findings, "worst": severity, "nodes": {node id: severity}}.

    404 for another view. Whoever has it already is told so (ETag).
    """
    if view not in VIEWS:
        return HttpResponse(status=404)
    report = read_report() or LintReport()
    found = report.open_findings
    told = {"open": len(found), "worst": found[0].severity if found else "", "nodes": node_flags(found, view=view)}
    body = msgspec.json.encode(told)
    etag = quote_etag(sha256(body).hexdigest()[:16])
    response = HttpResponse(body, content_type="application/json")
    response["ETag"], response["Cache-Control"] = etag, "private, no-cache"
    return get_conditional_response(request, etag=etag, response=response) or response


def node_flags(findings: Iterable[LintFinding], *, view: str) -> dict[str, str]:
    """Node id → its worst severity; findings come the worst first."""
    flagged: dict[str, str] = {}
    for finding in findings:
        for node in finding.nodes if view == STANDARD else finding.expanded_nodes:
            flagged.setdefault(node, finding.severity)
    return flagged


def findings_on(node_ids: Collection[str], report: LintReport | None, *, view: str) -> list[LintFinding]:
    """What is to be told of a node, the accepted last."""
    found = [
        finding
        for finding in (report.findings if report else ())
        if not set(node_ids).isdisjoint(finding.nodes if view == STANDARD else finding.expanded_nodes)
    ]
    return sorted(found, key=lambda finding: bool(finding.accepted_by))


def read_report() -> LintReport | None:
    """What the worker wrote last; None when there is none, or Redis does not answer."""
    try:
        return read_lint_report(shared_redis())
    except (redis.RedisError, StoreUnavailable):
        return None


def _is_asked_for(finding: LintFinding, show: str) -> bool:
    if show == ACCEPTED or finding.accepted_by:
        return bool(show == ACCEPTED and finding.accepted_by)
    return show not in SEVERITIES or finding.severity == show


def _graph_link(finding: LintFinding) -> str:
    return graph_address(node=finding.nodes[0]) if finding.nodes else ""
