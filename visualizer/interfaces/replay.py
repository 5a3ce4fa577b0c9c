"""What a replay of the graph asks for: frames ahead of the one that is shown, and what happened meanwhile."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from visualizer.interfaces.asked_time import answer_then
from visualizer.interfaces.graph_reel import read_reel
from visualizer.interfaces.time_bar import told_marks


@require_safe
@never_cache
def reel(request: HttpRequest, view: str) -> HttpResponse:
    """
    A Reel for ?from=<unix second>, with "marks": what time_bar() tells of its time; 404 with {"why"} for a time of
    which nothing is kept.
    """
    return answer_then(request, view, name="from", tell=partial(_told, view))


def _told(view: str, from_s: float, now_s: float) -> dict[str, Any]:
    found = read_reel(view, from_s, now_s=now_s)
    marks: list[dict[str, Any]] = []
    if found.frames:
        marks, _ = told_marks(found.frames[0].at_s, found.frames[-1].at_s + 1)
    return {**msgspec.structs.asdict(found), "marks": marks}
