"""The pages of incidents: what is wrong now and what was, with timelines; take care of one, or keep it silent."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from glob import escape
from math import ceil
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from visualizer.config import read_options
from visualizer.core.freshness import duration_words
from visualizer.core.incident_words import affected, incident_title
from visualizer.interfaces.panel_facts import graph_address, subject_state
from visualizer.models.alert import Incident, IncidentEvent
from visualizer.models.live import STATE_WINDOW_S
from visualizer.repo.incident_models import KeptIncident
from visualizer.repo.incidents import (
    acknowledge,
    add_lines,
    incident_from,
    read_incident_row,
    read_incident_rows,
    read_lines,
)
from visualizer.repo.notifications import failing_channels
from visualizer.repo.silences import add_silence, end_silence, read_silences
from visualizer.repo.text_column import cut

#: Rows of a page.
MOST = 50
#: How many times as fast an incident is replayed: half an hour takes two minutes.
_SPEED = "15"
#: Of a timeline: what comes and goes for days has thousands.
MOST_LINES = 500
#: For how long something may be kept silent.
SILENCES_S = {"1h": 3600, "4h": 4 * 3600, "1d": 86400, "7d": 7 * 86400}
MAX_CHARS = 256
#: A silence begins within so long: nobody plans farther, and a calendar has an end.
FARTHEST_S = 366 * 86400


@require_safe
@never_cache
def incidents(request: HttpRequest) -> HttpResponse:
    """templates/incidents.html; ?before=<unix second> for older ones."""
    now_s, before_s = time.time(), _number(request.GET.get("before", ""))
    past = read_incident_rows(is_open=False, count=MOST + 1, before_s=before_s)
    options = read_options()
    context = {
        "open": [_row(row, now_s) for row in read_incident_rows(is_open=True, count=MOST)],
        "past": [_row(row, now_s) for row in past[:MOST]],
        "older": past[MOST - 1].opened_s if len(past) > MOST else None,
        "silences": [(each, _time(each.from_s), _time(each.until_s)) for each in read_silences(now_s=now_s)],
        "lengths": SILENCES_S,
        "channels": len(options.alert_webhooks) + len(options.alert_apprise),
        "failing": failing_channels(),
        "rules": options.alerts,
    }
    return render(request, "incidents.html", context)


@require_safe
@never_cache
def incident(request: HttpRequest, key: str) -> HttpResponse:
    """templates/incident.html"""
    row, now_s = _found(key), time.time()
    one = incident_from(row)
    context = {
        "row": _row(row, now_s),
        "members": [
            (each, _time(each.since_s), _time(each.until_s), subject_address(each.subject)) for each in one.members
        ],
        "lines": [(_time(line.at_s), line) for line in read_lines(row, count=MOST_LINES)],
        "lengths": SILENCES_S,
    }
    return render(request, "incident.html", context)


@require_POST
def take_care(request: HttpRequest, key: str) -> HttpResponse:
    """Say that one takes care of it."""
    acknowledge(_found(key), by=_who(request), now_s=time.time())
    return redirect("incident", key=key)


@require_POST
def silence(request: HttpRequest) -> HttpResponse:
    """
    Tell nobody of what matches: match=<glob>&for=<one of SILENCES_S>, and from=<local ISO time, UTC> for later on;
    note=<why>; incident=<key> to come back to.
    """
    match, note = (cut(request.POST.get(name, "").strip(), MAX_CHARS) for name in ("match", "note"))
    now_s = time.time()
    from_s, length_s = _begin(request.POST.get("from", ""), now_s), SILENCES_S.get(request.POST.get("for", ""))
    row = read_incident_row(request.POST.get("incident", ""))
    if match and length_s and from_s:
        add_silence(match=match, from_s=from_s, until_s=from_s + length_s, note=note, made_by=_who(request))
        if row:
            add_lines(
                row, [IncidentEvent(now_s, "silenced", f"{_who(request)} silenced {match}: {note or 'no reason'}.")]
            )
    return redirect("incident", key=row.key) if row else redirect("incidents")


@require_POST
def unsilence(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it be told again."""
    end_silence(pk, now_s=time.time())
    return redirect("incidents")


def _row(row: KeptIncident, now_s: float) -> dict[str, Any]:
    one = incident_from(row)
    return {
        "row": row,
        "key": row.key,
        "title": incident_title(one),
        "root": one.head.name,
        "behind": len(affected(one)),
        "opened": _time(row.opened_s),
        "resolved": _time(row.resolved_s),
        "took": duration_words((row.resolved_s or now_s) - row.opened_s),
        "acknowledged": _time(row.acknowledged_s),
        "href": subject_address(one.head.subject),
        "then": then_address(one),
        "replay": _replay_address(one),
        "match": escape(one.head.subject),
    }


def subject_address(subject: str) -> str:
    """Where it is seen on the graph; "" for what is not on it."""
    selected = subject_state(subject)
    return graph_address(**selected) if selected else ""


def then_address(incident: Incident) -> str:
    """The graph as it was when it opened, its root selected where it is on it."""
    return graph_address(**subject_state(incident.head.subject), at_time=str(ceil(incident.opened_s)))


def _replay_address(incident: Incident) -> str:
    """From a minute before that on."""
    at_s = str(ceil(incident.opened_s) - STATE_WINDOW_S)
    return graph_address(**subject_state(incident.head.subject), at_time=at_s, replay=_SPEED)


def _found(key: str) -> KeptIncident:
    row = read_incident_row(key)
    if row is None:
        raise Http404
    return row


def _who(request: HttpRequest) -> str:
    return request.user.get_username() if request.user.is_authenticated else ""


def _time(at_s: float) -> datetime | None:
    return datetime.fromtimestamp(at_s, UTC) if at_s else None


def _begin(text: str, now_s: float) -> float | None:
    """When a silence begins: now, or the minute that was said; None for what is no time, or too far ahead."""
    if not text:
        return now_s
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        return None
    said_s = (said if said.tzinfo else said.replace(tzinfo=UTC)).timestamp()
    return said_s if said_s < now_s + FARTHEST_S else None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
