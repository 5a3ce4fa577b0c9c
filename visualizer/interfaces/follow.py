"""One request followed through apps and streams: for the graph page, by any id it has."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from visualizer.core.operation_path import find_path, path_lines
from visualizer.core.sampling_words import sampling_words
from visualizer.core.untrusted import visible
from visualizer.core.verdict import duration_ms_words
from visualizer.interfaces.panel_facts import PanelFacts, graph_address, read_facts
from visualizer.models.node_id import VIEWS
from visualizer.models.operation import FAILED, MISSING, RUNNING, Hop
from visualizer.repo.operations import MOST, find_requests, newest_requests, read_entries
from visualizer.repo.text_column import cut

#: Longer ones are nobody's.
MAX_ID_CHARS = 128
#: Offered where nothing was asked for.
_OFFERED = 8


@require_safe
@never_cache
def follow(request: HttpRequest, view: str) -> JsonResponse:
    """
    {"id", "words", "sampling", "others": [request id], "began_s", "took_ms", "hops": […], "lines": [[source, target,
    status]]} for ?id=<request id, operation id or message id>; 404 with {"why", "newest": [{"id", "at"}]} for what was
    not kept.

    A hop is {"id", "name", "app", "stream", "after", "status", "began_ms" (since the first), "ran_ms", "waited_ms",
    "server", "words", "href"}.
    """
    asked = cut(request.GET.get("id", "").strip(), MAX_ID_CHARS)
    facts = read_facts(view) if view in VIEWS else PanelFacts(view)
    sampling = sampling_words(facts.sampling) if facts.sampling is not None else ""
    found = find_requests(asked) if asked else []
    if not found:
        why = f"Nothing was kept of {visible(asked)!r} ({sampling or 'sampling not known'})." if asked else ""
        newest = [{"id": each, "at": f"{_clock(at_s)} UTC"} for each, at_s in newest_requests(count=_OFFERED)]
        return JsonResponse({"why": why, "sampling": sampling, "newest": newest}, status=404)
    entries, is_cut = read_entries(found[0])
    hops = find_path(entries, facts.edges, view=view)
    seen = [hop for hop in hops if hop.status != MISSING]
    began_s = min((hop.began_s for hop in seen), default=0.0)
    took_ms = max(((hop.began_s - began_s) * 1000 + (hop.ran_ms or 0.0) for hop in seen), default=0.0)
    return JsonResponse(
        {
            "id": found[0],
            "words": _summary(hops, took_ms, began_s) + (f" Only {MOST:,} lines are looked at." if is_cut else ""),
            "sampling": sampling,
            "others": found[1:_OFFERED],
            "began_s": began_s,
            "took_ms": took_ms,
            "hops": [_told(hop, facts, began_s) for hop in hops],
            "lines": path_lines(hops),
        }
    )


def _told(hop: Hop, facts: PanelFacts, began_s: float) -> dict[str, Any]:
    node = facts.nodes.get(hop.node)
    return {
        "id": hop.node,
        "name": node.name if node else hop.node,
        "app": node.app if node else "",
        "stream": facts.nodes[hop.stream].name if hop.stream in facts.nodes else "",
        "after": hop.after,
        "status": hop.status,
        "began_ms": (hop.began_s - began_s) * 1000 if hop.status != MISSING else None,
        "ran_ms": hop.ran_ms,
        "waited_ms": hop.waited_ms,
        "server": f"{hop.host_name} · {hop.pid}" if hop.host_name or hop.pid else "",
        "words": visible(_words(hop)),
        "href": graph_address(view=facts.view, node=hop.node),
    }


def _words(hop: Hop) -> str:
    if hop.status == MISSING:
        return "not seen: a config says it reads what was written"
    waited = f"waited {duration_ms_words(hop.waited_ms)}, " if hop.waited_ms is not None else ""
    if hop.status == RUNNING:
        return f"{waited}still runs: no end was kept"
    ran = f"ran {duration_ms_words(hop.ran_ms)}"
    return f"{waited}{ran}, failed: {hop.cause or 'no cause told'}" if hop.status == FAILED else f"{waited}{ran}"


def _summary(hops: tuple[Hop, ...], took_ms: float, began_s: float) -> str:
    counts = {status: sum(hop.status == status for hop in hops) for status in (FAILED, RUNNING, MISSING)}
    seen = len(hops) - counts[MISSING]
    parts = [f"{seen} run{'s' if seen != 1 else ''} from {_clock(began_s)} UTC, {duration_ms_words(took_ms)} in all"]
    for status, word in ((FAILED, "failed"), (RUNNING, "still running"), (MISSING, "expected and not seen")):
        if counts[status]:
            parts.append(f"{counts[status]} {word}")
    return ", ".join(parts) + "."


def _clock(at_s: float) -> str:
    return f"{datetime.fromtimestamp(at_s, UTC):%Y-%m-%d %H:%M:%S}"
