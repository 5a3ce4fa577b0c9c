"""One request followed through apps and streams: for the graph page, by any id it has."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from visualizer.core.operation_path import path_lines
from visualizer.core.path_words import hop_words, path_words, utc_words
from visualizer.core.sampling_words import sampling_words
from visualizer.core.untrusted import visible
from visualizer.interfaces.operation_paths import MAX_ID_CHARS, read_path
from visualizer.interfaces.panel_facts import PanelFacts, graph_address, read_facts
from visualizer.models.node_id import VIEWS
from visualizer.models.operation import MISSING, Hop
from visualizer.repo.operations import newest_requests
from visualizer.repo.text_column import cut

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
    facts = read_facts(view) if view in VIEWS else PanelFacts(view)
    sampling = sampling_words(facts.sampling) if facts.sampling is not None else ""
    path = read_path(request.GET.get("id", ""), facts)
    if path is None:
        newest = [{"id": each, "at": utc_words(at_s)} for each, at_s in newest_requests(count=_OFFERED)]
        why = nothing_kept(request.GET.get("id", ""), sampling)
        return JsonResponse({"why": why, "sampling": sampling, "newest": newest}, status=404)
    return JsonResponse(
        {
            "id": path.request_id,
            "words": path_words(path),
            "sampling": sampling,
            "others": path.others,
            "began_s": path.began_s,
            "took_ms": path.took_ms,
            "hops": [_told(hop, facts, path.began_s) for hop in path.hops],
            "lines": path_lines(path.hops),
        }
    )


def nothing_kept(any_id: str, sampling: str) -> str:
    """Why there is no path, in words; "" where nothing was asked for."""
    asked = cut(any_id.strip(), MAX_ID_CHARS)
    return f"Nothing was kept of {visible(asked)!r} ({sampling or 'sampling not known'})." if asked else ""


def _told(hop: Hop, facts: PanelFacts, began_s: float) -> dict[str, Any]:
    return {
        "id": hop.node,
        **node_labels(hop, facts),
        "after": hop.after,
        "status": hop.status,
        "began_ms": (hop.began_s - began_s) * 1000 if hop.status != MISSING else None,
        "ran_ms": hop.ran_ms,
        "waited_ms": hop.waited_ms,
        "server": f"{hop.host_name} · {hop.pid}" if hop.host_name or hop.pid else "",
        "words": hop_words(hop),
        "href": graph_address(view=facts.view, node=hop.node),
    }


def node_labels(hop: Hop, facts: PanelFacts) -> dict[str, str]:
    """What people call its event, its app and its stream."""
    node = facts.nodes.get(hop.node)
    return {
        "name": node.name if node else hop.node,
        "app": node.app if node else "",
        "stream": facts.nodes[hop.stream].name if hop.stream in facts.nodes else "",
    }
