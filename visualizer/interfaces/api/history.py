"""/history: how everything did from one time to another, or an app; and what endpoints of series have in common."""

from __future__ import annotations

import time

from django.http import HttpRequest

from visualizer.config import read_options
from visualizer.core.history_steps import MOST_POINTS
from visualizer.interfaces.api.endpoints import get
from visualizer.interfaces.api.parameters import AppKey, Instant, Points
from visualizer.interfaces.node_history import read_app_history, read_whole_history
from visualizer.models.api_node import History, SeriesPoint
from visualizer.models.api_token import READ_GRAPH
from visualizer.models.history_series import HistoryPoint, HistorySeries

#: What a series tells that is not asked since when.
HOUR_S = 3600


@get("/history", answer=History, scope=READ_GRAPH)
def history(
    request: HttpRequest,
    app: AppKey = "",
    since: Instant = None,
    until: Instant = None,
    points: Points = MOST_POINTS,
) -> History:
    """
    The history of everything that ran, or of an app, in steps.

    Steps, `since` and `until` are as those of /node/series, which tells the same of one node. An app of which nothing
    is known has run nothing.
    """
    since_s, until_s = asked_range(since, until)
    if since_s == until_s:
        return History(app=app, step=1, since=until_s, until=until_s, points=())
    # One more begins before `since` where that is within a step.
    if app:
        told = read_app_history(app, since_s=since_s, until_s=until_s, most=points - 1)
    else:
        told = read_whole_history(since_s=since_s, until_s=until_s, most=points - 1)
    return History(app=app, step=told.step_s, since=told.from_s, until=told.until_s, points=series_points(told))


def asked_range(since: int | None, until: int | None) -> tuple[int, int]:
    """(since, until), unix seconds, within what is kept; twice the same where nothing lies between them."""
    now_s = int(time.time())
    until_s = now_s if until is None else min(until, now_s)
    oldest_s = max(0, now_s - int(read_options().retention_s))
    since_s = max(oldest_s, until_s - HOUR_S if since is None else since)
    return min(since_s, until_s), until_s


def series_points(told: HistorySeries) -> tuple[SeriesPoint, ...]:
    """As the API tells them."""
    return tuple(_point(told.from_s + place * told.step_s, point) for place, point in enumerate(told.points))


def _point(at_s: int, point: HistoryPoint) -> SeriesPoint:
    return SeriesPoint(
        at=at_s,
        started=point.started,
        ended=point.ended,
        failed=point.failed,
        p50=_short(point.p50_ms),
        p95=_short(point.p95_ms),
    )


def _short(value_ms: float | None) -> float | None:
    """To three digits: buckets are no finer."""
    return None if value_ms is None else float(f"{value_ms:.3g}")
