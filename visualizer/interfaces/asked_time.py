"""The moment that an address of a panel asks for."""

from __future__ import annotations

from django.http import HttpRequest

from visualizer.interfaces.time_span import read_second
from visualizer.models.errors import NoSuchTopology


def asked_moment(request: HttpRequest, *, now_s: float) -> float | None:
    """
    ?at=<unix second>, what lies ahead being now; None where no moment is asked for.

    Raises:
        NoSuchTopology: it is no time.
    """
    if "at" not in request.GET:
        return None
    at_s = read_second(request, "at")
    if at_s is None:
        raise NoSuchTopology("Expected ?at=<unix second>.")
    return min(at_s, now_s)
