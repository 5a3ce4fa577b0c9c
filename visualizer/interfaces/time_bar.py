"""Time in the page: what ran and failed over a range, and what happened in it that may be why."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from visualizer.core.time_marks import BY_HOSTS, deploy_words, find_deploys, incident_mark, version_mark
from visualizer.interfaces.asked_time import answer_then
from visualizer.interfaces.before_after import before_and_after
from visualizer.interfaces.diff_sides import WINDOW_S
from visualizer.interfaces.graph_moment import read_moment
from visualizer.interfaces.node_history import read_whole_beside_earlier, read_whole_history
from visualizer.interfaces.panel_facts import subject_state
from visualizer.interfaces.process_changes import change_mark, ends_for_page, find_changes
from visualizer.interfaces.time_span import EXPECTED_BACK, EXPECTED_SPAN, read_back, read_span
from visualizer.models.history_series import HistorySeries
from visualizer.models.time_mark import DEPLOY, INCIDENT, Deploy, TimeMark
from visualizer.models.topology_version import TopologyVersion
from visualizer.repo.incidents import read_incidents_between
from visualizer.repo.topology_history import find_version, read_kept_apps, read_versions, read_versions_between

#: Marks of one kind; the newest of more.
MOST_MARKS = 100


@require_safe
@never_cache
def time_bar(request: HttpRequest) -> JsonResponse:
    """
    {"from_s", "until_s", "step_s", "runs": [ended a step], "failed": […], "marks": […], "more": whether marks are left
    out} for ?from=<unix second>&to=<unix second>; 400 with {"why"} for what is no range. With &back_s=86400|604800 also
    "earlier" (_series).

    A mark is {"kind", "at_s", "until_s", "words", "severity", "href", "numbers"}: a TimeMark, where all of it is told,
    and where deploy() or processes() tells how its apps did; "" where nothing tells more. One of an incident has
    "select", too: {"node"} or {"edge"} of the graph that is its root, nothing where that is not on it.
    """
    span, back_s = read_span(request), read_back(request)
    if span is None or back_s is None:
        return JsonResponse({"why": EXPECTED_SPAN if span is None else EXPECTED_BACK}, status=400)
    return JsonResponse(told_span(*span, back_s=back_s))


@require_safe
@never_cache
def deploy(request: HttpRequest, number: int) -> JsonResponse:
    """
    {"window_s", "apps": [{"words", "worse", "before", "after"}]} of the deploys that a version of the topology brought:
    how the apps did in up to 15 minutes before and after. A side is {"runs", "failed", "p95"} in words, "" for what
    history does not have.
    """
    version = find_version(number=number)
    if version is None:
        raise Http404
    now_s, at_s = time.time(), version.first_s
    apps = [
        before_and_after(
            deploy_words(one),
            before={app.key for app in one.before},
            after={app.key for app in one.after},
            at_s=at_s,
            until_s=at_s,
            now_s=now_s,
        )
        for one in _deploys(version, next(iter(read_versions(before=number, count=1)), None))
    ]
    return JsonResponse({"window_s": WINDOW_S, "apps": apps})


@require_safe
@never_cache
def moment(request: HttpRequest, view: str) -> HttpResponse:
    """
    {"delta": Delta, "from_s", "until_s": what its numbers are of, "step_s", "drawn": a Moment's} for ?at=<unix second>,
    what lies ahead being now; 404 with {"why"} for a time of which nothing is kept.
    """
    return answer_then(request, view, name="at", tell=partial(_told_moment, view))


def told_span(since_s: float, until_s: float, *, back_s: int = 0) -> dict[str, Any]:
    """What time_bar() answers."""
    series, earlier = _series(since_s, until_s, back_s)
    marks, more = told_marks(since_s, until_s)
    return {
        "from_s": series.from_s,
        "until_s": series.until_s,
        "step_s": series.step_s,
        "runs": [point.ended for point in series.points],
        "failed": [point.failed for point in series.points],
        "marks": marks,
        "more": more,
        **earlier,
    }


def told_marks(since_s: float, until_s: float) -> tuple[list[dict[str, Any]], bool]:
    """What happened in [since_s, until_s), as time_bar() tells it, in its order; whether some is left out."""
    versions = read_versions_between(since_s, until_s, count=MOST_MARKS)
    incidents = read_incidents_between(since_s, until_s, count=MOST_MARKS)
    changes, is_more = find_changes(ends_for_page(now_s=time.time()), since_s=since_s, until_s=until_s)
    marks = [_told(mark) for mark in (*_version_marks(versions), *map(incident_mark, incidents))]
    marks += map(change_mark, changes[-MOST_MARKS:])
    is_more |= len(changes) > MOST_MARKS or MOST_MARKS in (len(versions), len(incidents))
    return sorted(marks, key=lambda mark: float(mark["at_s"])), is_more


def _told_moment(view: str, at_s: float, now_s: float) -> dict[str, Any]:
    found = read_moment(view, at_s, now_s=now_s)
    return {name: getattr(found, name) for name in ("delta", "from_s", "until_s", "step_s", "drawn")}


def _series(since_s: float, until_s: float, back_s: int) -> tuple[HistorySeries, dict[str, Any]]:
    """
    With {"earlier": {"back_s", "runs", "failed": in the same steps, null before history begins, "begun_s": when that
    was, 0 for never, "over": how many steps are over}} where something earlier is asked for.
    """
    if not back_s:
        return read_whole_history(since_s=since_s, until_s=until_s), {}
    series, earlier, begun_s = read_whole_beside_earlier(since_s=since_s, until_s=until_s, back_s=back_s)
    starts = range(earlier.from_s, earlier.until_s, earlier.step_s)
    # A step in which history begins is not whole.
    points = [
        point if begun_s is not None and begun_s <= start_s else None
        for start_s, point in zip(starts, earlier.points, strict=True)
    ]
    over = int(time.time() - series.from_s) // series.step_s
    told = {
        "back_s": back_s,
        "runs": [point and point.ended for point in points],
        "failed": [point and point.failed for point in points],
        "begun_s": begun_s or 0,
        "over": max(0, min(len(points), over)),
    }
    return series, {"earlier": told}


def _version_marks(versions: Sequence[TopologyVersion]) -> Iterator[TimeMark]:
    """The newest first, as the versions are."""
    oldest = read_versions(before=versions[-1].number, count=1) if versions else []
    for version, before in zip(versions, [*versions[1:], *oldest, None], strict=False):
        by_hosts = any(cause.kind in BY_HOSTS for cause in version.causes)
        if mark := version_mark(version, _deploys(version, before) if by_hosts else ()):
            yield mark


def _deploys(version: TopologyVersion, before: TopologyVersion | None) -> tuple[Deploy, ...]:
    # What is damaged or was let go says nothing of versions; the page of changes says why.
    with suppress(ValueError, ObjectDoesNotExist):
        if before:
            return find_deploys(read_kept_apps(before.content), read_kept_apps(version.content))
    return ()


def _told(mark: TimeMark) -> dict[str, Any]:
    told = {name: getattr(mark, name) for name in ("kind", "at_s", "until_s", "words", "severity")}
    if mark.kind == INCIDENT:
        root = {name: value for name, value in subject_state(mark.root).items() if name in ("node", "edge")}
        return {**told, "href": reverse("incident", args=[mark.about]), "select": root}
    address = f"{reverse('changes')}?{urlencode({'to': mark.about})}"
    return {**told, "href": address, "numbers": reverse("deploy", args=[mark.about]) if mark.kind == DEPLOY else ""}
