"""What a replay of the graph asks for: frames ahead of the one that is shown, and what happened meanwhile."""

from __future__ import annotations

import time
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from visualizer.interfaces.graph_reel import read_reel
from visualizer.interfaces.time_bar import told_marks
from visualizer.interfaces.time_span import read_second
from visualizer.models.delta import encode_text
from visualizer.models.errors import NoSuchTopology
from visualizer.models.node_id import VIEWS


@require_safe
@never_cache
def reel(request: HttpRequest, view: str) -> HttpResponse:
    """
    A Reel for ?from=<unix second>, with "marks": what time_bar() tells of its time; 404 with {"why"} for a time of
    which nothing is kept.
    """
    from_s, now_s = read_second(request, "from"), time.time()
    try:
        if from_s is None or view not in VIEWS:
            raise NoSuchTopology("Expected ?from=<unix second>.")
        found = read_reel(view, min(from_s, now_s), now_s=now_s)
    except NoSuchTopology as exc:
        return JsonResponse({"why": str(exc)}, status=404)
    marks: list[dict[str, Any]] = []
    if found.frames:
        marks, _ = told_marks(found.frames[0].at_s, found.frames[-1].at_s + 1)
    return HttpResponse(encode_text({**msgspec.structs.asdict(found), "marks": marks}), content_type="application/json")
