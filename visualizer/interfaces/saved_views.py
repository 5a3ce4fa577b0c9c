"""Saved views: listed in the header's menu, each with an address of its own, changed by its owner alone."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from visualizer.core.saved_view import read_look, read_name
from visualizer.models.errors import BadSavedView
from visualizer.models.saved_view import SavedView
from visualizer.repo.saved_views import add_view, change_view, delete_view, read_view, read_views

#: What the page hears when a view was kept or is gone: HX-Trigger.
SAVED, GONE = "view-saved", "view-gone"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def saved_views(request: HttpRequest) -> HttpResponse:
    """The list for the menu, `saved` marks one; a POST keeps a new view: name, query, pins, shared=1."""
    if request.method != "POST":
        return _list(request, open_slug=request.GET.get("saved", ""))
    try:
        name, look = read_name(_field(request, "name")), read_look(_field(request, "query"), _field(request, "pins"))
        slug = add_view(_user_id(request), name, look, is_shared=_field(request, "shared") == "1")
    except BadSavedView as exc:
        return _list(request, open_slug=_field(request, "saved"), error=str(exc))
    return _list(request, open_slug=slug, tell={SAVED: {"slug": slug, "name": name}})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def saved_view(request: HttpRequest, slug: str) -> HttpResponse:
    """
    Open it: its address leads to the graph page as it was. A POST changes what it names: name, shared=0|1, query with
    pins.

    404 for what this person does not see; for a POST also for what is somebody else's.
    """
    if request.method != "POST":
        view = _seen(request, slug)
        query = urlencode({"saved": view.slug})
        return redirect(f"{reverse('graph')}?{view.look.query + '&' if view.look.query else ''}{query}")
    try:
        there = change_view(slug, _user_id(request), **_changes(request))
    except BadSavedView as exc:
        return _list(request, open_slug=_field(request, "saved"), error=str(exc))
    if not there:
        raise Http404
    tell = {SAVED: {"slug": slug, "name": _seen(request, slug).name}} if "query" in request.POST else {}
    return _list(request, open_slug=_field(request, "saved"), tell=tell)


@require_POST
def delete_saved_view(request: HttpRequest, slug: str) -> HttpResponse:
    """Forget it. 404 for what is somebody else's."""
    if not delete_view(slug, _user_id(request)):
        raise Http404
    return _list(request, open_slug=_field(request, "saved"), tell={GONE: {"slug": slug}})


def open_view(request: HttpRequest) -> dict[str, Any] | None:
    """What the graph page has to know of the view that ?saved= names; None where this person sees none."""
    slug = request.GET.get("saved")
    view = read_view(slug, _user_id(request)) if slug else None
    return None if view is None else {"slug": view.slug, "name": view.name, "pins": msgspec.to_builtins(view.look.pins)}


def _seen(request: HttpRequest, slug: str) -> SavedView:
    view = read_view(slug, _user_id(request))
    if view is None:
        raise Http404
    return view


def _changes(request: HttpRequest) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if "name" in request.POST:
        changes["name"] = read_name(_field(request, "name"))
    if "shared" in request.POST:
        changes["is_shared"] = _field(request, "shared") == "1"
    if "query" in request.POST:
        changes["look"] = read_look(_field(request, "query"), _field(request, "pins"))
    if not changes:
        raise BadSavedView("Nothing was to be changed.")
    return changes


def _list(request: HttpRequest, *, open_slug: str, error: str = "", tell: dict[str, Any] | None = None) -> HttpResponse:
    context = {"views": read_views(_user_id(request)), "open_slug": open_slug, "error": error}
    response = render(request, "_views_list.html", context)
    if tell:
        response["HX-Trigger"] = json.dumps(tell)
    return response


def _field(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "")


def _user_id(request: HttpRequest) -> int:
    # Every address wants a signed-in person (sign_in_required.py).
    return int(str(request.user.pk))
