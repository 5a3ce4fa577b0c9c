"""The page about changes: every version of the topology, and what is otherwise between any two of them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import redis
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collector.models.errors import StoreUnavailable
from visualizer.core.change_marks import change_marks
from visualizer.core.diff_markdown import diff_markdown
from visualizer.core.diff_words import (
    KIND_WORDS,
    SIGNS,
    counts_words,
    failed_words,
    p95_words,
    rate_words,
    summary,
    worse_words,
)
from visualizer.core.freshness import duration_words
from visualizer.core.topology_causes import cause_words
from visualizer.interfaces.diff_graph import compare
from visualizer.interfaces.diff_sides import EXPECTED_KEPT, read_kept_side
from visualizer.interfaces.panel_facts import MAX_ID_CHARS, graph_address
from visualizer.models.errors import NoSuchTopology
from visualizer.models.node_id import STANDARD, VIEWS
from visualizer.models.topology_diff import APP, REMOVED, Change, TopologyDiff
from visualizer.models.topology_version import TopologyVersion
from visualizer.repo.topology_history import find_version, read_next, read_versions

#: Versions of a page, and changes that are shown of a diff.
VERSIONS = 25
MOST_CHANGES = 200
#: As the graph page calls them.
_VIEW_WORDS = tuple(zip(VIEWS, ("Streams", "Queues"), strict=True))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: ?from=<side> & to=<side> & view=standard|expanded & before=<number>."""

    #: Names of sides (diff_sides.EXPECTED_KEPT), a version by its number; "" for none.
    before: str
    after: str
    view: str
    #: Only versions with a smaller number are listed; None: the newest.
    older_than: int | None

    def address(self, **changes: str) -> str:
        """The address with some of it changed."""
        values = {"from": self.before, "to": self.after, "view": self.view if self.view != STANDARD else ""}
        values |= {"before": str(self.older_than or "")} | changes
        query = urlencode({name: value for name, value in values.items() if value})
        return reverse("changes") + (f"?{query}" if query else "")


@require_safe
@never_cache
def changes(request: HttpRequest) -> HttpResponse:
    """templates/changes.html, or its changing part alone for htmx."""
    asked, now_s = _asked(request), time.time()
    versions = read_versions(before=asked.older_than, count=VERSIONS + 1)
    newer = read_next(versions[0]) if versions else None
    context = {
        "asked": asked,
        "expected": EXPECTED_KEPT,
        "rows": [
            _row(version, asked, now_s, before=before, after=after)
            for version, before, after in zip(
                versions[:VERSIONS], [*versions[1:], None], [newer, *versions], strict=False
            )
        ],
        "views": [(view, word, asked.address(view=view)) for view, word in _VIEW_WORDS],
        "older": asked.address(before=str(versions[VERSIONS - 1].number)) if len(versions) > VERSIONS else "",
        "newest": asked.address(before="") if asked.older_than else "",
        **_diff_context(asked, now_s),
    }
    # The back button asks for the whole page.
    part = "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
    return render(request, "_changes.html" if part else "changes.html", context)


@require_safe
@never_cache
def marks(request: HttpRequest) -> JsonResponse:
    """What the graph page marks for ?from= & to= & view= (visualizer/core/change_marks.py); 404 in words."""
    asked = _asked(request)
    try:
        diff = _compare(asked, time.time())
    except NoSuchTopology as exc:
        return JsonResponse({"why": str(exc)}, status=404)
    told = {"words": counts_words(diff.changes), "before": diff.before, "after": diff.after}
    return JsonResponse({**change_marks(diff), **told, "href": asked.address(before="")})


def _asked(request: HttpRequest) -> Asked:
    """A side that is not named is the newest version, or the one before the version it is compared with."""
    view, older = request.GET.get("view", STANDARD), request.GET.get("before", "")
    before, after = (request.GET.get(name, "")[:MAX_ID_CHARS].strip() for name in ("from", "to"))
    if not after:
        after = next((str(one.number) for one in read_versions(count=1)), "")
    if not before:
        before = next((str(one.number) for one in read_versions(before=_number(after), count=1)), "")
    return Asked(before, after, view if view in VIEWS else STANDARD, _number(older))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _row(
    version: TopologyVersion,
    asked: Asked,
    now_s: float,
    *,
    before: TopologyVersion | None,
    after: TopologyVersion | None,
) -> dict[str, Any]:
    return {
        "version": version,
        "first": datetime.fromtimestamp(version.first_s, UTC),
        "until": datetime.fromtimestamp(after.first_s, UTC) if after else None,
        "lasted": duration_words((after.first_s if after else now_s) - version.first_s),
        "causes": [cause_words(cause) for cause in version.causes],
        "is_from": asked.before == str(version.number),
        "is_to": asked.after == str(version.number),
        "address": asked.address(**{"from": str(before.number), "to": str(version.number)}) if before else "",
    }


def _diff_context(asked: Asked, now_s: float) -> dict[str, Any]:
    if not asked.before or not asked.after:
        return {"diff": None}
    try:
        diff = _compare(asked, now_s)
    except NoSuchTopology as exc:
        return {"diff": None, "why": str(exc)}
    gone = _last_moment(asked.before)
    return {
        "diff": diff,
        "summary": summary(diff.changes),
        "changes": [_shown(change, asked, gone) for change in diff.changes[:MOST_CHANGES]],
        "more": len(diff.changes[MOST_CHANGES:]),
        "behaviour": _behaviour(diff),
        "on_graph": graph_address(view=asked.view, changed=f"{asked.before}..{asked.after}"),
        "markdown": diff_markdown(diff),
    }


def _compare(asked: Asked, now_s: float) -> TopologyDiff:
    """Raises: NoSuchTopology: a side is not there, or cannot be read now."""
    try:
        sides = [read_kept_side(name, now_s=now_s) for name in (asked.before, asked.after)]
    except (redis.RedisError, StoreUnavailable) as exc:
        raise NoSuchTopology("Redis does not answer: what is live, and what hosts said, is not known") from exc
    return compare(*sides, view=asked.view)


def _last_moment(side: str) -> dict[str, str]:
    """When a version was current last, as the address of the graph page has it; nothing of other sides, and of now."""
    version = find_version(number=number) if (number := _number(side)) else None
    after = read_next(version) if version else None
    return {"at_time": str(after.first_s - 1)} if after else {}


def _shown(change: Change, asked: Asked, gone: Mapping[str, str]) -> dict[str, Any]:
    """Args: gone: where on the graph is shown what is gone; empty: nowhere."""
    href, state = "", gone if change.how == REMOVED else {}
    if change.kind != APP and (state or change.how != REMOVED):
        selected = {"edge": f"{change.source}>{change.target}"} if change.source else {"node": change.id}
        href = graph_address(view=asked.view, **selected, **state)
    return {"change": change, "sign": SIGNS[change.how], "kind": KIND_WORDS.get(change.kind, change.kind), "href": href}


def _behaviour(diff: TopologyDiff) -> Sequence[dict[str, Any]]:
    return [
        {
            "row": row,
            "worse": worse_words(row),
            "pairs": [
                (title, words(row.before), words(row.after))
                for title, words in (("Rate", rate_words), ("Failed", failed_words), ("p95", p95_words))
            ],
        }
        for row in diff.behaviour
    ]
