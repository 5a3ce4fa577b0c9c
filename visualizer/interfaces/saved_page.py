"""A moment, or an incident, as one file that shows the graph without a server."""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from visualizer.core.inert_json import inert_json
from visualizer.interfaces.export_page import NOTHING_RUNS, text_answer
from visualizer.interfaces.panel_facts import subject_state
from visualizer.interfaces.save_moment import Wanted, save_moment
from visualizer.interfaces.time_span import read_second
from visualizer.models.alert import Incident
from visualizer.models.delta import encode_text
from visualizer.models.errors import InDoubt, NoSuchTopology
from visualizer.models.node_id import STANDARD, VIEWS
from visualizer.models.saved_moment import SavedMoment
from visualizer.models.saved_view import MAX_QUERY_CHARS
from visualizer.repo.incidents import incident_from, read_incident_row

log = logging.getLogger(__name__)

#: What of the page's address a file keeps (static/js/url_state.js); the rest asks a server, is about now, or is where
#: something runs.
_KEPT = ("app", "node", "edge", "open", "shut", "find", "as", "show", "focus", "hops", "labels", "at")


@require_safe
@never_cache
def saved_moment(request: HttpRequest) -> HttpResponse:
    """
    An attachment for ?at_time=<unix second>[&view=standard|expanded and the state of the page], or for ?incident=<key>:
    that from its beginning on.

    400, 404 and 503 say in words what was expected, that nothing is kept of that time, or what does not answer.
    """
    view, at_s = request.GET.get("view", STANDARD), read_second(request, "at_time")
    try:
        incident = find_incident(request.GET.get("incident", ""))
        if view not in VIEWS or (at_s is None and incident is None):
            return text_answer("Expected ?at_time=<unix second> or ?incident=<key>, and a view there is.\n", status=400)
        name, html = make_file(view, at_s, incident, request.GET)
    except NoSuchTopology as exc:
        return text_answer(f"Nothing can be saved of that time: {exc}.\n", status=404)
    except (DatabaseError, InDoubt, ValueError) as exc:
        log.warning("saved_moment_failed: %s", exc)
        why = "the database does not answer, or a block of history or a script is damaged"
        return text_answer(f"It cannot be saved now: {why}.\n", status=503)
    response = HttpResponse(html, content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = NOTHING_RUNS
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def find_incident(key: str) -> Incident | None:
    """The incident of this key."""
    row = read_incident_row(key)
    return incident_from(row) if row else None


def make_file(view: str, at_s: float | None, incident: Incident | None, state: QueryDict) -> tuple[str, str]:
    """
    The file's name and the file, of a moment, or of an incident from its beginning on.

    Args:
        at_s: unix seconds; None, and what lies ahead: now.
        state: of the page, as its address has it.

    Raises:
        NoSuchTopology, ValueError, django.db.DatabaseError: as read_moment.
        InDoubt: a script cannot be linked.
    """
    now_s = time.time()
    saved = save_moment(Wanted(view, now_s if at_s is None else min(at_s, now_s), incident), now_s=now_s)
    return _name(saved), render_file(saved, _state(state, saved, incident))


def render_file(saved: SavedMoment, query: str) -> str:
    """templates/saved_moment.html. Without the request: nothing of who asks can be in it."""
    views = {name: name for name in VIEWS}
    config = {
        "in_file": True,
        "query": query,
        "time": "time",
        "reels": {name: f"reels/{name}" for name in views},
        "moments": {name: f"moments/{name}" for name in views},
        "panels": {name: f"node/{name}" for name in views},
        "edge_panels": {name: f"edge/{name}" for name in views},
        "drift_panels": {},
        # What a reader moves is kept by the browser, apart from what was moved elsewhere.
        "saved": {"slug": f"file {saved.frames[0].at_s}", "name": "", "pins": {}},
    }
    context: dict[str, Any] = {
        "in_file": True,
        "config": config,
        "saved": SafeString(inert_json(encode_text(saved).decode())),
        "title": saved.title or f"{_minute(saved):%Y-%m-%d %H:%M:%S} UTC",
        "incident": saved.title,
        "saved_at": datetime.fromtimestamp(saved.saved_s, UTC),
    }
    return render_to_string("saved_moment.html", context)


def _state(asked: QueryDict, saved: SavedMoment, incident: Incident | None) -> str:
    """The address the file begins with."""
    state = [(name, value) for name in _KEPT for value in asked.getlist(name)]
    if incident and not state:
        subjects = (incident.root, *(one.subject for one in saved.members))
        found = next(filter(None, map(subject_state, subjects)), {})
        state = [(name, value) for name, value in found.items() if name in _KEPT]
    if len(urlencode(state)) > MAX_QUERY_CHARS:
        state = []
    time_s = f"{saved.time['from_s']}..{saved.time['until_s']}"
    shown = [("view", saved.view), *state, ("time", time_s), ("at_time", str(saved.frames[0].at_s))]
    return urlencode(shown)


def _name(saved: SavedMoment) -> str:
    """ "eventscope-2026-11-28T1403Z.html"."""
    return f"eventscope-{'incident-' if saved.title else ''}{_minute(saved):%Y-%m-%dT%H%MZ}.html"


def _minute(saved: SavedMoment) -> datetime:
    return datetime.fromtimestamp(saved.frames[0].at_s, UTC)
