"""The moment that an address asks for."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from visualizer.interfaces.time_span import read_second
from visualizer.models.delta import encode_text
from visualizer.models.errors import NoSuchTopology
from visualizer.models.node_id import VIEWS


def asked_moment(request: HttpRequest, *, now_s: float) -> float | None:
    """
    ?at=<unix second> of a panel, what lies ahead being now; None where no moment is asked for.

    Raises:
        NoSuchTopology: it is no time.
    """
    return _asked_second(request, "at", now_s=now_s) if "at" in request.GET else None


def answer_then(
    request: HttpRequest, view: str, *, name: str, tell: Callable[[float, float], dict[str, Any]]
) -> HttpResponse:
    """
    What is told of a view for ?<name>=<unix second>; 404 with {"why"} for what is no view or second, and for a time of
    which nothing is kept.

    Args:
        tell: given that second, what lies ahead being now, and now.
    """
    now_s = time.time()
    try:
        if view not in VIEWS:
            raise NoSuchTopology(f"Expected a view among {', '.join(VIEWS)}.")
        told = tell(_asked_second(request, name, now_s=now_s), now_s)
    except NoSuchTopology as exc:
        return JsonResponse({"why": str(exc)}, status=404)
    return HttpResponse(encode_text(told), content_type="application/json")


def _asked_second(request: HttpRequest, name: str, *, now_s: float) -> float:
    at_s = read_second(request, name)
    if at_s is None:
        raise NoSuchTopology(f"Expected ?{name}=<unix second>.")
    return min(at_s, now_s)
