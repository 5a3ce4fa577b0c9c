"""The page with the graph. What it shows comes over the socket: SQL is asked for the pins of a saved view only."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from visualizer.interfaces.saved_views import open_view
from visualizer.models.export_format import FORMATS
from visualizer.models.node_id import STANDARD, VIEWS


@require_safe
def graph(request: HttpRequest) -> HttpResponse:
    """
    templates/graph.html. The whole state of the page is in its URL:

    ?view=standard|expanded & app=<app key> … & host=<base url> … & node=<node id> & edge=<node id>><node id> & paused=1
    & saved=<slug of a saved view>

    The template gets it as `config`, for json_script, together with the addresses the scripts need.
    """
    view = request.GET.get("view", STANDARD)
    config = {
        "view": view if view in VIEWS else STANDARD,
        "apps": request.GET.getlist("app"),
        "hosts": request.GET.getlist("host"),
        "node": request.GET.get("node", ""),
        "paused": request.GET.get("paused") == "1",
        "saved": open_view(request),
        **addresses(),
    }
    return render(request, "graph.html", {"config": config})


def addresses() -> dict[str, Any]:
    """Where the page's scripts ask, and what the graph can be saved as."""
    return {
        "formats": {name: kind.about for name, kind in FORMATS.items()},
        "socket": "/ws/graph",
        "beats": reverse("beats"),
        "panels": {name: reverse("node-panel", args=[name]) for name in VIEWS},
        "blasts": {name: reverse("blast", args=[name]) for name in VIEWS},
        "follows": {name: reverse("follow", args=[name]) for name in VIEWS},
        "drift_panels": {name: reverse("drift-panel", args=[name]) for name in VIEWS},
        "marks": reverse("change-marks"),
        "time": reverse("time"),
        "save": reverse("saved-moment"),
        "moments": {name: reverse("moment", args=[name]) for name in VIEWS},
        "reels": {name: reverse("reel", args=[name]) for name in VIEWS},
        "differences": {name: reverse("differences", args=[name]) for name in VIEWS},
        "flags": {name: reverse("lint-flags", args=[name]) for name in VIEWS},
        "edge_panels": {name: reverse("edge-panel", args=[name]) for name in VIEWS},
        "tidy": reverse("tidy"),
        "take_back": reverse("take-back"),
        "views": reverse("saved-views"),
    }
