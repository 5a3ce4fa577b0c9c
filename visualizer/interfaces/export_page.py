"""The graph as a file to keep, in any of the formats."""

from __future__ import annotations

import logging

import redis
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collector.models.errors import StoreUnavailable
from visualizer.interfaces.export_graph import ExportOptions, export_live
from visualizer.interfaces.panel_facts import MAX_ID_CHARS
from visualizer.models.export_format import FORMATS
from visualizer.models.node_id import STANDARD, VIEWS

log = logging.getLogger(__name__)

#: What is saved is a text out of other people's names: nothing in it runs, wherever it is opened.
NOTHING_RUNS = "sandbox; default-src 'none'"


@require_safe
@never_cache
def export(request: HttpRequest) -> HttpResponse:
    """
    An attachment for ?format=<one of FORMATS>&view=standard|expanded[&app=<app key>].

    400 for another format or view, 503 while Redis or SQL does not answer; both say so in words.
    """
    kind, view = request.GET.get("format", ""), request.GET.get("view", STANDARD)
    app = request.GET.get("app", "")[:MAX_ID_CHARS]
    if kind not in FORMATS or view not in VIEWS:
        text = f"Expected format among {', '.join(FORMATS)} and view among {', '.join(VIEWS)}.\n"
        return text_answer(text, status=400)
    try:
        made = export_live(ExportOptions(view=view, format=kind, app_prefix="", host_filter="", app=app))
    except (StoreUnavailable, redis.RedisError, DatabaseError) as exc:
        log.warning("export_failed: %s", exc)
        return text_answer("The graph cannot be read now: Redis or the database does not answer.\n", status=503)
    response = text_answer(made.text + "\n", status=200)
    response["Content-Type"] = f"{FORMATS[kind].media_type}; charset=utf-8"
    response["Content-Disposition"] = f'attachment; filename="eventscope-{kind}-{view}.{FORMATS[kind].suffix}"'
    return response


def text_answer(text: str, *, status: int) -> HttpResponse:
    """In words; whatever is in them, nothing of it runs."""
    response = HttpResponse(text, content_type="text/plain; charset=utf-8", status=status)
    response["Content-Security-Policy"] = NOTHING_RUNS
    return response
