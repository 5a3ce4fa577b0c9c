"""/incidents and /alerts: what is wrong now, what was, and what each rule finds."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.urls import reverse
from ninja import Path, Query

from collector.models.alert_rule import AlertRule
from visualizer.config import read_options
from visualizer.core.incident_words import affected, incident_title
from visualizer.interfaces.api.endpoints import get
from visualizer.interfaces.api.paging import address, page_of
from visualizer.interfaces.api.parameters import NO_NUL, Instant, Limit, PageNumber
from visualizer.interfaces.api.problem import ApiProblem
from visualizer.interfaces.incidents import MOST_LINES, subject_address, then_address
from visualizer.models.alert import Alert
from visualizer.models.api_answer import Page
from visualizer.models.api_incident import (
    AlertRuleState,
    AlertState,
    IncidentLine,
    IncidentMember,
    IncidentReport,
    IncidentRow,
)
from visualizer.models.api_token import READ_GRAPH
from visualizer.repo.incident_models import KeptIncident
from visualizer.repo.incidents import incident_from, read_alerts, read_incident_page, read_incident_row, read_lines

#: Subjects of one rule that are told one by one.
_MOST_ALERTS = 100
_MAX_KEY_CHARS = 64
FIRING, WAITING, ENDING, OK, OFF = "firing", "waiting", "ending", "ok", "off"


@get("/incidents", answer=Page[IncidentRow], scope=READ_GRAPH)
def incidents(
    request: HttpRequest,
    state: Annotated[
        Literal["", "open", "over"], Query(description="open: what is wrong now; over: what was; empty for both")
    ] = "",
    since: Instant = None,
    limit: Limit = 100,
    page: PageNumber = 1,
) -> Page[IncidentRow]:
    """What people are told of once: alerts under their root, the newest first; since: that were not over by then."""
    first = (page - 1) * limit
    rows, total = read_incident_page(state=state, since_s=since, first=first, count=limit)
    has_next = first + limit < total
    return Page(
        items=tuple(IncidentRow(**_row(row)) for row in rows),
        total=total,
        next=address(request, page=page + 1) if has_next else None,
    )


@get("/incidents/{id}", answer=IncidentReport, scope=READ_GRAPH)
def incident(
    request: HttpRequest,
    id: Annotated[
        str, Path(pattern=NO_NUL, min_length=1, max_length=_MAX_KEY_CHARS, description="id, as /incidents has them")
    ],
) -> IncidentReport:
    """One incident: its timeline, what it affects, and where it is seen."""
    row = read_incident_row(id)
    if row is None:
        detail = "Expected the id of an incident, as /incidents has them; there is none with this id (any more)."
        raise ApiProblem(HTTPStatus.NOT_FOUND, detail)
    one, lines = incident_from(row), read_lines(row, count=MOST_LINES + 1)
    return IncidentReport(
        **_row(row),
        members=tuple(
            IncidentMember(
                rule=each.rule,
                subject=each.subject,
                name=each.name,
                since=each.since_s,
                until=each.until_s or None,
                words=each.words,
            )
            for each in one.members
        ),
        affected_names=tuple(affected(one)),
        timeline=tuple(IncidentLine(at=line.at_s, kind=line.kind, words=line.words) for line in lines[-MOST_LINES:]),
        timeline_is_cut=len(lines) > MOST_LINES,
        page=reverse("incident", args=[row.key]),
        graph=subject_address(one.head.subject),
        graph_then=then_address(one),
    )


@get("/alerts", answer=Page[AlertRuleState], scope=READ_GRAPH)
def alerts(
    request: HttpRequest,
    state: Annotated[
        Literal["", "firing", "waiting", "ok", "off"], Query(description="only rules of which this is so")
    ] = "",
    limit: Limit = 100,
    page: PageNumber = 1,
) -> Page[AlertRuleState]:
    """
    The rules of alerts, and what each finds now, in the order of the settings.

    Of one rule the first 100 subjects are told. Nothing is judged while no worker runs.
    """
    kept = list(read_alerts().values())
    rules = (_rule(rule, [alert for alert in kept if alert.rule == rule.id]) for rule in read_options().alerts)
    return page_of(request, [rule for rule in rules if not state or rule.state == state], page=page, limit=limit)


def _row(row: KeptIncident) -> dict[str, Any]:
    one = incident_from(row)
    return {
        "id": row.key,
        "title": incident_title(one),
        "severity": row.severity,
        "root": row.root,
        "root_name": one.head.name,
        "opened": row.opened_s,
        "resolved": row.resolved_s or None,
        "acknowledged_by": row.acknowledged_by,
        "acknowledged": row.acknowledged_s or None,
        "affected": len(affected(one)),
    }


def _rule(rule: AlertRule, wrong: Iterable[Alert]) -> AlertRuleState:
    told = sorted((_alert(alert) for alert in wrong), key=lambda each: (each.state == WAITING, each.wrong_since))
    firing = sum(each.state != WAITING for each in told)
    return AlertRuleState(
        id=rule.id,
        measure=rule.measure,
        match=rule.match,
        above=rule.above,
        clear_below=rule.clear_below,
        for_s=rule.for_s,
        keep_firing_s=rule.keep_s,
        severity=rule.severity,
        state=OFF if rule.is_off else FIRING if firing else WAITING if told else OK,
        wrong=len(told),
        firing=firing,
        alerts=tuple(told[:_MOST_ALERTS]),
    )


def _alert(alert: Alert) -> AlertState:
    return AlertState(
        subject=alert.subject,
        state=WAITING if not alert.is_firing else ENDING if alert.good_s else FIRING,
        wrong_since=alert.bad_s,
        firing_since=alert.firing_s or None,
        well_since=alert.good_s or None,
        words=alert.words,
    )
