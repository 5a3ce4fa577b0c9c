"""A range of time as the page asks for it: ?from=<unix second>&to=<unix second>, and how far back it is compared."""

from __future__ import annotations

from math import isfinite

from django.http import HttpRequest

from visualizer.core.compared_span import BACKS_S

#: A range is so long, seconds: as long as history may go back.
LEAST_S, MOST_S = 60, 1100 * 86400
EXPECTED_SPAN = f"Expected ?from=<unix second>&to=<unix second>, {LEAST_S} to {MOST_S:,} s apart."
EXPECTED_BACK = f"Expected &back_s={' or '.join(map(str, BACKS_S))}."


def read_span(request: HttpRequest) -> tuple[float, float] | None:
    """(from, to); None for what is no range."""
    since_s, until_s = read_second(request, "from"), read_second(request, "to")
    if since_s is None or until_s is None or not LEAST_S <= until_s - since_s <= MOST_S:
        return None
    return since_s, until_s


def read_back(request: HttpRequest) -> int | None:
    """Of ?back_s=: one of BACKS_S; 0 where nothing is asked for, None for anything else."""
    return next((back_s for back_s in (0, *BACKS_S) if request.GET.get("back_s", "0") == str(back_s)), None)


def read_second(request: HttpRequest, name: str) -> float | None:
    """A unix second; None for what is none."""
    try:
        at_s = float(request.GET.get(name, ""))
    except ValueError:
        return None
    return at_s if isfinite(at_s) and 0 <= at_s < 1 << 40 else None
