"""The page about changes: every version of the topology, and what is otherwise between any two of them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

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
from visualizer.interfaces.diff_sides import version_label, version_side
from visualizer.interfaces.panel_facts import graph_address
from visualizer.models.errors import NoSuchTopology
from visualizer.models.node_id import STANDARD, VIEWS
from visualizer.models.topology_diff import REMOVED, Change, TopologyDiff
from visualizer.models.topology_version import TopologyVersion
from visualizer.repo.topology_history import find_version, read_next, read_versions

#: Versions of a page, and changes that are shown of a diff.
VERSIONS = 25
MOST_CHANGES = 200
#: Translated where they are written, as those of the graph page are.
_VIEW_WORDS = tuple(zip(VIEWS, ("Streams", "Queues"), strict=True))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: ?from=<number> & to=<number> & view=standard|expanded & before=<number>."""

    before: TopologyVersion | None
    after: TopologyVersion | None
    view: str
    #: Only versions with a smaller number are listed; None: the newest.
    older_than: int | None

    def address(self, **changes: str) -> str:
        """The address with some of it changed."""
        sides = {"from": self.before, "to": self.after}
        values = {name: str(side.number) for name, side in sides.items() if side}
        values |= {"view": self.view if self.view != STANDARD else ""}
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
    if asked.before is None or asked.after is None:
        return JsonResponse({"why": "Such a version is not kept (any more)."}, status=404)
    try:
        diff = _compare(asked, time.time())
    except NoSuchTopology as exc:
        return JsonResponse({"why": str(exc)}, status=404)
    told = {"words": counts_words(diff.changes), "before": diff.before, "after": diff.after}
    return JsonResponse({**change_marks(diff), **told, "href": asked.address(before="")})


def _asked(request: HttpRequest) -> Asked:
    """A side that is not named is the newest version, or the one before the other side."""
    view = request.GET.get("view", STANDARD)
    before, after = (_named(request.GET.get(name, "")) for name in ("from", "to"))
    if after is None and "to" not in request.GET:
        after = next(iter(read_versions(count=1)), None)
    if before is None and "from" not in request.GET and after:
        before = next(iter(read_versions(before=after.number, count=1)), None)
    older = request.GET.get("before", "")
    return Asked(before, after, view if view in VIEWS else STANDARD, _number(older))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _named(text: str) -> TopologyVersion | None:
    number = _number(text)
    return find_version(number=number) if number is not None else None


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
        "is_from": asked.before is not None and asked.before.number == version.number,
        "is_to": asked.after is not None and asked.after.number == version.number,
        "address": asked.address(**{"from": str(before.number), "to": str(version.number)}) if before else "",
    }


def _diff_context(asked: Asked, now_s: float) -> dict[str, Any]:
    if asked.before is None or asked.after is None:
        return {"diff": None}
    try:
        diff = _compare(asked, now_s)
    except NoSuchTopology as exc:
        return {"diff": None, "why": str(exc)}
    return {
        "diff": diff,
        "sides": (version_label(asked.before), version_label(asked.after)),
        "summary": summary(diff.changes),
        "changes": [_shown(change, asked) for change in diff.changes[:MOST_CHANGES]],
        "more": len(diff.changes[MOST_CHANGES:]),
        "behaviour": _behaviour(diff),
        "on_graph": graph_address(view=asked.view, changed=f"{asked.before.number}..{asked.after.number}"),
        "markdown": diff_markdown(diff),
    }


def _compare(asked: Asked, now_s: float) -> TopologyDiff:
    if asked.before is None or asked.after is None:
        raise NoSuchTopology("such a version is not kept (any more)")
    sides = [version_side(version, now_s=now_s) for version in (asked.before, asked.after)]
    return compare(*sides, view=asked.view)


def _shown(change: Change, asked: Asked) -> dict[str, Any]:
    href = ""
    if change.how != REMOVED and change.kind != "app":
        href = graph_address(
            view=asked.view, **({"edge": f"{change.source}>{change.target}"} if change.source else {"node": change.id})
        )
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
